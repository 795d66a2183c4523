/**
 * Lists of jobs that nobody planned to walk: their pages, linked by the tokens that lead from one to the
 * next, and judged as the list they form.
 *
 * @module
 */
import type { ListContract } from '../job-contract/job-contract.ts'
import { readPointer } from '../model/pointer.ts'
import { pathOf } from './exchange.ts'
import type { FoundPages } from './found-pages.ts'
import { askerOf, asksElsewhere, createPageGroups, isMovingWord, queryKey } from './found-pages.ts'
import type { ListPage, ListWalk } from './invariant/list-walk.ts'
import { judgeListPages, listPageOf } from './invariant/list-walk.ts'
import type { Judge } from './subject.ts'
import { contractOf } from './subject.ts'
import { queryText } from './view.ts'

/** Opens an empty collection of the pages of lists. */
export function createFoundLists(judge: Judge): FoundPages {
  const groups = createPageGroups<FoundPage>()

  return {
    add(view) {
      const list = view.contract?.list ?? null
      // Where no token leads on, nothing says whether a page is all of the list.
      if (list === null || list.token === null || list.next === null) return null
      const page = listPageOf(view, list)
      if (page === null) return null
      const key = `${askerOf(judge, view)} ${queryKey({ view, positions: [list.token] })}`
      groups.put(key, queryText(view, list.token) ?? '', { ...page, list })
      return key
    },
    judge: (key) => chainsOf(groups.pagesOf(key)).flatMap((chain) => judgeListPages(toWalk(judge, chain))),
    keys: () => groups.keys(),
  }
}

interface FoundPage extends ListPage {
  readonly list: ListContract
}

/** Links pages, from the first one on; what no page leads to begins a chain of its own. */
function chainsOf(pages: readonly FoundPage[]): readonly (readonly FoundPage[])[] {
  const chains: FoundPage[][] = []
  const used = new Set<FoundPage>()
  for (const page of [...pages].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)))) {
    const chain: FoundPage[] = []
    for (let next: FoundPage | undefined = page; next !== undefined && !used.has(next); ) {
      chain.push(next)
      used.add(next)
      next = followerOf(next, pages)
    }
    if (chain.length > 0) chains.push(chain)
  }
  return chains
}

function isFirst({ view, list }: FoundPage): boolean {
  return queryText(view, list.token) === null && !asksElsewhere(view, [list.token])
}

/** Jobs come and go between two requests: only a total that stayed shows that the list did. */
function followerOf(page: FoundPage, pages: readonly FoundPage[]): FoundPage | undefined {
  const { list, next, total } = page
  if (next === null || typeof total !== 'number') return undefined
  const found = pages.find(({ view }) => queryText(view, list.token) === next)
  return found === undefined || found.total !== total || [page, found].some(isPassing) ? undefined : found
}

/** Are jobs chosen that have not ended? They leave such a list, and others come into it. */
function isPassing({ view, list, items }: FoundPage): boolean {
  const filters = [list.equal, list.from, list.to].flatMap((each) => Object.keys(each))
  if (!filters.some((name) => view.query.has(name))) return false
  const state = contractOf(view.judge.subject, list.of)?.state ?? null
  if (state === null) return true
  return items.some((item) => isMovingWord(view.judge, readPointer(item, state)) !== false)
}

/** A chain is whole when it begins at the first page and its last one leads no further. */
function toWalk(judge: Judge, pages: readonly FoundPage[]): ListWalk {
  const [first] = pages
  if (first === undefined) throw new Error('a chain has a first page')
  const { view, list } = first
  const id = contractOf(judge.subject, list.of)?.id ?? '/id'
  const size = queryText(view, list.limit)
  const whole = isFirst(first) && pages.at(-1)?.next === null
  return {
    plan: {
      operation: judge.operations.get(view.operation.id) ?? view.operation,
      list,
      path: view.path,
      query: [],
      limit: size === null || !/^\d+$/.test(size) ? null : Number(size),
      name: `recorded pages of ${pathOf(view.exchange.request.url)}`,
    },
    pages,
    jobs: pages.flatMap((page) =>
      page.items.map((item) => ({ id: String(readPointer(item, id) ?? ''), item, page })),
    ),
    stopped: whole ? null : 'only recorded pages',
    circle: null,
  }
}
