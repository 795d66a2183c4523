/**
 * Recorded exchanges judged: each by the checks of one exchange, and pages that belong to one query as the
 * walk they form. Nothing is sent.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import { judgeExchange } from './check/check.ts'
import { createSightings } from './coverage/sightings.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import { pathOf } from './exchange.ts'
import { judgePaging, nothingFor } from './invariant/paging.ts'
import { judgeBoundaries } from './invariant/sorting.ts'
import type { Walk, Way } from './invariant/walk.ts'
import { createChronicle } from './job/chronicle.ts'
import { secretsIn } from './mask.ts'
import { credentialNames } from './plan/aim.ts'
import type { Page } from './row/page.ts'
import { pageOf } from './row/page.ts'
import type { Judge, Subject } from './subject.ts'
import { createJudge, verifySchemas } from './subject.ts'
import type { Verdict } from './verdict.ts'
import { createVerdict } from './verdict.ts'
import type { View } from './view.ts'
import { createView, matchTemplate, queryText } from './view.ts'

/** How recorded exchanges are judged. */
export interface RecordedOptions {
  /** What may stand before the document's paths; its servers' paths count too. */
  readonly basePaths?: readonly string[]
  /** Where the exchanges come from, for people. */
  readonly label?: string
  readonly seed?: number
}

/**
 * Judges recorded exchanges.
 *
 * @throws {@link UsageError} when a schema of the document does not compile.
 */
export function checkExchanges(
  subject: Subject,
  exchanges: readonly Exchange[],
  options: RecordedOptions = {},
): Verdict {
  const judge = createJudge(subject)
  verifySchemas(judge)
  const book = createBook()
  const basePaths = [...new Set([...(options.basePaths ?? []), ...subject.document.basePaths, ''])]
  const views = exchanges.flatMap((exchange) => {
    const operation = findOperation(subject, exchange, basePaths)
    return operation === null
      ? []
      : [createView(judge, operation, { ...exchange, operationId: operation.id })]
  })
  const chronicle = createChronicle()
  const sightings = createSightings(judge)
  for (const view of views) {
    judgeExchange(view, book)
    for (const evidence of chronicle.see(view)) book.add(evidence)
    sightings.observe(view)
  }
  for (const walk of walksOf(judge, views)) {
    for (const evidence of judgePaging(walk)) book.add(evidence)
    book.add(judgeBoundaries(walk, null))
  }
  noteUnsent(judge, book)
  const names = credentialNames(subject)
  const values = exchanges.flatMap(({ request }) =>
    Object.entries(request.headers).flatMap(([name, value]) => (names.has(name) ? secretsIn(value) : [])),
  )
  return createVerdict(subject, book, {
    target: options.label ?? 'recorded exchanges',
    seed: options.seed ?? 1,
    secrets: { names, values: [...new Set(values)] },
    sightings,
    unmatched: exchanges.length - views.length,
    reason: 'no recorded exchange had anything for it',
  })
}

/** The operation that an exchange belongs to; of several the one whose path says most. */
export function findOperation(
  { document }: Subject,
  { request }: Pick<Exchange, 'request'>,
  basePaths: readonly string[],
): Operation | null {
  const path = pathOf(request.url)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const fits = document.operations.filter((operation) => {
    const own = [method, request.method].includes(operation.method)
    return own && basePaths.some((base) => isUnder(base, operation.path, path))
  })
  const braces = ({ path: template }: Operation): number => template.split('{').length
  return [...fits].sort((a, b) => braces(a) - braces(b))[0] ?? null
}

function isUnder(base: string, template: string, path: string): boolean {
  if (!path.startsWith(base)) return false
  const rest = path.slice(base.length)
  return rest.split('/').length === template.split('/').length && matchTemplate(template, rest) !== null
}

/** Checks that need requests of the judge's own cannot be made on what was recorded. */
function noteUnsent({ subject }: Judge, book: Book): void {
  for (const { id } of subject.document.operations) {
    for (const check of ['negative_data_rejection', 'ignored_auth', 'J10', 'S03'] as const) {
      book.add(nothingFor(id, check, 'recorded exchanges are not asked again'))
    }
  }
}

/** Pages of one operation, path and query, cursor and page number apart, that follow one another. */
function walksOf(judge: Judge, views: readonly View[]): readonly Walk[] {
  const groups = new Map<string, Map<string, Page>>()
  for (const view of views) {
    const page = pageOf(view)
    if (page === null) continue
    const { after, before, page: number, limit } = page.contract
    const own = new Set([after, before, number, limit])
    const rest = [...view.query].filter(([name]) => !own.has(name))
    const size = queryText(view, limit) ?? ''
    const path = pathOf(view.exchange.request.url)
    const key = `${view.operation.id} ${path} ${size} ${JSON.stringify(rest.sort())}`
    const group = groups.get(key) ?? new Map<string, Page>()
    groups.set(key, group)
    const position = JSON.stringify([after, before, number].map((name) => queryText(view, name)))
    if (!group.has(position)) group.set(position, page)
  }
  return [...groups.values()].flatMap((group) => chainsOf(judge, [...group.values()]))
}

/** Does a page begin where the rows begin? */
function isStart({ view, contract: { page, after, before } }: Page): boolean {
  const number = queryText(view, page)
  return (
    [after, before].every((name) => queryText(view, name) === null) && (number === null || number === '1')
  )
}

/** Links pages: the cursor is the row that the page before ended with, or the number is the next one. */
function chainsOf(judge: Judge, pages: readonly Page[]): readonly Walk[] {
  const walks: Walk[] = []
  const used = new Set<Page>()
  for (const page of [...pages].sort((a, b) => Number(isStart(b)) - Number(isStart(a)))) {
    if (used.has(page)) continue
    const way = wayOf(page, pages)
    const chain = [page]
    for (let next = way === null ? undefined : follower(page, pages, way); next !== undefined; ) {
      if (used.has(next) || chain.includes(next)) break
      chain.push(next)
      next = way === null ? undefined : follower(next, pages, way)
    }
    for (const each of chain) used.add(each)
    walks.push(toWalk(judge, chain, way ?? 'after'))
  }
  return walks
}

function wayOf(page: Page, pages: readonly Page[]): Way | null {
  return (
    (['after', 'before', 'page'] as const).find((way) => follower(page, pages, way) !== undefined) ?? null
  )
}

function follower(page: Page, pages: readonly Page[], way: Way): Page | undefined {
  const name = page.contract[way]
  if (name === null) return undefined
  const wanted =
    way === 'page'
      ? String(Number(queryText(page.view, name) ?? '1') + 1)
      : way === 'after'
        ? page.ids.at(-1)
        : page.ids[0]
  return wanted === undefined ? undefined : pages.find(({ view }) => queryText(view, name) === wanted)
}

/** A chain is complete when it begins at the first page and its last page promises no more. */
function toWalk(judge: Judge, pages: readonly Page[], way: Way): Walk {
  const [first] = pages
  if (first === undefined) throw new Error('a chain has a first page')
  const { view, contract } = first
  const size = queryText(view, contract.limit)
  const complete = isStart(first) && way !== 'before' && pages.at(-1)?.more === false
  const name = `recorded pages of ${pathOf(view.exchange.request.url)}`
  return {
    plan: {
      operation: judge.operations.get(view.operation.id) ?? view.operation,
      contract,
      path: view.path,
      query: [],
      way,
      limit: size === null || !/^\d+$/.test(size) ? null : Number(size),
      maxPages: pages.length,
      name,
    },
    pages,
    complete,
    stopped: complete ? null : 'only recorded pages',
  }
}
