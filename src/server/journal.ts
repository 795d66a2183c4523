/**
 * The journal: what a sandbox was asked lately and what came of it, for people. It is no part of the
 * sandbox's past and changes no answer. Entries are kept as they come, and put into words when they are read.
 *
 * @module
 */
import type { ApiError } from '../model/refusal.ts'
import type { Strike } from '../world/fault-plan.ts'
import type { Call } from './call.ts'
import type { Outcome } from './outcome.ts'
import type { Preference } from './preference.ts'
import type { Match } from './route.ts'

/** One request and what came of it. */
export interface JournalEntry {
  /** `Standin-Request-Id` of the request, else its number in this journal. */
  readonly id: string
  /** The instant of the sandbox's clock. */
  readonly atMs: number
  readonly call: Pick<Call, 'method' | 'path' | 'query' | 'sandbox' | 'prefix'>
  /** Null where no operation has the path. */
  readonly match: Match | null
  readonly preference: Preference
  readonly status: number
  /** What the request was refused for, where it was. */
  readonly refusal: ApiError | null
  readonly strike: Strike | null
  readonly outcome: Outcome | null
}

/** A journal of every sandbox. */
export interface Journal {
  /** Writes an entry; its id is `given`, or the next number. */
  add(entry: Omit<JournalEntry, 'id'>, given: string | null): void
  /** The entries of a sandbox, the oldest first. */
  of(sandbox: string): readonly JournalEntry[]
  clear(sandbox: string): void
}

/** How many entries a sandbox keeps, and how many sandboxes have a journal. */
const ENTRY_LIMIT = 1_000
const SANDBOX_LIMIT = 256

/** Makes a journal in memory. */
export function createJournal(): Journal {
  const pages = new Map<string, { readonly entries: JournalEntry[]; next: number }>()

  function pageOf(sandbox: string): { readonly entries: JournalEntry[]; next: number } {
    const known = pages.get(sandbox)
    if (known !== undefined) return known
    const [oldest] = pages.keys()
    if (pages.size >= SANDBOX_LIMIT && oldest !== undefined) pages.delete(oldest)
    const page = { entries: [], next: 1 }
    pages.set(sandbox, page)
    return page
  }

  return {
    add(entry, given) {
      const page = pageOf(entry.call.sandbox)
      const { entries } = page
      // Cut now and then, not at each: shifting a thousand entries costs more than the request.
      if (entries.length >= 2 * ENTRY_LIMIT) entries.splice(0, ENTRY_LIMIT)
      entries.push({ ...entry, id: given ?? String(page.next) })
      page.next += 1
    },
    of: (sandbox) => pages.get(sandbox)?.entries.slice(-ENTRY_LIMIT) ?? [],
    clear(sandbox) {
      pages.get(sandbox)?.entries.splice(0)
    },
  }
}
