/**
 * A cache bounded in bytes: what was not used for longest goes first. It only saves work; leaving it out
 * changes no answer.
 *
 * @module
 */

/** A bounded cache. */
export interface ByteCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value, bytes: number): void
}

/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 256

/** How many keys are remembered that were asked for once. */
const ONCE_LIMIT = 8_192

/** Makes a cache of at most so many bytes. */
export function createByteCache<Value>(limitBytes: number): ByteCache<Value> {
  const entries = new Map<string, { value: Value; bytes: number }>()
  let total = 0
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key, value, bytes) {
      const cost = bytes + key.length * 2 + ENTRY_BYTES
      const old = entries.get(key)
      if (old !== undefined) {
        total -= old.bytes
        entries.delete(key)
      }
      if (cost > limitBytes) return
      entries.set(key, { value, bytes: cost })
      total += cost
      for (const [oldest, entry] of entries) {
        if (total <= limitBytes) break
        entries.delete(oldest)
        total -= entry.bytes
      }
    },
  }
}

/**
 * A cache that keeps what is asked for a second time: what is asked for once is not worth its memory, and
 * keeping it would drive out what is.
 */
export function createSecondAskCache<Value>(limitBytes: number): ByteCache<Value> {
  const kept = createByteCache<Value>(limitBytes)
  const once = new Set<string>()
  return {
    get: kept.get,
    set(key, value, bytes) {
      if (once.delete(key)) {
        kept.set(key, value, bytes)
        return
      }
      if (once.size >= ONCE_LIMIT) once.clear()
      once.add(key)
    },
  }
}
