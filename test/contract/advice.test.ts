import { describe, expect, it } from 'vitest'
import { checkExchanges } from '../../src/contract/recorded.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createLocator } from '../../src/openapi/locate.ts'

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  paths: {
    '/size': {
      get: {
        operationId: 'readSize',
        responses: {
          200: {
            description: 'a size',
            content: { 'application/json': { schema: { type: 'integer', minimun: 3 } } },
          },
        },
      },
    },
  },
} as unknown as JsonObject

const DOCUMENT_GET = { operationId: 'readSize', responses: { 200: { description: 'a size' } } }

describe('a verdict', () => {
  it('tells of a misspelt keyword with its place, and breaks nothing by it', async () => {
    const text = JSON.stringify(DOCUMENT, null, 2)
    const document = createDocument('shop', 'shop.json', DOCUMENT)
    const subject = { document, contract: null, locate: createLocator(text), file: 'shop.json' }
    const { advice, findings } = await checkExchanges(subject, [])
    expect(findings).toEqual([])
    expect(advice).toEqual([
      {
        place: expect.objectContaining({
          file: 'shop.json',
          line: text.split('\n').findIndex((line) => line.includes('minimun')) + 1,
        }),
        message: expect.stringMatching(/`minimun`.*`minimum`/),
      },
    ])
  })

  it('tells of a query that is described as a whole, which is not read', async () => {
    const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
    const parameters = [{ name: 'q', in: 'querystring', content }]
    const paths = { '/size': { get: { ...DOCUMENT_GET, parameters } } }
    const json = { ...DOCUMENT, openapi: '3.2.0', paths } as unknown as JsonObject
    const subject = {
      document: createDocument('shop', 'shop.json', json),
      contract: null,
      locate: createLocator(JSON.stringify(json, null, 2)),
      file: 'shop.json',
    }
    const { advice } = await checkExchanges(subject, [])
    expect(advice.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('`querystring` is not read'),
    )
  })
})
