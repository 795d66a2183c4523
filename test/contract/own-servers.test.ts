/**
 * Servers of a path or an operation: recorded exchanges are of the operation that has them.
 */
import { describe, expect, it } from 'vitest'
import { createMatch } from '../../src/contract/matching.ts'
import { basesOf } from '../../src/contract/recorded.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createLocator } from '../../src/openapi/locate.ts'

const OBJECT = {
  200: { description: 'an object', content: { 'application/json': { schema: { type: 'object' } } } },
}

describe('recorded exchanges of operations that have servers of their own', () => {
  const document = createDocument('shop', 'shop.json', {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: 'https://shop.test/v1' }],
    paths: {
      '/a': { servers: [{ url: 'https://shop.test/v2' }], get: { operationId: 'a', responses: OBJECT } },
      '/c': { get: { operationId: 'c', responses: OBJECT } },
    },
  })
  const subject = { document, contract: null, locate: createLocator('{}'), file: 'shop.json' }

  it.each([
    ['/v2/a', 'a'],
    ['/shop/v2/a', 'a'],
    ['/v1/a', undefined],
    ['/v1/c', 'c'],
    ['/v2/c', undefined],
  ])('at %s are of %s', (path, id) => {
    const match = createMatch(subject, basesOf(subject, ['/shop']))
    expect(match({ method: 'GET', url: `https://shop.test${path}` })?.id).toBe(id)
  })

  it('are of them too behind a base that was named', () => {
    const match = createMatch(subject, ['https://shop.test/v1'])
    expect(match({ method: 'GET', url: 'https://shop.test/v2/a' })?.id).toBe('a')
    expect(match({ method: 'GET', url: 'https://other.test/v2/a' })).toBeNull()
  })
})
