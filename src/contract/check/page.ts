/**
 * `S01`, `F01` and `X01` as far as one page shows them: it is sorted as asked, every row meets the filter,
 * every row has exactly the selected members. What only several pages show is in `invariant/`.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { either, show } from '../display.ts'
import type { Finding } from '../finding.ts'
import { parseFilter, satisfies, valueAt } from '../row/filter.ts'
import type { Direction } from '../row/order.ts'
import { compareValues } from '../row/order.ts'
import type { Page } from '../row/page.ts'
import { directionOf, leavesOf, pageOf, parameterOf } from '../row/page.ts'
import type { View } from '../view.ts'
import { queryText, remarkOn } from '../view.ts'

/** Reports the first pair of neighbours that stands the wrong way round. */
export function checkSortedPage(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const direction = page === null ? null : directionOf(page)
  if (page === null || direction === null || page.rows.length < 2) return null
  for (const [position, row] of page.rows.entries()) {
    const before = page.rows[position - 1]
    if (before === undefined || inOrder(before, row, direction)) continue
    return [sortFinding(page, direction, before, row, position)]
  }
  return []
}

/** Does a row stand rightly in front of another? */
export function inOrder(before: JsonObject, after: JsonObject, direction: Direction): boolean {
  const [a, b] = [before, after].map((row) => memberOf(row, direction.field) ?? null)
  return compareValues(a ?? null, b ?? null, direction) <= 0
}

/** What is wrong with a row that stands behind another; the two may be on two pages. */
export function sortFinding(
  page: Page,
  { field, descending }: Direction,
  before: JsonObject,
  row: JsonObject,
  position: number,
  beside?: View,
): Finding {
  const at = pointerTo(page.contract.at, position, field)
  const order = descending ? 'descending' : 'ascending'
  const [a, b] = [before, row].map((each) => show(memberOf(each, field)))
  const where = beside === undefined ? '' : ' on the page before'
  return remarkOn(page.view, {
    check: 'S01',
    message: `${at} is ${b}, behind ${a}${where}: not ${order} by ${field}`,
    at,
    pointer: parameterOf(page.view, page.contract.sort?.field)?.pointer ?? page.view.operation.pointer,
    topic: `${field} ${order}`,
    ...(beside === undefined ? {} : { beside: beside.exchange }),
  })
}

/** Reports rows that do not meet the filter of the request. */
export function checkFilteredPage(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const text = queryText(view, page?.contract.filter?.parameter)
  const conditions = text === null ? null : parseFilter(text)
  if (page === null || conditions === null || page.rows.length === 0) return null
  if (queryText(view, page.contract.select?.parameter) !== null) return null
  return page.rows.flatMap((row, position) => {
    if (satisfies(row, conditions)) return []
    const broken = conditions.find((condition) => !satisfies(row, [condition]))
    const at = pointerTo(page.contract.at, position, ...(broken?.path ?? []))
    const actual = show(valueAt(row, broken?.path ?? []))
    return [
      remarkOn(view, {
        check: 'F01',
        message: `${at} is ${actual}, which the filter \`${text}\` leaves out`,
        at,
        pointer: parameterOf(view, page.contract.filter?.parameter)?.pointer ?? view.operation.pointer,
        topic: 'unsound',
      }),
    ]
  })
}

/** Reports rows that lack a selected member or have one that was not selected. */
export function checkSelectedPage(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const leaves = page === null ? null : leavesOf(page)
  if (page === null || leaves === null || page.rows.length === 0) return null
  const wanted = leaves.map(({ name }) => name)
  return page.rows.flatMap((row, position) => {
    const names = Object.keys(row)
    const extra = names.filter((name) => !wanted.includes(name))
    const missing = wanted.filter((name) => !names.includes(name))
    if (extra.length === 0 && missing.length === 0) return []
    const at = pointerTo(page.contract.at, position)
    const faults = [
      ...(extra.length === 0 ? [] : [`has ${either(extra, 'and')}, not selected`]),
      ...(missing.length === 0 ? [] : [`lacks ${either(missing, 'and')}`]),
    ]
    return [
      remarkOn(view, {
        check: 'X01',
        message: `${at} ${faults.join(' and ')}; selected: ${either(wanted, 'and')}`,
        at,
        pointer: parameterOf(view, page.contract.select?.parameter)?.pointer ?? view.operation.pointer,
        topic: extra.length > 0 ? 'leak' : 'missing',
      }),
    ]
  })
}
