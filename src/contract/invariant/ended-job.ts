/**
 * What is asked of a job of the judge's own once it has ended: it reads the same ever after (J02), is not
 * cancelled any more and is not changed by being asked to be (J09), and its rows add up to its counters
 * (C02).
 *
 * @module
 */
import { statusOf } from '../../job-contract/job-contract.ts'
import { REFUSALS } from '../../model/refusal.ts'
import { cut, show } from '../display.ts'
import type { Finding } from '../finding.ts'
import { judgeFailedCount } from '../job/rows-law.ts'
import type { Sight } from '../job/sight.ts'
import { hasEnded, remarkOnSight, valueAt } from '../job/sight.ts'
import { largestLimit } from '../plan/aim.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'
import type { JobOperation, Life } from './life.ts'
import { askOf, isSame, lookAt, operationsOfJob, sightOf } from './life.ts'
import { waysOf } from './rows.ts'
import { walk } from './walk.ts'

const REREADS = 2
/** Time goes on while a job stands still. */
const REST_MS = 1_000
const MOST_PAGES = 12

/** Looks at a job that has ended from every side. */
export async function judgeEnded(life: Life, sight: Sight): Promise<void> {
  const { stage } = life
  for (let number = 1; number <= REREADS; number += 1) {
    await stage.time.wait(REST_MS)
    await lookAt(life, `ended, read ${number + 1}`)
  }
  for (const cancel of operationsOfJob(life.aim).cancels) await judgeLateCancel(life, cancel)
  await judgeCounters(life, sight)
}

/** Asks to cancel what has ended, and looks whether anything came of it. */
async function judgeLateCancel(life: Life, cancel: JobOperation): Promise<void> {
  const [teller] = operationsOfJob(life.aim).reads
  if (teller === undefined) return
  const before = sightOf(await askOf(life, teller, 'ended, before it is cancelled'))
  const asked = await askOf(life, cancel, 'ended, cancelled')
  const after = sightOf(await askOf(life, teller, 'ended, after it was cancelled'))
  if (before === null || after === null || !hasEnded(before.states)) return
  const findings = [...answerFaults(asked, before, cancel), ...changeFaults(asked, before, after)]
  const entry = { check: 'J09', operationId: cancel.operation.id, exchanges: 1, reason: null } as const
  life.recorder.book.add({ ...entry, findings })
}

/** It is refused as the contract says, unless it is allowed in that state. */
function answerFaults(
  asked: View,
  { states, word, view }: Sight,
  { contract }: JobOperation,
): readonly Finding[] {
  const { status, body } = asked.exchange.response
  const { subject } = asked.judge
  if (subject.contract === null || [0, 401, 403, 429].includes(status) || status >= 500) return []
  // That nothing came of it is all that a document promises, unless it has the refusal for this.
  if (subject.inferred === true && !(isSuccess(asked) && asked.operation.responses.has('409'))) return []
  const allowed = states.some((state) => contract.allowedIn.includes(state))
  const refused = states.some((state) => !contract.allowedIn.includes(state))
  const wanted = statusOf(subject.contract, 'job_ended', REFUSALS.job_ended.status)
  if (isSuccess(asked) ? allowed : refused && status === wanted) return []
  const must = refused ? `be ${wanted}` : 'be answered'
  const message = `the job is ${show(word)}, so cancelling it must ${must}, is ${status} ${cut(body)}`
  const topic = `${asked.operation.id} ended`
  return [remarkOn(asked, { check: 'J09', message, topic, beside: view.exchange })]
}

/** Whatever was answered, the job is as it was. */
function changeFaults(asked: View, before: Sight, after: Sight): readonly Finding[] {
  if (before.word === after.word && isSame(before, after)) return []
  const at = after.contract.state ?? ''
  const [was, is] = [before, after].map((sight) => show(valueAt(sight, at === '' ? null : at)))
  const what = before.word === after.word ? 'its answer' : `${at} from ${was} to ${is}`
  const message = `job ${after.id} had ended, yet being cancelled changed ${what}`
  const finding = remarkOnSight(after, { check: 'J09', at, message, topic: `${asked.operation.id} changes` })
  return [{ ...finding, exchanges: [asked.exchange, after.view.exchange] }]
}

/** Walks the rows of the ended job, where its progress counts those that failed. */
async function judgeCounters(life: Life, sight: Sight): Promise<void> {
  const { aim, recorder } = life
  if (sight.contract.progress?.failed == null) return
  for (const { operation, contract, job } of operationsOfJob(aim).reads) {
    const { rows } = contract
    const [way] = rows === null ? [] : waysOf(rows)
    if (rows === null || way === undefined || way === 'before') continue
    if (Object.keys(rows.failed).length === 0) continue
    const limit = largestLimit(aim, operation, rows.limit, { most: 1000, usual: 100 })
    const path = { ...life.scope, [job]: life.id }
    const plan = { operation, contract: rows, path, query: [], way, limit, maxPages: MOST_PAGES }
    const made = await walk(recorder, aim, { ...plan, name: `${life.name}, ended, its rows` })
    const findings = made.complete ? judgeFailedCount(made.pages, sight) : null
    if (findings === null) continue
    const entry = {
      check: 'C02',
      operationId: operation.id,
      exchanges: made.pages.length,
      reason: null,
    } as const
    recorder.book.add({ ...entry, findings })
  }
}
