/**
 * Media types: which documented one an answer or a request has, and which are JSON.
 *
 * @module
 */

/** `type/subtype` in lower case, parameters dropped. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase()
}

/** Is it JSON, plain or by suffix? */
export function isJsonType(mediaType: string): boolean {
  const essence = essenceOf(mediaType)
  return essence === 'application/json' || essence.endsWith('+json') || essence.endsWith('/json')
}

/** The most specific documented entry that covers a media type: exact, then `type/*`, then any type. */
export function matchMediaType<Entry extends { readonly type: string }>(
  entries: readonly Entry[],
  mediaType: string,
): Entry | undefined {
  const essence = essenceOf(mediaType)
  const family = `${essence.split('/')[0]}/*`
  for (const wanted of [essence, family, '*/*']) {
    const found = entries.find((entry) => essenceOf(entry.type) === wanted)
    if (found !== undefined) return found
  }
  return undefined
}
