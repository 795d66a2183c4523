/**
 * What is asked about a job that the target was known to have: whether its links lead to it, and whether it
 * shows no rows while it is known to wait. Nothing is written.
 *
 * @module
 */
import { judgeEmptyPage } from '../job/rows-law.ts'
import { sightsOf } from '../job/sight.ts'
import type { Aim } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, standsStill } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import type { View } from '../view.ts'
import { judgeLinks } from './links.ts'

/** Looks at what one answer about a known job says of it. */
export async function judgeKnownJob(recorder: Recorder, aim: Aim, view: View, job: JobRef): Promise<void> {
  // What an answer says of its own state its chronicle has held against its rows already.
  const tells = sightsOf(view).some(({ word }) => word !== null)
  const findings =
    job.state === 'queued' && standsStill(job) && !tells ? judgeEmptyPage(view, callJob(job)) : null
  if (findings !== null) {
    const entry = { check: 'J12', operationId: view.operation.id, exchanges: 1, reason: null } as const
    recorder.book.add({ ...entry, findings })
  }
  await judgeLinks(recorder, aim, view)
}
