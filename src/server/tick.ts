/**
 * Clocks that move when a job is read: `auto` jumps to the next instant at which anything changes in the
 * sandbox, `step` goes on by its step. Only reads of jobs move them.
 *
 * @module
 */
import type { OperationContract } from '../job-contract/job-contract.ts'
import { LAST_INSTANT_MS } from '../world/clock.ts'
import type { SandboxEvent } from '../world/event.ts'
import type { Turn } from '../world/sandboxes.ts'
import type { ApiWorld } from './api-world.ts'
import type { Input } from './read-input.ts'

const READS: ReadonlySet<string> = new Set(['status', 'results', 'list'])

/**
 * How a read moves the clock; null when it does not.
 *
 * @param nextMomentMs - The next instant at which anything changes in the sandbox.
 */
export function tickOf(
  { sandbox, nowMs }: Turn,
  world: ApiWorld,
  contract: OperationContract,
  input: Input,
  nextMomentMs: () => number | null,
): (SandboxEvent & { readonly type: 'clock_moved' }) | null {
  const { mode, stepMs } = sandbox.clock
  if ((mode !== 'auto' && mode !== 'step') || !READS.has(contract.role)) return null
  if (!readsLivingJob(world, contract, input, nowMs)) return null
  const toMs = mode === 'step' ? nowMs + stepMs : nextMomentMs()
  return toMs === null || nowMs >= LAST_INSTANT_MS
    ? null
    : { type: 'clock_moved', toMs: Math.min(toMs, LAST_INSTANT_MS) }
}

function readsLivingJob(
  { jobs }: ApiWorld,
  { role, job }: OperationContract,
  input: Input,
  nowMs: number,
): boolean {
  if (role === 'list') return jobs.nextMomentMs(nowMs) !== null
  const view = jobs.find(String(input.parameters.get(job ?? '')), nowMs)
  return view !== undefined && view.job.heldAtMs === null && view.endedAtMs === null
}
