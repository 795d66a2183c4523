/**
 * Applying schemas to values: to the same value, to a part of it, for the verdict alone. A verdict on a
 * schema that several references lead to is remembered, so that no recursive schema costs exponential time.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { exemptOf } from './direction.ts'
import { Marks } from './marks.ts'
import type { Run, SchemaNode, Verdict } from './node.ts'
import { goesOn } from './run.ts'

/** Applies a schema to the value its owner is applied to. */
export function applyHere(node: SchemaNode, value: Json, run: Run): boolean {
  const outer = run.marks
  if (outer === null && !node.marks) return apply(node, value, run)
  const own = new Marks()
  run.marks = own
  const right = apply(node, value, run)
  run.marks = outer
  // What a broken schema has seen does not count; but while issues are told it would only make noise.
  if (outer !== null && (right || run.issues !== null)) outer.add(own)
  return right
}

/** Applies a schema to a member or an item of the value. */
export function applyChild(node: SchemaNode, value: Json, key: string | number, run: Run): boolean {
  run.path.push(key)
  const right = applyAfresh(node, value, run)
  run.path.pop()
  return right
}

/** Applies a schema to a value that no other is applied to: a whole, a member, the name of one. */
export function applyAfresh(node: SchemaNode, value: Json, run: Run): boolean {
  const { marks, exempt } = run
  run.marks = node.marks ? new Marks() : null
  if (run.direction !== null) run.exempt = exemptOf(node, run.direction)
  const right = apply(node, value, run)
  run.marks = marks
  run.exempt = exempt
  return right
}

/** Is the value right by a schema? Nothing is told; marks are taken over where it is. */
export function isRight(node: SchemaNode, value: Json, run: Run): boolean {
  const { issues } = run
  run.issues = null
  const right = applyHere(node, value, run)
  run.issues = issues
  return right
}

/** The issues a schema alone would tell of. */
export function issuesOf(node: SchemaNode, value: Json, run: Run): readonly Issue[] {
  const { issues } = run
  const own: Issue[] = []
  run.issues = own
  applyHere(node, value, run)
  run.issues = issues
  return own
}

function apply(node: SchemaNode, value: Json, run: Run): boolean {
  const { scope } = run
  if (scope.resources[0] !== node.resource) run.scope = scope.enter(node.resource)
  const right =
    node.references > 1 && typeof value === 'object' && value !== null
      ? applyOnce(node, value, run)
      : applyChecks(node, value, run)
  run.scope = scope
  return right
}

function applyChecks(node: SchemaNode, value: Json, run: Run): boolean {
  let right = true
  if (run.issues !== null) run.budget -= 1
  for (const check of node.checks) {
    if (check(value, run)) continue
    right = false
    if (!goesOn(run)) return false
  }
  return right
}

function applyOnce(node: SchemaNode, value: object & Json, run: Run): boolean {
  const verdict = knownVerdict(node, value, run) ?? newVerdict(node, value, run)
  if (verdict.marks !== null && run.marks !== null && verdict.marks !== run.marks)
    run.marks.add(verdict.marks)
  if (verdict.right || run.issues === null) return verdict.right
  return run.meant ? tellOnce(node, value, run, verdict) : applyChecks(node, value, run)
}

/** Several branches of a union may come to the same part: what is wrong with it is found out once. */
function tellOnce(node: SchemaNode, value: Json, run: Run, verdict: Verdict): false {
  const { issues } = run
  const here = pointerTo('', ...run.path)
  if (verdict.told === null) {
    const own: Issue[] = []
    run.issues = own
    applyChecks(node, value, run)
    run.issues = issues
    verdict.told = own.map((issue) => ({ ...issue, at: issue.at.slice(here.length) }))
  }
  const room = run.limit - (issues?.length ?? 0)
  for (const issue of verdict.told.slice(0, room)) issues?.push({ ...issue, at: here + issue.at })
  return false
}

function knownVerdict(node: SchemaNode, value: object, run: Run): Verdict | undefined {
  const verdicts = run.verdicts.get(node)?.get(value)
  return verdicts?.find(
    ({ scope, exempt, marks }) =>
      scope === run.scope && exempt === run.exempt && (marks !== null || run.marks === null),
  )
}

function newVerdict(node: SchemaNode, value: object & Json, run: Run): Verdict {
  const { issues, scope, exempt } = run
  run.issues = null
  const right = applyChecks(node, value, run)
  run.issues = issues
  const verdict = { scope, exempt, right, marks: run.marks, told: null }
  // Inside of a discriminator's own question the answer is not the whole one.
  for (const open of run.open.values()) if (open.has(value)) return verdict
  const values = run.verdicts.get(node) ?? new Map<object, Verdict[]>()
  run.verdicts.set(node, values)
  const verdicts = values.get(value)
  if (verdicts === undefined) values.set(value, [verdict])
  else verdicts.push(verdict)
  return verdict
}
