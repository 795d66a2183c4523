/**
 * Recorded exchanges judged: each by the checks of one exchange, and pages that belong to one query as the
 * walk they form. Nothing is sent.
 *
 * @module
 */
import type { Thresholds } from './coverage/summary.ts'
import type { Exchange } from './exchange.ts'
import { createTraffic } from './live.ts'
import type { SelectionOptions } from './select.ts'
import type { Subject } from './subject.ts'
import type { Verdict } from './verdict.ts'

/** How recorded exchanges are judged. */
export interface RecordedOptions {
  /** What may stand before the document's paths beside its servers' paths. */
  readonly basePaths?: readonly string[]
  /** The only URLs or paths that requests may begin with. */
  readonly bases?: readonly string[]
  /** Where the exchanges come from, for people. */
  readonly label?: string
  readonly seed?: number
  readonly selection?: SelectionOptions
  readonly thresholds?: Thresholds
}

/**
 * Judges recorded exchanges, in the order in which they were sent.
 *
 * @throws {@link UsageError} when a schema of the document does not compile.
 */
export async function checkExchanges(
  subject: Subject,
  exchanges: readonly Exchange[],
  options: RecordedOptions = {},
): Promise<Verdict> {
  const { bases = [], label = 'recorded exchanges', seed = 1 } = options
  const traffic = createTraffic(subject, {
    bases: bases.length > 0 ? bases : basesOf(subject, options.basePaths ?? []),
    walks: 'at the end',
  })
  for (const exchange of exchanges) await traffic.judge(exchange)
  const { selection, thresholds } = options
  return traffic.verdict(label, seed, { selection, thresholds })
}

/**
 * Where the document's paths may stand: behind the paths of its servers, each behind a mount too, or alone.
 */
export function basesOf({ document }: Subject, mounts: readonly string[]): readonly string[] {
  const own = [...document.basePaths, '']
  return [...new Set([...mounts.flatMap((mount) => own.map((base) => `${mount}${base}`)), ...own])]
}
