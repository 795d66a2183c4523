/**
 * Selections: which checks of which operations are made, how grave what they find is, and which share of the
 * work one of several runs does. What a selection leaves out is neither sent nor told of.
 *
 * @module
 */
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import { hashText } from '../random/key.ts'
import type { CheckName, Level } from './finding.ts'
import { CHECK_NAMES } from './finding.ts'
import { isFindingId, sideOf } from './finding-id.ts'
import type { Subject } from './subject.ts'

/** How a check's findings count. */
export type Severity = 'off' | 'warn' | 'error'

/** One of several runs that share the work; `index` counts from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** What is asked for. */
export interface SelectionOptions {
  /** Ids of findings, names of checks, ids of operations; empty for everything. */
  readonly only?: readonly string[]
  readonly shard?: Shard
  /** Stop at the first finding of what is asked for: that something is broken is all that is to be known. */
  readonly untilBroken?: boolean
  readonly severities?: Readonly<Partial<Record<CheckName, Severity>>>
}

/** What is asked for, understood for one API. */
export interface Selection {
  /** Is a check of an operation made? */
  wants(check: CheckName, operationId: string): boolean
  /** Is any check of an operation made? */
  wantsOperation(operationId: string): boolean
  /** Is a finding told of? */
  tells(id: string): boolean
  /** Ids of findings, where nothing but these is asked for; null else. */
  readonly findings: ReadonlySet<string> | null
  /** Is a piece of work of this name done here? */
  takes(name: string): boolean
  levelOf(check: CheckName, level: Level): Level
  /** Is one finding enough? */
  readonly untilBroken: boolean
  /** Is everything looked at that can be? */
  readonly whole: boolean
  /** Null where the run shares its work with no other. */
  readonly shard: Shard | null
}

/** What the texts of `only` mean. */
interface Terms {
  readonly findings: ReadonlySet<string>
  /** Checks of operations, as `check operation`, that findings are asked for of. */
  readonly sides: ReadonlySet<string>
  readonly checks: ReadonlySet<string>
  readonly operations: ReadonlySet<string>
}

/**
 * Understands what is asked for. Findings are told by their ids; of checks and operations, where both are
 * named, the named checks of the named operations are made.
 *
 * @throws {@link UsageError} when a text names nothing of the API.
 */
export function createSelection(subject: Subject, options: SelectionOptions = {}): Selection {
  const only = options.only ?? []
  const terms = termsOf(subject, only)
  const severities = options.severities ?? {}
  const { shard } = options
  const named = terms.checks.size > 0 || terms.operations.size > 0
  const isChosen = (check: string, operationId: string): boolean => {
    if (only.length === 0 || terms.sides.has(`${check} ${operationId}`)) return true
    if (!named) return false
    const byCheck = terms.checks.size === 0 || terms.checks.has(check)
    return byCheck && (terms.operations.size === 0 || terms.operations.has(operationId))
  }
  const wants = (check: CheckName, operationId: string): boolean =>
    severities[check] !== 'off' && isChosen(check, operationId)
  return {
    wants,
    untilBroken: options.untilBroken === true,
    wantsOperation: (operationId) => CHECK_NAMES.some((check) => wants(check, operationId)),
    tells: (id) => terms.findings.size === 0 || named || terms.findings.has(id),
    findings: terms.findings.size === 0 || named ? null : terms.findings,
    takes: (name) => shard === undefined || hashText(name) % shard.count === shard.index - 1,
    levelOf: (check, level) => (severities[check] === undefined ? level : LEVELS[severities[check]]),
    whole: only.length === 0 && shard === undefined,
    shard: shard ?? null,
  }
}

const LEVELS: Readonly<Record<Severity, Level>> = { off: 'warning', warn: 'warning', error: 'error' }

/** Does a text that is asked for name something of an API? */
export function isNamed({ document }: Subject, text: string): boolean {
  if (document.operations.some(({ id }) => id === text)) return true
  return (CHECK_NAMES as readonly string[]).includes(text) || sidesOf(document, text).length > 0
}

function termsOf(subject: Subject, only: readonly string[]): Terms {
  const { document } = subject
  const operationIds = document.operations.map(({ id }) => id)
  const isCheck = (text: string): boolean => (CHECK_NAMES as readonly string[]).includes(text)
  const unknown = only.find((text) => !isNamed(subject, text))
  if (unknown !== undefined) {
    const near = suggestion(unknown, [...CHECK_NAMES, ...operationIds])
    throw new UsageError(
      `${document.id} has no check, operation or finding that is called \`${unknown}\`${near}`,
    )
  }
  const findings = only.filter((text) => !isCheck(text) && !operationIds.includes(text))
  return {
    findings: new Set(findings),
    sides: new Set(findings.flatMap((text) => sidesOf(document, text))),
    checks: new Set(only.filter(isCheck)),
    operations: new Set(only.filter((text) => operationIds.includes(text) && !isCheck(text))),
  }
}

/** The checks of operations, as `check operation`, that the id of a finding may be of. */
function sidesOf({ id, operations }: Subject['document'], text: string): readonly string[] {
  if (!isFindingId(text)) return []
  const side = text.replace(/-.*/, '')
  return operations.flatMap((operation) =>
    CHECK_NAMES.filter((check) => sideOf(id, check, operation.id) === side).map(
      (check) => `${check} ${operation.id}`,
    ),
  )
}
