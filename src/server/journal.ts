/**
 * The journal: what a sandbox was asked lately and what came of it, for people. It is no part of the
 * sandbox's past and changes no answer. Entries are kept as they come, and put into words when they are read.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { ApiError } from '../model/refusal.ts'
import type { Strike } from '../world/fault-plan.ts'
import { DEFAULT_SANDBOX } from '../world/sandboxes.ts'
import type { Call } from './call.ts'
import type { Preference, Wish } from './preference.ts'
import type { Match } from './route.ts'

/** One request and what came of it. */
export interface JournalEntry {
  /** `Standin-Request-Id` of the request, else its number in this journal. */
  readonly id: string
  /** The instant of the sandbox's clock; null where the request never came so far. */
  readonly atMs: number | null
  readonly call: Pick<Call, 'method' | 'path' | 'query' | 'sandbox' | 'prefix'>
  /** Null where no operation has the path. */
  readonly match: Match | null
  readonly preference: Preference
  /** What it preferred as it wrote it; null where nothing. */
  readonly prefer: string | null
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

/** How long an id may be that a request brings along. */
const ID_LIMIT = 200

/** How many entries a sandbox keeps, how many sandboxes have a journal, and how many entries these have. */
export const ENTRY_LIMIT = 1_000
const SANDBOX_LIMIT = 256
const TOTAL_LIMIT = 100_000
/** A journal is cut now and then, not at each: shifting a thousand entries costs more than the request. */
const SLACK = 100

/** The journal of a sandbox: `first` is the number of its first entry. */
interface Page {
  readonly entries: { readonly entry: Omit<JournalEntry, 'id'>; readonly given: string | null }[]
  first: number
}

/** Makes a journal in memory. */
export function createJournal(): Journal {
  const pages = new Map<string, Page>()
  let total = 0

  function pageOf(sandbox: string): Page {
    const known = pages.get(sandbox)
    if (known !== undefined) return known
    const page: Page = { entries: [], first: 1 }
    pages.set(sandbox, page)
    return page
  }

  function cut(page: Page, count: number): void {
    page.first += page.entries.splice(0, count).length
    total -= count
  }

  /** The sandbox that was first asked goes first; that of requests that name none stays. */
  function makeRoom(present: string): void {
    for (const [sandbox, page] of pages) {
      if (pages.size <= SANDBOX_LIMIT && total <= TOTAL_LIMIT) return
      if (sandbox === present || sandbox === DEFAULT_SANDBOX) continue
      cut(page, page.entries.length)
      pages.delete(sandbox)
    }
  }

  return {
    add(entry, given) {
      const { sandbox } = entry.call
      const page = pageOf(sandbox)
      if (page.entries.length >= ENTRY_LIMIT + SLACK) cut(page, SLACK)
      page.entries.push({ entry, given: given === null || given === '' ? null : given.slice(0, ID_LIMIT) })
      total += 1
      if (pages.size > SANDBOX_LIMIT || total > TOTAL_LIMIT) makeRoom(sandbox)
    },
    of(sandbox) {
      const { entries, first } = pages.get(sandbox) ?? { entries: [], first: 1 }
      const all = entries.map(({ entry, given }, at) => ({ ...entry, id: given ?? String(first + at) }))
      return all.slice(-ENTRY_LIMIT)
    },
    clear(sandbox) {
      const page = pages.get(sandbox)
      if (page !== undefined) cut(page, page.entries.length)
    },
  }
}
