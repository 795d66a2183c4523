/**
 * Traffic judged as it passes: each exchange by itself, then with what passed before it. Nothing is sent;
 * recordings are judged by the same code.
 *
 * @module
 */
import { createSightings } from './coverage/sightings.ts'
import type { Thresholds } from './coverage/summary.ts'
import type { Book, Evidence } from './evidence.ts'
import { createBook } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import type { CheckName, Finding } from './finding.ts'
import { createFoundLists } from './found-list.ts'
import type { FoundPages } from './found-pages.ts'
import { askerOf } from './found-pages.ts'
import { createFoundRows } from './found-walk.ts'
import { nothingFor } from './invariant/paging.ts'
import type { Chronicle } from './job/chronicle.ts'
import { createChronicle } from './job/chronicle.ts'
import { createMatch } from './matching.ts'
import { isOwed } from './owed.ts'
import { credentialNames } from './plan/aim.ts'
import type { Secrets } from './secret/mask.ts'
import { secretsIn } from './secret/mask.ts'
import type { SelectionOptions } from './select.ts'
import { createSelection } from './select.ts'
import { judgeSingle, reasonToPass } from './single.ts'
import type { Judge, Subject } from './subject.ts'
import { createJudge, verifySchemas } from './subject.ts'
import type { Verdict } from './verdict.ts'
import { createVerdict } from './verdict.ts'
import type { View } from './view.ts'

/** What came of one exchange. */
export interface Judged {
  /** The operation it belongs to; null where none matches. */
  readonly operationId: string | null
  readonly findings: readonly Finding[]
  /** Why it was not judged although it belongs to an operation; null where it was. */
  readonly passed: string | null
}

/** Traffic under judgement. */
export interface Traffic {
  /** Judges what just came by. */
  judge(exchange: Exchange): Promise<Judged>
  /** What must never be shown of it. */
  secrets(): Secrets
  /** The verdict so far. */
  verdict(label: string, seed: number, asked?: Asked): Verdict
}

/** What a verdict on traffic is asked for. */
export interface Asked {
  readonly selection?: SelectionOptions | undefined
  readonly thresholds?: Thresholds | undefined
}

/** How traffic is judged. */
export interface TrafficOptions {
  /** What may stand before the document's paths, or URLs that requests must begin with; else its servers. */
  readonly bases: readonly string[]
  /** Walks are judged at each page, as long as more may come, or once at the end. */
  readonly walks: 'at each page' | 'at the end'
}

/** Checks that need requests of the judge's own. */
const UNSENT = [
  'negative_data_rejection',
  'ignored_auth',
  'J10',
  'S03',
] as const satisfies readonly CheckName[]

/** And those of operations that have pages. */
const UNSENT_PAGES = ['P03', 'P04', 'P07', 'P08', 'P09', 'S02'] as const satisfies readonly CheckName[]

const MOST_SECRETS = 1_000

/**
 * Opens traffic to be judged.
 *
 * @throws {@link UsageError} when a schema of the document does not compile.
 */
export function createTraffic(subject: Subject, { bases, walks }: TrafficOptions): Traffic {
  const judge = createJudge(subject)
  verifySchemas(judge)
  const match = createMatch(subject, bases)
  const found = [createFoundRows(judge), createFoundLists(judge)]
  const chronicles = createChronicles(judge, walks === 'at each page')
  const sightings = createSightings(judge)
  const book = createBook()
  const names = credentialNames(subject)
  const values = new Set<string>()
  const known = new Set<string>()
  let unmatched = 0

  return {
    async judge(exchange) {
      for (const [name, value] of Object.entries(exchange.request.headers)) {
        if (names.has(name) && values.size < MOST_SECRETS)
          for (const part of secretsIn(value)) values.add(part)
      }
      const operation = match(exchange.request)
      if (operation === null) {
        unmatched += 1
        return { operationId: null, findings: [], passed: null }
      }
      const passed = reasonToPass(operation, exchange)
      if (passed !== null) return { operationId: operation.id, findings: [], passed }
      const single = await judgeSingle(judge, operation, exchange)
      book.merge(single.book)
      sightings.observe(single.view)
      const told = chronicles(single.view)
      for (const evidence of told) book.add(evidence)
      const between = found.flatMap((pages) => {
        const key = pages.add(single.view)
        return key === null || walks === 'at the end' ? [] : judgeNewest(book, pages, key, known)
      })
      return {
        operationId: operation.id,
        findings: [...single.findings, ...findingsOf(told), ...between],
        passed: null,
      }
    },
    secrets: () => ({ names, values: [...values] }),
    verdict(label, seed, { selection, thresholds } = {}) {
      const whole = createBook()
      whole.merge(book)
      if (walks === 'at the end') {
        for (const pages of found) {
          for (const evidence of pages.keys().flatMap((key) => pages.judge(key))) whole.add(evidence)
        }
      }
      noteUnsent(judge, whole)
      return createVerdict(subject, whole, {
        target: label,
        seed,
        secrets: { names, values: [...values] },
        sightings,
        thresholds,
        selection: createSelection(subject, selection),
        unmatched,
        reason: 'no exchange that was seen had anything for it',
      })
    },
  }
}

function findingsOf(evidence: readonly Evidence[]): readonly Finding[] {
  return evidence.flatMap(({ findings }) => findings)
}

/** So much is remembered of passing traffic before it is forgotten, and remembering begins anew. */
const MOST_SEEN = 5_000
const MOST_SEEN_CHARS = 50_000_000

/** A chronicle for each who asks, since two of them may see different jobs under one id. */
function createChronicles(judge: Judge, forgets: boolean): (view: View) => readonly Evidence[] {
  const byAsker = new Map<string, Chronicle>()
  let seen = 0
  let chars = 0
  return (view) => {
    seen += 1
    chars += view.exchange.response.body.length
    if (forgets && (seen > MOST_SEEN || chars > MOST_SEEN_CHARS)) {
      byAsker.clear()
      seen = 1
      chars = view.exchange.response.body.length
    }
    const asker = askerOf(judge, view)
    const chronicle = byAsker.get(asker) ?? createChronicle()
    byAsker.set(asker, chronicle)
    return chronicle.see(view)
  }
}

/** Judges the walk that a new page has made longer; what is known of it already is not told again. */
function judgeNewest(book: Book, pages: FoundPages, key: string, known: Set<string>): readonly Finding[] {
  const fresh: Finding[] = []
  for (const evidence of pages.judge(key)) {
    const findings = evidence.findings.filter(({ id }) => !known.has(`${key} ${id}`))
    for (const { id } of findings) known.add(`${key} ${id}`)
    book.add({ ...evidence, exchanges: Math.min(1, evidence.exchanges), findings })
    fresh.push(...findings)
  }
  return fresh
}

function noteUnsent({ subject }: Judge, book: Book): void {
  const reason = 'recorded exchanges are not asked again'
  for (const operation of subject.document.operations) {
    for (const check of UNSENT) book.add(nothingFor(operation.id, check, reason))
    const owed = UNSENT_PAGES.filter((check) => isOwed(subject, operation, check))
    for (const check of owed) book.add(nothingFor(operation.id, check, reason))
  }
}
