/**
 * Credentials that travel in the query of a URL: which parameters carry them, and a query without them, for
 * whatever is written down. Credentials themselves are read in `security.ts`.
 *
 * @module
 */
import type { Document } from './document.ts'
import { decodeSegment } from './parameter.ts'

/** Names under which credentials are sent where nobody asked for them. */
const USUAL: ReadonlySet<string> = new Set([
  ...['access_token', 'api-key', 'api_key', 'apikey', 'auth_token', 'authorization', 'client_secret', 'key'],
  ...['password', 'secret', 'token', 'x-api-key', 'x-amz-signature'],
])

/** The query parameters of some documents that carry credentials. */
export function queryKeysOf(documents: readonly Pick<Document, 'schemes'>[]): ReadonlySet<string> {
  const schemes = documents.flatMap((document) => [...document.schemes.values()])
  return new Set(schemes.filter((scheme) => scheme.in === 'query').map(({ key }) => key))
}

/** A query in which the values of these parameters are not shown, nor those that usually are credentials. */
export function maskQuery(query: string, keys: ReadonlySet<string>): string {
  return query.replace(/(^|&)([^=&]*)=[^&]*/g, (pair, mark: string, written: string) => {
    const name = decodeSegment(written.replaceAll('+', ' '))
    return keys.has(name) || USUAL.has(name.toLowerCase()) ? `${mark}${written}=***` : pair
  })
}
