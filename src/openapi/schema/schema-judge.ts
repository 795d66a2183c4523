/**
 * Judging values by the schemas of a library. What ajv judges exactly it judges first; what it refuses, or is
 * no judge of, goes to the house's own code, which says what is wrong.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json } from '../../model/json.ts'
import { applyAfresh } from './apply.ts'
import { Compiler, closureOf } from './compile.ts'
import type { Names } from './discriminator.ts'
import type { Verdict } from './fast.ts'
import { FastLane, isPlain } from './fast.ts'
import type { Fault } from './fault.ts'
import type { Direction, SchemaNode } from './node.ts'
import type { Library } from './resource.ts'
import { createRun } from './run.ts'
import { circlesIn } from './shape.ts'

/** How a value is to be judged. */
export interface Manner {
  /** How many issues are told of. */
  readonly limit: number
  /** Of a union that does not fit only the branch that was meant is told of. */
  readonly meant: boolean
  readonly direction: Direction | null
}

/** One schema, with all that it leads to. */
interface Entry {
  readonly node: SchemaNode
  readonly closure: ReadonlySet<SchemaNode>
  readonly faults: readonly Fault[]
  /** By direction; null where ajv is no judge. */
  readonly verdicts: Map<Direction | null, Verdict | null>
  /** How many values it has judged. */
  judged: number
}

/** Ajv takes longer to compile a schema than the house's own code takes to judge a few values by it. */
const COLD = 4

/** What a judge may be asked to do otherwise. */
export interface JudgeOptions {
  /** Without it the house's own code judges everything. */
  readonly ajv?: boolean
  /** Without it formats are remarks. */
  readonly formats?: boolean
  /** How many values are judged by a schema before ajv compiles it. */
  readonly cold?: number
}

/** The schemas of a library, each made ready when it is first asked for. */
export class SchemaJudge {
  readonly #library: Library
  readonly #compiler: Compiler
  readonly #entries = new Map<string, Entry>()
  readonly #asked = new Set<SchemaNode>()
  readonly #fast: FastLane | null
  readonly #cold: number

  constructor(
    library: Library,
    names: Names,
    { ajv = true, formats = true, cold = COLD }: JudgeOptions = {},
  ) {
    this.#library = library
    this.#cold = cold
    this.#compiler = new Compiler(library, names, formats)
    this.#fast = ajv && formats ? new FastLane() : null
  }

  /** What is wrong with a schema and those it leads to. */
  faults(pointer: string): readonly Fault[] {
    return this.#entry(pointer).faults
  }

  /** Where a value disagrees with a schema that has no faults. */
  judge(pointer: string, value: unknown, manner: Manner): readonly Issue[] {
    const entry = this.#entry(pointer)
    entry.judged += 1
    const isWarm = entry.judged > this.#cold
    if (isWarm && this.#verdictOf(entry, manner.direction)?.(value) === true) return []
    return distinct(judgeSlowly(entry.node, value as Json, manner))
  }

  #entry(pointer: string): Entry {
    const known = this.#entries.get(pointer)
    if (known !== undefined) return known
    const node = this.#compiler.node(pointer)
    this.#asked.add(node)
    const closure = closureOf(node)
    const own = [...closure].flatMap(({ faults }) => faults)
    const faults = [...this.#library.faults, ...own, ...circlesIn(closure)]
    const entry = { node, closure, faults, verdicts: new Map(), judged: 0 }
    this.#entries.set(pointer, entry)
    return entry
  }

  #verdictOf({ node, closure, verdicts }: Entry, direction: Direction | null): Verdict | null {
    if (this.#fast === null) return null
    const known = verdicts.get(direction)
    if (known !== undefined) return known
    const isAsked = (each: SchemaNode): boolean => this.#asked.has(each)
    const verdict = isPlain(node, closure, direction) ? this.#fast.compile(node, closure, isAsked) : null
    verdicts.set(direction, verdict)
    return verdict
  }
}

/** First whether it is right at all, which is soon known; only then what is wrong. */
function judgeSlowly(node: SchemaNode, value: Json, manner: Manner): readonly Issue[] {
  const run = createRun(node, { ...manner, limit: Math.max(manner.limit, 1) })
  try {
    if (applyAfresh(node, value, run)) return []
    const issues: Issue[] = []
    run.issues = issues
    applyAfresh(node, value, run)
    return issues.slice(0, manner.limit)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = 'nests too deeply to be judged'
    return [{ at: '', keyword: 'depth', message, params: {}, schema: node.pointer }]
  }
}

/** Two ways to one schema tell of the same twice. */
function distinct(issues: readonly Issue[]): readonly Issue[] {
  if (issues.length < 2) return issues
  const key = ({ at, schema, params }: Issue): string => `${at} ${schema} ${JSON.stringify(params)}`
  return [...new Map(issues.map((issue) => [key(issue), issue])).values()]
}
