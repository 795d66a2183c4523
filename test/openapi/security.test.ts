import { describe, expect, it } from 'vitest'
import type { SecurityScheme } from '../../src/openapi/security.ts'
import { cookieOf, credentialHeaders, credentialOf, securitySchemesOf } from '../../src/openapi/security.ts'

const securitySchemes = {
  bearer: { type: 'http', scheme: 'Bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  oauth: { type: 'oauth2', flows: {} },
}
const schemes = securitySchemesOf({ components: { securitySchemes } })

function schemeOf(name: string): SecurityScheme {
  const scheme = schemes.get(name)
  if (scheme === undefined) throw new Error(`there is a scheme ${name}`)
  return scheme
}

function carriedBy(name: string, headers: Readonly<Record<string, string>>, query = ''): string | null {
  const found = new Headers(headers)
  const texts = new URLSearchParams(query)
  return credentialOf({ header: (key) => found.get(key), query: (key) => texts.get(key) }, schemeOf(name))
}

describe('security schemes', () => {
  it.each(['bearer', 'basic', 'header', 'cookie', 'oauth'])('%s: what is put on is found again', (name) => {
    expect(carriedBy(name, credentialHeaders(schemeOf(name), 's3cret') ?? {})).toBe('s3cret')
  })

  it('travels in the query without headers', () => {
    expect(credentialHeaders(schemeOf('query'), 's3cret')).toBeNull()
    expect(carriedBy('query', {}, 'key=s3cret')).toBe('s3cret')
  })

  it('does not take the credential of another scheme', () => {
    expect(carriedBy('bearer', { authorization: 'Basic abc' })).toBeNull()
    expect(carriedBy('bearer', { authorization: 'abc' })).toBeNull()
    expect(carriedBy('bearer', { authorization: 'bEaReR abc' })).toBe('abc')
    expect(carriedBy('header', {})).toBeNull()
  })

  it('reads cookies by their whole names', () => {
    expect(cookieOf('asid=1; sid=a=b', 'sid')).toBe('a=b')
    expect(cookieOf('', 'sid')).toBeNull()
  })
})
