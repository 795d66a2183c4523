/**
 * Values against the schemas of one document. A schema that cannot be used is a fault of its document, and
 * lets no value pass in silence.
 *
 * @module
 */
import type { Issue } from '../model/issue.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from './document.ts'
import type { Fault } from './schema/fault.ts'
import { namesIn } from './schema/heirs.ts'
import type { Direction } from './schema/node.ts'
import { libraryOf } from './schema/pointer-form.ts'
import type { Manner } from './schema/schema-judge.ts'
import { SchemaJudge } from './schema/schema-judge.ts'

/** Judges values by the schemas of one document. */
export interface Validator {
  /**
   * @param schema - Pointer to a schema of the document.
   * @param limit - How many disagreements are told of; {@link ISSUE_LIMIT} unless given.
   * @param direction - Which way the value travels; without it `readOnly` and `writeOnly` are remarks.
   * @returns The disagreements, those with every branch of a union included; none when the value is right.
   * @throws {@link UsageError} when that schema, or one it leads to, is none.
   */
  check(schema: string, value: unknown, limit?: number, direction?: Direction): readonly Issue[]
  /** As {@link check}, but of a union only what the branch that was meant has to say. */
  explain(schema: string, value: unknown, limit?: number, direction?: Direction): readonly Issue[]
  /** What is wrong with a schema and those it leads to. */
  faults(schema: string): readonly Fault[]
}

/** How many issues one value may have before the rest is left out. */
const ISSUE_LIMIT = 50

/** Creates the validator of a document; nothing is compiled yet. */
export function createValidator({ file, json, dialect }: Document): Validator {
  let made: SchemaJudge | null = null

  function judge(): SchemaJudge {
    made ??= new SchemaJudge(libraryOf(json, dialect === '3.0'), namesIn(json))
    return made
  }

  function judgeBy(schema: string, value: unknown, manner: Manner): readonly Issue[] {
    const [fault] = judge().faults(schema)
    if (fault === undefined) return judge().judge(schema, value, manner)
    const place = fault.pointer === schema ? '' : ` (at ${fault.pointer})`
    throw new UsageError(`${file}: the schema at ${schema} does not compile: ${fault.message}${place}`)
  }

  return {
    check: (schema, value, limit = ISSUE_LIMIT, direction) =>
      judgeBy(schema, value, { limit, meant: false, direction: direction ?? null }),
    explain: (schema, value, limit = ISSUE_LIMIT, direction) =>
      judgeBy(schema, value, { limit, meant: true, direction: direction ?? null }),
    faults: (schema) => judge().faults(schema),
  }
}
