/**
 * Distinct rows: of rows that have the same values in all selected members, the first of each.
 *
 * @module
 */
import type { Rows } from '../../world/rows.ts'
import type { Reader } from './reader.ts'
import type { RowList } from './row-list.ts'

/**
 * Keeps of a list the first row of each combination of values.
 *
 * @param list - Rows in the order of the first reader; returned as it is where no two rows can be equal.
 */
export function distinctRows(list: RowList, rows: Rows, readers: readonly Reader[]): RowList {
  if (readers.some((reader) => tellsApart(reader, rows))) return list
  const keyOf = createKey(rows, readers)
  const seen = new Set<string>()
  const kept: number[] = []
  for (let place = 0; place < list.length; place += 1) {
    const index = list.at(place)
    const key = keyOf(index)
    if (seen.has(key)) continue
    seen.add(key)
    kept.push(index)
  }
  const order = Uint32Array.from(kept)
  return {
    length: order.length,
    bytes: order.byteLength,
    at: (place) => order[place] ?? 0,
    placeOf: (index) => ({ before: order.indexOf(index), present: order.includes(index) }),
  }
}

/** Has every row a value of its own? */
function tellsApart(reader: Reader, rows: Rows): boolean {
  if (reader.rises === null || (reader.rises === 'rank' && rows.ties > 1)) return false
  return rows.templates.every((position) => reader.readTemplate(position) !== null)
}

/** What is fixed is written once a template; what rises is known by its rank, unless it is null. */
function createKey(rows: Rows, readers: readonly Reader[]): (index: number) => string {
  const fixed = readers.filter((reader) => reader.fixed)
  const rising = readers.filter((reader) => reader.rises !== null)
  const drawn = readers.filter((reader) => !reader.fixed && reader.rises === null)
  const byTemplate = new Map<number, string>()

  function templateKey(position: number): string {
    const known = byTemplate.get(position)
    if (known !== undefined) return known
    const empty = rising.map((reader) => reader.readTemplate(position) === null)
    const key = JSON.stringify([fixed.map((reader) => reader.readTemplate(position)), empty])
    byTemplate.set(position, key)
    return key
  }

  return (index) => {
    const position = rows.templateOf(index)
    const risen = rising.map((reader) => {
      if (reader.readTemplate(position) === null) return ''
      return reader.rises === 'rank' ? Math.floor(index / rows.ties) : index
    })
    const rest = drawn.length === 0 ? '' : JSON.stringify(drawn.map((reader) => reader.read(index)))
    return `${templateKey(position)}|${risen.join(',')}|${rest}`
  }
}
