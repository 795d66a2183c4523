/**
 * Media types: how one is written, which documented one an answer or a request has, and what kind of content
 * it names.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
 * @module
 */

/** A media type, taken apart. */
export interface ParsedMediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** Names in lower case, quotes taken off. */
  readonly parameters: ReadonlyMap<string, string>
  /** What is wrong with how it is written; null where nothing is. */
  readonly fault: string | null
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const QUOTED = /"((?:[^"\\]|\\.)*)"/y
const SEPARATOR = /[ \t]*;[ \t]*/y

/** Takes a media type apart, as far as it can be read. */
export function parseMediaType(text: string): ParsedMediaType {
  const essence = essenceOf(text)
  const parameters = new Map<string, string>()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/.test(essence)) {
    return { essence, parameters, fault: 'is no media type' }
  }
  const semicolon = text.indexOf(';')
  let offset = semicolon < 0 ? text.length : semicolon

  function take(pattern: RegExp): string | null {
    pattern.lastIndex = offset
    const found = pattern.exec(text)
    if (found === null) return null
    offset += found[0].length
    return found[1] ?? found[0]
  }

  const end = text.trimEnd().length
  while (offset < end) {
    if (take(SEPARATOR) === null) return { essence, parameters, fault: 'has a broken parameter' }
    const name = take(TOKEN)
    if (name === null) continue
    if (text.charAt(offset) !== '=')
      return { essence, parameters, fault: `has the parameter ${name} without a value` }
    offset += 1
    const value = text.charAt(offset) === '"' ? take(QUOTED)?.replace(/\\(.)/gs, '$1') : take(TOKEN)
    if (value == null) return { essence, parameters, fault: `has no readable value of the parameter ${name}` }
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value)
  }
  return { essence, parameters, fault: null }
}

/** `type/subtype` in lower case, parameters dropped. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** Is it JSON, plain or by suffix? */
export function isJsonType(mediaType: string): boolean {
  const essence = essenceOf(mediaType)
  return essence === 'application/json' || essence.endsWith('+json') || essence.endsWith('/json')
}

/** What a content is: one JSON text, a sequence of items, plain text, or something that is not read. */
export type MediaKind = 'json' | 'json-lines' | 'json-seq' | 'event-stream' | 'text' | 'other'

const JSON_LINES = /^(?:application|text)\/(?:x-)?(?:nd-?json|json-?l(?:ines)?)$/

/** The kind of content that a media type names. */
export function mediaKindOf(mediaType: string): MediaKind {
  const essence = essenceOf(mediaType)
  if (isJsonType(essence)) return 'json'
  if (JSON_LINES.test(essence)) return 'json-lines'
  if (essence === 'application/json-seq' || essence.endsWith('+json-seq')) return 'json-seq'
  if (essence === 'text/event-stream') return 'event-stream'
  return essence.startsWith('text/') && !/[/+]xml$/.test(essence) ? 'text' : 'other'
}

/**
 * The most specific documented entry that covers a media type: exact, then by suffix, then `type/*`, then any
 * type. Parameters count where the entry names them; of several, the one that names most.
 */
export function matchMediaType<Entry extends { readonly type: string }>(
  entries: readonly Entry[],
  mediaType: string,
): Entry | undefined {
  const given = parseMediaType(mediaType)
  const [family = '', subtype = ''] = given.essence.split('/')
  const suffix = /\+[^+]+$/.exec(subtype)?.[0] ?? null
  const ranges = [given.essence, ...(suffix === null ? [] : [`${family}/*${suffix}`]), `${family}/*`, '*/*']
  for (const range of ranges) {
    const fits = entries
      .map((entry) => ({ entry, wanted: parseMediaType(entry.type) }))
      .filter(({ wanted }) => wanted.essence === range && hasParameters(given, wanted))
      .sort((a, b) => b.wanted.parameters.size - a.wanted.parameters.size)
    if (fits[0] !== undefined) return fits[0].entry
  }
  return undefined
}

/** UTF-8 is what a text is written in where nothing is said; the letter case of a charset does not count. */
function hasParameters(given: ParsedMediaType, wanted: ParsedMediaType): boolean {
  return [...wanted.parameters].every(([name, value]) => {
    const own = given.parameters.get(name)
    if (name !== 'charset') return own === value
    return (own ?? 'utf-8').toLowerCase() === value.toLowerCase()
  })
}
