/**
 * Mutants of pages: totals that lie, rows that are lost, repeated, unsorted, filtered or selected wrongly.
 * They strike rows and lists of jobs alike, wherever a job contract says where these stand.
 *
 * @module
 */
import type { ListContract, RowsContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { CheckName } from '../finding.ts'
import type { Subject } from '../subject.ts'
import { queryText } from '../view.ts'
import { listMutants } from './list-mutants.ts'
import type { Mutant, Spoilt } from './mutant.ts'
import { mutant } from './mutant.ts'
import type { Change, Leaf } from './mutant-page.ts'
import { isLater, leafOf, put, reversed, turned, waysOf, withMember, withoutLast } from './mutant-page.ts'

/** The mutants of an API's pages. */
export function rowMutants({ contract }: Subject): readonly Mutant[] {
  const operations = Object.values(contract?.operations ?? {})
  const rows = operations.flatMap((operation) => operation.rows ?? [])
  const lists = operations.flatMap((operation) => operation.list ?? [])
  const walked = rows.filter((each) => waysOf(each).length > 0)
  return [
    ...(walked.length > 0 ? pageMutants('rows', walked) : []),
    ...(lists.length > 0 ? pageMutants('list', lists) : []),
    ...(walked.length > 0 ? rowOnly(walked) : []),
    ...(lists.length > 0 ? listMutants(lists) : []),
  ]
}

/** Faults that any page can have. */
function pageMutants(
  which: 'rows' | 'list',
  all: readonly (RowsContract | ListContract)[],
): readonly Mutant[] {
  const what = which === 'rows' ? 'rows' : 'jobs'
  const make = (check: CheckName, name: string, change: Change): Mutant =>
    mutant(check, `${name}, of ${what}`, (view, scene) => {
      const page = leafOf(view, which)
      return page === null ? null : change(page, scene)
    })
  const says = (member: 'total' | 'more' | 'next' | 'limit'): boolean =>
    all.some((each) => each[member] !== null)
  const mutants: Mutant[] = []
  if (says('total')) {
    mutants.push(
      make('P01', 'the total is one too high', ({ view, pages, items, plain }) =>
        plain && items.length > 0 ? put(view, pages.total, (total) => Number(total) + 1) : null,
      ),
    )
  }
  if (says('more')) {
    mutants.push(
      make('P05', 'more is promised where nothing follows', ({ view, pages }) =>
        pages.more !== null && readPointer(view.body, pages.more) === false
          ? put(view, pages.more, () => true)
          : null,
      ),
      make('P05', 'the end is told of too early', ({ view, pages }) =>
        pages.more !== null && readPointer(view.body, pages.more) === true
          ? put(view, pages.more, () => false)
          : null,
      ),
    )
  }
  if (says('limit')) {
    mutants.push(
      make('P06', 'a page is longer than its limit', ({ view, pages, items }) => {
        const limit = Number(queryText(view, pages.limit) ?? Number.NaN)
        return items.length > 0 && items.length === limit
          ? put(view, pages.at, () => [...items, ...items])
          : null
      }),
      make('P04', 'small pages lose their last row', ({ view, pages, items, plain }) => {
        const limit = Number(queryText(view, pages.limit) ?? Number.NaN)
        return plain && items.length > 1 && limit <= 10 ? put(view, pages.at, () => items.slice(0, -1)) : null
      }),
    )
  }
  return [
    ...mutants,
    repeated(which, what),
    make(
      which === 'rows' ? 'P02' : 'P04',
      'later pages lose their first entry',
      ({ view, pages, items, plain }) =>
        plain && items.length > 2 && isLater(view, pages) ? put(view, pages.at, () => items.slice(1)) : null,
    ),
  ]
}

/** A later page begins with what the page before it ended with. */
function repeated(which: 'rows' | 'list', what: string): Mutant {
  return {
    check: 'P02',
    name: `a later page begins with what the one before ended with, of ${what}`,
    begin: () => {
      let last: Json | undefined
      return (view) => {
        const page = leafOf(view, which)
        if (page === null || !page.plain || page.items.length === 0) return null
        const before = last
        last = page.items.at(-1)
        if (before === undefined || !isLater(view, page.pages)) return null
        return put(page.view, page.pages.at, () => [before, ...page.items.slice(1)])
      }
    },
  }
}

/** A page of rows, not of jobs. */
interface RowPage extends Leaf {
  readonly rows: RowsContract
}

function rowOnly(all: readonly RowsContract[]): readonly Mutant[] {
  const make = (check: CheckName, name: string, change: (page: RowPage) => Spoilt | null): Mutant =>
    mutant(check, name, (view) => {
      const page = leafOf(view, 'rows')
      const rows = view.contract?.rows ?? null
      return page === null || rows === null ? null : change({ ...page, rows })
    })
  const sorts = all.some(({ sort }) => sort !== null)
  const mutants: Mutant[] = []
  if (sorts) {
    const isSorted = ({ view, rows }: RowPage): boolean =>
      queryText(view, rows.sort?.order) !== null || queryText(view, rows.sort?.field) !== null
    mutants.push(
      make('S01', 'sorted rows come the other way round', (page) =>
        isSorted(page) && page.items.length > 2
          ? put(page.view, page.pages.at, () => reversed(page.items))
          : null,
      ),
      make('P03', 'of sorted rows one stands for its neighbour, too', (page) =>
        isSorted(page) && page.items.length > 3
          ? put(page.view, page.pages.at, () => [
              ...page.items.slice(0, 1),
              ...page.items.slice(0, 1),
              ...page.items.slice(2),
            ])
          : null,
      ),
      make('S02', 'the other direction has lost its first row', (page) =>
        queryText(page.view, page.rows.sort?.order) === page.rows.sort?.descending && page.items.length > 2
          ? put(page.view, page.pages.at, () => page.items.slice(1))
          : null,
      ),
    )
  }
  if (all.some(({ filter }) => filter !== null)) {
    const isFiltered = ({ view, rows }: RowPage): boolean => queryText(view, rows.filter?.parameter) !== null
    mutants.push(
      make('F01', 'a filter lets a row through', (page) =>
        isFiltered(page) && page.items.length > 0
          ? put(page.view, page.pages.at, () => [turned(page.items[0]), ...page.items.slice(1)])
          : null,
      ),
      make('F01', 'a filter loses a row', (page) =>
        isFiltered(page) && page.items.length > 1
          ? put(page.view, page.pages.at, () => page.items.slice(1))
          : null,
      ),
    )
  }
  if (all.some(({ select }) => select !== null)) {
    const isSelected = ({ view, rows }: RowPage): boolean => queryText(view, rows.select?.parameter) !== null
    mutants.push(
      make('X01', 'a member comes that was not selected', (page) =>
        isSelected(page) && page.items.length > 0
          ? put(page.view, page.pages.at, () => page.items.map((row) => withMember(row, 'standin', 1)))
          : null,
      ),
      make('X01', 'a selected member does not come', (page) =>
        isSelected(page) && page.items.some((row) => isObject(row) && Object.keys(row).length > 1)
          ? put(page.view, page.pages.at, () => page.items.map(withoutLast))
          : null,
      ),
    )
  }
  return mutants
}
