import { describe, expect, it } from 'vitest'
import { curlOf } from '../../../src/contract/report/curl.ts'

function commandFor(method: string, body: string | null = null): string {
  const request = { method, url: 'http://a.test/x', headers: {}, body }
  return curlOf({
    operationId: null,
    request,
    response: { status: 200, headers: {}, body: '' },
    purpose: '',
  })
}

describe('a command for curl', () => {
  it('asks for HEAD by its own flag, for curl waits for a body after any other', () => {
    expect(commandFor('HEAD')).toBe("curl -sS --head 'http://a.test/x'")
  })

  it('names every method but GET', () => {
    expect(commandFor('GET')).toBe("curl -sS 'http://a.test/x'")
    expect(commandFor('PUT', "it's")).toBe("curl -sS -X PUT 'http://a.test/x' --data-raw 'it'\\''s'")
  })

  it('names GET where it carries a body, with which curl would make it a POST', () => {
    expect(commandFor('GET', '{}')).toBe("curl -sS -X GET 'http://a.test/x' --data-raw '{}'")
  })
})
