import { describe, expect, it } from 'vitest'
import { createDocument } from '../../src/openapi/document.ts'
import { maskQuery, queryKeysOf } from '../../src/openapi/query-key.ts'

const KEYS = new Set(['api_key', 'a key'])

describe('credentials in a query', () => {
  it('are known by their documents', () => {
    const securitySchemes = {
      inQuery: { type: 'apiKey', in: 'query', name: 'api_key' },
      inHeader: { type: 'apiKey', in: 'header', name: 'x-key' },
      bearer: { type: 'http', scheme: 'bearer' },
    }
    const json = { openapi: '3.1.0', info: {}, paths: {}, components: { securitySchemes } }
    expect([...queryKeysOf([createDocument('a', 'a.yaml', json)])]).toEqual(['api_key'])
  })

  it.each([
    ['api_key=secret', 'api_key=***'],
    ['a=1&api_key=secret&b=2', 'a=1&api_key=***&b=2'],
    ['api_key=a&api_key=b', 'api_key=***&api_key=***'],
    ['api%5Fkey=secret', 'api%5Fkey=***'],
    ['a+key=secret', 'a+key=***'],
    ['a%20key=secret', 'a%20key=***'],
    ['api_key=se?cr=et', 'api_key=***'],
    ['a=b?api_key=shown', 'a=b?api_key=shown'],
    ['api_key', 'api_key'],
    ['xapi_key=shown', 'xapi_key=shown'],
    ['%E0%A4%A=x&api_key=secret', '%E0%A4%A=x&api_key=***'],
    ['Access_Token=secret&X-Amz-Signature=s', 'Access_Token=***&X-Amz-Signature=***'],
    ['page_token=shown', 'page_token=shown'],
    ['', ''],
  ])('are not shown: %s', (query, masked) => {
    expect(maskQuery(query, KEYS)).toBe(masked)
  })
})
