/**
 * Schemas made ready, each a list of checks in the order they are made, and the state of one judgement by
 * them. What makes them ready is `compile.ts`; what runs them is `apply.ts`.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Fault } from './fault.ts'
import type { Marks } from './marks.ts'
import type { Resource } from './resource.ts'
import type { Scope } from './scope.ts'

/** Does the value keep one keyword? Tells the run of what it does not keep. */
export type Check = (value: Json, run: Run) => boolean

/** Which way a value travels: what is `readOnly` has no place in a request, `writeOnly` none in an answer. */
export type Direction = 'request' | 'response'

/** One schema, ready to judge. */
export interface SchemaNode {
  /** Counts from 0 in the order of compilation. */
  readonly number: number
  /** Pointer into the document; in front of it the address where it is another document's. */
  readonly pointer: string
  readonly resource: Resource
  /** In the terms of 2020-12. */
  readonly source: boolean | JsonObject
  readonly checks: Check[]
  readonly faults: Fault[]
  /** The schemas it applies to the same value; with `$ref` and `allOf` first. */
  readonly inPlace: InPlace[]
  /** Every schema it holds or leads to, by the name its compiler knows it by. */
  readonly children: Map<string, SchemaNode>
  /** How many references lead here. */
  references: number
  /** It asks what is left unevaluated. */
  marks: boolean
  /** Only this house's own code judges it exactly. */
  exotic: boolean
  /** Members that have no place in a direction, by direction; read through `direction.ts`. */
  readonly exempt: Map<Direction, ReadonlySet<string>>
}

/** A schema that is applied to the same value. */
export interface InPlace {
  readonly node: SchemaNode
  /** It always holds, and not for some values only. */
  readonly always: boolean
  /** It is this schema whichever way one came here. */
  readonly fixed: boolean
}

/** What the makers of checks are handed. */
export interface Site {
  readonly node: SchemaNode
  readonly source: JsonObject
  /** The schema under a keyword of this one. */
  child(...segments: readonly (string | number)[]): SchemaNode
  /** The schema that a reference leads to; null, and a fault, where it leads nowhere. */
  follow(keyword: string, reference: string): SchemaNode | null
  fault(keyword: string, message: string): void
}

/** What came of one schema and one value before. */
export interface Verdict {
  readonly scope: Scope
  readonly exempt: ReadonlySet<string>
  readonly right: boolean
  readonly marks: Marks | null
  /** What was told of it, with places from here on. */
  told: readonly Issue[] | null
}

/** The state of one judgement. */
export interface Run {
  /** Null while only the verdict is asked for. */
  issues: Issue[] | null
  readonly limit: number
  /** Tell only of the branch of a union that was meant. */
  readonly meant: boolean
  readonly direction: Direction | null
  readonly path: (string | number)[]
  scope: Scope
  marks: Marks | null
  /** Members of this value that have no place in the direction. */
  exempt: ReadonlySet<string>
  readonly verdicts: Map<SchemaNode, Map<object, Verdict[]>>
  /** The discriminators at work on a value, which lead back to themselves through `allOf`. */
  readonly open: Map<SchemaNode, Set<object>>
  /** How many schemas may yet be applied to find out which branch was meant. */
  budget: number
}
