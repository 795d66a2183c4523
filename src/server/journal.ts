/**
 * The journal: what a sandbox was asked lately and what came of it, for people. It is no part of the
 * sandbox's past and changes no answer. Entries are kept as they come, and put into words when they are read.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { ApiError } from '../model/refusal.ts'
import type { Strike } from '../world/fault-plan.ts'
import type { Call } from './call.ts'
import type { Preference, Wish } from './preference.ts'
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
  /** The job that the answer was about; null where there is none or there are many. */
  readonly about: JobView | null
  /** Which of the wishes for a job were fulfilled. */
  readonly honoured: readonly Wish[]
  /** It came before with the same idempotency key. */
  readonly again: boolean
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

/** The journal of a sandbox: `first` is the number of its first entry. */
interface Page {
  readonly entries: { readonly entry: Omit<JournalEntry, 'id'>; readonly given: string | null }[]
  first: number
}

/** Makes a journal in memory. */
export function createJournal(): Journal {
  const pages = new Map<string, Page>()

  function pageOf(sandbox: string): Page {
    const known = pages.get(sandbox)
    if (known !== undefined) return known
    const [oldest] = pages.keys()
    if (pages.size >= SANDBOX_LIMIT && oldest !== undefined) pages.delete(oldest)
    const page: Page = { entries: [], first: 1 }
    pages.set(sandbox, page)
    return page
  }

  return {
    add(entry, given) {
      const page = pageOf(entry.call.sandbox)
      // Cut now and then, not at each: shifting a thousand entries costs more than the request.
      if (page.entries.length >= 2 * ENTRY_LIMIT) page.first += page.entries.splice(0, ENTRY_LIMIT).length
      page.entries.push({ entry, given })
    },
    of(sandbox) {
      const { entries, first } = pages.get(sandbox) ?? { entries: [], first: 1 }
      const all = entries.map(({ entry, given }, at) => ({ ...entry, id: given ?? String(first + at) }))
      return all.slice(-ENTRY_LIMIT)
    },
    clear(sandbox) {
      const page = pages.get(sandbox)
      if (page !== undefined) page.first += page.entries.splice(0).length
    },
  }
}
