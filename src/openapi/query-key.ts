/**
 * Credentials that travel in the query of a URL: which parameters carry them, and a query without them, for
 * whatever is written down. Credentials themselves are read in `security.ts`.
 *
 * @module
 */
import type { Document } from './document.ts'
import { decodeSegment } from './parameter.ts'

/** The query parameters of some documents that carry credentials. */
export function queryKeysOf(documents: readonly Pick<Document, 'schemes'>[]): ReadonlySet<string> {
  const schemes = documents.flatMap((document) => [...document.schemes.values()])
  return new Set(schemes.filter((scheme) => scheme.in === 'query').map(({ key }) => key))
}

/** A query in which the values of these parameters are not shown. */
export function maskQuery(query: string, keys: ReadonlySet<string>): string {
  if (keys.size === 0) return query
  return query.replace(/(^|&)([^=&]*)=[^&]*/g, (pair, mark: string, name: string) =>
    keys.has(decodeSegment(name.replaceAll('+', ' '))) ? `${mark}${name}=***` : pair,
  )
}
