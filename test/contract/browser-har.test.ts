/**
 * What browsers write into recordings that no server said: it is left out, and named.
 */
import { describe, expect, it } from 'vitest'
import { readHar } from '../../src/contract/har.ts'
import type { Json } from '../../src/model/json.ts'

const request = { method: 'GET', url: 'https://a.test/b' }
const entries = (...list: readonly Json[]): string => JSON.stringify({ log: { entries: [...list] } })

describe('the recording of a browser', () => {
  it.each<[string, Json, string]>([
    [
      'a request that was cancelled while it was answered',
      { request, response: { status: 200, content: { size: 0 }, _error: 'net::ERR_ABORTED' } },
      'the browser broke it off',
    ],
    [
      'a redirection that no server told of',
      { request, response: { status: 307, statusText: 'Internal Redirect', content: { size: 0 } } },
      'the browser redirected it by itself',
    ],
    [
      'the same, told by a header',
      {
        request,
        response: { status: 307, headers: [{ name: 'Non-Authoritative-Reason', value: 'HSTS' }] },
      },
      'the browser redirected it by itself',
    ],
    [
      'a copy that was held already',
      { request, response: { status: 304, content: { size: 2, text: '{}' } } },
      'the browser had it already, and did not record its condition',
    ],
  ])('leaves out %s', (_, entry, reason) => {
    expect(readHar(entries(entry))).toEqual({ exchanges: [], left: [{ entry: 0, reason }] })
  })

  it('keeps the error that a server answered', () => {
    const _error = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE'
    const response = { status: 500, content: { size: 0 }, _error }
    expect(readHar(entries({ request, response })).exchanges).toHaveLength(1)
    const unbroken = { status: 200, content: { size: 2, text: '{}' }, _error: null }
    expect(readHar(entries({ request, response: unbroken })).exchanges).toHaveLength(1)
  })
})
