/**
 * Mutants of lists of jobs: what the detail of a job does not say, wrong orders, filters that filter nothing.
 *
 * @module
 */
import type { ListContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import type { CheckName } from '../finding.ts'
import { queryText } from '../view.ts'
import type { Mutant } from './mutant.ts'
import { mutant } from './mutant.ts'
import type { Change } from './mutant-page.ts'
import { leafOf, put, reversed, turnedMember } from './mutant-page.ts'

/** The mutants of an API's lists. */
export function listMutants(all: readonly ListContract[]): readonly Mutant[] {
  const make = (check: CheckName, name: string, change: Change): Mutant =>
    mutant(check, name, (view, scene) => {
      const page = leafOf(view, 'list')
      return page === null ? null : change(page, scene)
    })
  const filters = all.some(({ equal, from, to }) =>
    [equal, from, to].some((each) => Object.keys(each).length > 0),
  )
  const ordered = all.some(({ order }) => order !== null)
  const differs = make('X02', 'a list says otherwise than the detail', ({ view, pages, items }) =>
    items.length > 0 ? put(view, pages.at, () => items.map(turnedMember)) : null,
  )
  const unsorted = make('S01', 'a list that is sorted comes the other way round', ({ view, pages, items }) =>
    'order' in pages && queryText(view, pages.order) !== null && items.length > 2
      ? put(view, pages.at, () => reversed(items))
      : null,
  )
  const leaks: Mutant = {
    check: 'F01',
    name: 'a list filters nothing out',
    begin: () => {
      let whole: readonly Json[] = []
      return (view) => {
        const page = leafOf(view, 'list')
        if (page === null) return null
        if (page.plain) {
          if (page.items.length > whole.length) whole = page.items
          return null
        }
        const own = new Set(page.items.map((item) => JSON.stringify(item)))
        const other = whole.find((item) => !own.has(JSON.stringify(item)))
        const filtered =
          'equal' in page.pages &&
          Object.keys(page.pages.equal).some((name) => queryText(view, name) !== null)
        return other === undefined || !filtered
          ? null
          : put(page.view, page.pages.at, () => [...page.items.slice(1), other])
      }
    },
  }
  return [differs, ...(ordered ? [unsorted] : []), ...(filters ? [leaks] : [])]
}
