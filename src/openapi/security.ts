/**
 * Security schemes, and the credentials a request carries for them. Whether a credential is accepted is
 * for others to say.
 *
 * @module
 */
import type { JsonObject } from '../model/json.ts'
import { objectAt, textAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { resolve } from './reference.ts'

/** How a scheme's credential travels. */
export interface SecurityScheme {
  readonly name: string
  /** `bearer`, `basic` or another HTTP scheme; empty where the credential stands alone. */
  readonly scheme: string
  readonly in: 'header' | 'query' | 'cookie' | 'connection'
  /** The header, query or cookie name that carries it; empty for certificates, which no request shows. */
  readonly key: string
}

/** The documented schemes by name; OAuth 2 and OpenID Connect tokens travel as bearer tokens. */
export function securitySchemesOf(document: JsonObject): ReadonlyMap<string, SecurityScheme> {
  const names = Object.keys(objectAt(objectAt(document, 'components'), 'securitySchemes'))
  return new Map(
    names.map((name) => {
      const { value } = resolve(document, pointerTo('/components/securitySchemes', name))
      if (textAt(value, 'type') === 'apiKey') {
        const place = textAt(value, 'in') as SecurityScheme['in']
        return [name, { name, scheme: '', in: place, key: textAt(value, 'name') }]
      }
      if (textAt(value, 'type') === 'mutualTLS') {
        return [name, { name, scheme: '', in: 'connection', key: '' }]
      }
      const scheme = textAt(value, 'scheme', 'bearer').toLowerCase()
      return [name, { name, scheme, in: 'header', key: 'authorization' }]
    }),
  )
}

/** Where the texts of a request can be looked up. */
export interface CredentialSource {
  header(name: string): string | null
  query(name: string): string | null
}

/**
 * The credential a request carries for a scheme; null when it carries none or one of another scheme. Whoever
 * took the connection has looked at its certificate.
 */
export function credentialOf(source: CredentialSource, scheme: SecurityScheme): string | null {
  if (scheme.in === 'connection') return 'certificate'
  if (scheme.in === 'query') return source.query(scheme.key)
  if (scheme.in === 'cookie') return cookieOf(source.header('cookie') ?? '', scheme.key)
  const value = source.header(scheme.key)
  if (value === null || scheme.scheme === '') return value
  const space = value.indexOf(' ')
  if (space < 0 || value.slice(0, space).toLowerCase() !== scheme.scheme) return null
  return value.slice(space + 1).trim()
}

/** The headers that carry a credential; null where the scheme travels in the query. */
export function credentialHeaders(scheme: SecurityScheme, credential: string): Record<string, string> | null {
  if (scheme.in === 'connection') return {}
  if (scheme.in === 'query') return null
  if (scheme.in === 'cookie') return { cookie: `${scheme.key}=${credential}` }
  if (scheme.scheme === '') return { [scheme.key]: credential }
  const name = scheme.scheme.charAt(0).toUpperCase() + scheme.scheme.slice(1)
  return { Authorization: `${name} ${credential}` }
}

/** The value of one cookie in a Cookie header, or null. */
export function cookieOf(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key = '', ...rest] = pair.split('=')
    if (key.trim() === name) return rest.join('=').trim()
  }
  return null
}
