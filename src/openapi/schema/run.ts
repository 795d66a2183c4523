/**
 * Judgements of single values: beginning one, and noting what it finds.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Run, SchemaNode } from './node.ts'
import { Scope } from './scope.ts'

const NONE: ReadonlySet<string> = new Set()
const BUDGET = 2000

/** Begins the judgement of one value. */
export function createRun(
  node: SchemaNode,
  { limit, meant, direction }: Pick<Run, 'limit' | 'meant' | 'direction'>,
): Run {
  return {
    issues: null,
    limit,
    meant,
    direction,
    path: [],
    scope: new Scope([node.resource]),
    marks: null,
    exempt: NONE,
    verdicts: new Map(),
    open: new Map(),
    budget: BUDGET,
  }
}

/** What an issue says of its keyword. */
export interface Broken {
  readonly message: string
  readonly params?: Readonly<Record<string, Json>>
}

/** Notes that the value breaks a keyword; the words are made only where someone listens. Always false. */
export function broken(run: Run, node: SchemaNode, keyword: string, words: () => Broken): false {
  const { issues } = run
  if (issues === null || issues.length >= run.limit) return false
  const { message, params } = words()
  issues.push({
    at: pointerTo('', ...run.path),
    keyword,
    message,
    params: params ?? {},
    schema: pointerTo(node.pointer, keyword),
  })
  return false
}

/** After something was found: is there any use in looking on? */
export function goesOn({ issues, limit }: Run): boolean {
  return issues !== null && issues.length < limit
}
