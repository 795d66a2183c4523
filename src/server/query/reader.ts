/**
 * Readers: one member of rows, or a child of one, with what is known of it without looking at every row.
 *
 * @module
 */
import type { Template } from '../../model/job.ts'
import type { Json } from '../../model/json.ts'
import { memberOf } from '../../model/json.ts'
import type { Column } from '../../vendor/vendor.ts'
import type { Rows } from '../../world/rows.ts'
import type { MemberKind } from './member.ts'

/** Reads one member, or a child of one, of any row of a job. */
export interface Reader {
  /** The name under which the value is answered: the last part of the path. */
  readonly leaf: string
  readonly kind: MemberKind
  /** Its value is the same for all rows of a template. */
  readonly fixed: boolean
  /** Its values rise from rank to rank, or from row to row. */
  readonly rises: 'rank' | 'index' | null
  read(index: number): Json
  /** The value by template alone: true for `fixed`; for others only whether it is null. */
  readTemplate(position: number): Json
}

/** What readers are made from. */
export interface ReaderSource {
  readonly rows: Rows
  readonly columns: Readonly<Record<string, Column>>
  readonly template: (position: number) => Template
}

/** Makes the reader of a path; its members were checked before. */
export function createReader(source: ReaderSource, path: readonly string[], kind: MemberKind): Reader {
  const [name = '', child] = path
  const column = source.columns[name] ?? 'template'
  const { rows, template } = source

  function pick(value: Json): Json {
    return child === undefined ? value : (memberOf(value, child) ?? null)
  }

  if (column === 'template') {
    const readTemplate = (position: number): Json => pick(memberOf(template(position), name) ?? null)
    return {
      leaf: child ?? name,
      kind,
      fixed: true,
      rises: null,
      read: (index) => readTemplate(rows.templateOf(index)),
      readTemplate,
    }
  }
  return {
    leaf: child ?? name,
    kind,
    fixed: false,
    rises: child === undefined ? (column.rises ?? null) : null,
    read: (index) => pick(column.read(template(rows.templateOf(index)), rows.slotOf(index))),
    readTemplate: (position) => pick(column.read(template(position), rows.slotOf(0))),
  }
}
