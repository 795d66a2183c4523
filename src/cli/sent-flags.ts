/**
 * The flags that say what every request carries. Their values may be secrets: no message repeats one.
 *
 * @module
 */
import { SHORTEST_FOUND } from '../contract/secret/mask.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Flag, Flags } from './command.ts'

/** The flags of what is sent with every request. */
export const SENT_FLAGS: Readonly<Record<'header' | 'query' | 'other-header', Flag>> = {
  header: { type: 'string', value: "'name: value'", multiple: true, help: 'sent with every request' },
  query: {
    type: 'string',
    value: 'name=value',
    multiple: true,
    help: 'sent in the query of every request, such as a key',
  },
  'other-header': {
    type: 'string',
    value: "'name: value'",
    multiple: true,
    help: 'credentials of another tenant, who must not be shown the jobs',
  },
}

/** A name, that of a header in lower case, and a text. */
export type Sent = readonly [string, string]

/** Headers that belong to the connection, which a client makes itself. */
const OF_CONNECTION = /^(?:connection|content-length|expect|keep-alive|trailer|transfer-encoding|upgrade)$/

/**
 * The headers that a flag gives.
 *
 * @throws {@link UsageError} for what no request can carry.
 */
export function headersOf(flags: Flags, flag: 'header' | 'other-header'): readonly Sent[] {
  return flags.texts(flag).map((text) => {
    const colon = text.indexOf(':')
    if (colon < 1) throw new UsageError(`--${flag} must be 'name: value': there is no name before a colon`)
    const name = text.slice(0, colon).trim().toLowerCase()
    const value = text.slice(colon + 1).trim()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
      throw new UsageError(
        `--${flag} must be 'name: value': what stands before the colon is no header's name`,
      )
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new UsageError(
        `--${flag} ${name}: its value holds a line end, or another sign no header can hold`,
      )
    }
    if (OF_CONNECTION.test(name)) {
      throw new UsageError(`--${flag} ${name}: this header belongs to the connection and cannot be given`)
    }
    return [name, value]
  })
}

/**
 * What the flags put into every query.
 *
 * @throws {@link UsageError} for what has no name.
 */
export function queryOf(flags: Flags): readonly Sent[] {
  return flags.texts('query').map((text) => {
    const equals = text.indexOf('=')
    if (equals < 1) throw new UsageError('--query must be name=value: there is no name before an equals sign')
    return [text.slice(0, equals), text.slice(equals + 1)]
  })
}

/** What must not be shown of what was given; a short word in a query is no secret by itself. */
export function secretsOf(flags: Flags): readonly string[] {
  const headers = [...headersOf(flags, 'header'), ...headersOf(flags, 'other-header')]
  const query = queryOf(flags).filter(([, text]) => text.length >= SHORTEST_FOUND)
  return [...headers, ...query].map(([, text]) => text)
}
