/**
 * Requests that the job contract forbids although each parameter alone is right: pages with cursors or
 * filters, two cursors, a cursor that is no row, a filter or select outside its language.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Operation } from '../../openapi/operation.ts'
import { keywordAt } from '../schema-place.ts'
import { contractOf } from '../subject.ts'
import type { Aim, QueryPair } from './aim.ts'
import { drawText } from './draw.ts'

/** A query that must be refused. */
export interface Conflict {
  readonly query: readonly QueryPair[]
  readonly fault: string
  /** Pointer to the parameter concerned. */
  readonly pointer: string
}

/** Every conflict that an operation can be asked with. */
export function conflictsOf(aim: Aim, operation: Operation): readonly Conflict[] {
  const rows = contractOf(aim.judge.subject, operation.id)?.rows ?? null
  if (rows === null) return []
  const cursors = cursorsOf(aim, operation, rows)
  return [...pageConflicts(aim, operation, rows, cursors), ...cursors, ...languageConflicts(operation, rows)]
}

function pointerOf(operation: Operation, name: string): string {
  return operation.parameters.find((parameter) => parameter.name === name)?.pointer ?? operation.pointer
}

/** Cursors that are no row: well-formed, so only cursors of a known form are asked with. */
function cursorsOf(aim: Aim, operation: Operation, { after, before }: RowsContract): readonly Conflict[] {
  return [after, before].flatMap((name) => {
    if (name === null) return []
    const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema ?? null
    const format = schema === null ? null : keywordAt(aim.judge.subject.document.json, schema, 'format')
    if (format?.value !== 'uuid') return []
    const cursor = drawText(aim.seed, `cursor ${name}`, 'uuid')
    const fault = `${name}=${cursor} is the id of no row`
    return [{ query: [[name, cursor] as const], fault, pointer: pointerOf(operation, name) }]
  })
}

function pageConflicts(
  { seed }: Aim,
  operation: Operation,
  { page, filter, id }: RowsContract,
  cursors: readonly Conflict[],
): readonly Conflict[] {
  const conflicts: Conflict[] = []
  const [after, before] = cursors
  if (page !== null) {
    const condition = `${id} eq ${drawText(seed, 'filter', 'uuid')}`
    const filters = filter === null || id === null ? [] : [[filter.parameter, condition] as const]
    for (const pair of [...cursors.flatMap(({ query }) => query), ...filters]) {
      const fault = `${page}=2 stands together with ${pair[0]}`
      conflicts.push({ query: [[page, '2'], pair], fault, pointer: pointerOf(operation, page) })
    }
  }
  if (after !== undefined && before !== undefined) {
    const query = [...before.query, ...after.query]
    const fault = `${query.map(([name]) => name).join(' stands together with ')}`
    conflicts.push({ query, fault, pointer: pointerOf(operation, query[0]?.[0] ?? '') })
  }
  return conflicts
}

function languageConflicts(operation: Operation, { filter, select, id }: RowsContract): readonly Conflict[] {
  const conflicts: Conflict[] = []
  const add = (name: string, text: string, fault: string): void => {
    conflicts.push({
      query: [[name, text]],
      fault: `${name}=${text} ${fault}`,
      pointer: pointerOf(operation, name),
    })
  }
  if (filter !== null) {
    add(filter.parameter, `${id ?? 'id'} eq`, 'lacks a literal')
    add(filter.parameter, `${id ?? 'id'} gt 1`, 'has an operator outside its language')
  }
  if (select !== null) add(select.parameter, 'standin/is/deep', 'is deeper than one level')
  return conflicts
}
