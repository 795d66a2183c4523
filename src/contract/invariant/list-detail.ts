/**
 * X02: a list shows of a job that stands still what its detail shows.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { show } from '../display.ts'
import { without } from '../job/state-law.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, standsStill } from '../plan/job-ref.ts'
import { contractOf } from '../subject.ts'
import { isSuccess } from '../view.ts'
import type { ListPlan } from './list-walk.ts'
import type { Listed } from './listed.ts'
import { note, remark } from './listed.ts'
import { nothingFor } from './paging.ts'

/** Jobs of a list that are compared with their details. */
const SAMPLE = 8

/** The words of states in which a job stays as it is, and of no other. */
function endedWords({ contract }: Aim['judge']['subject']): ReadonlySet<Json> {
  const { queued, running, ...ended } = contract?.states ?? {}
  return new Set(Object.values(ended).filter((word) => word !== queued && word !== running))
}

/** A list shows of a job that stands still what its detail shows. */
export async function judgeDetails(list: Listed, jobs: readonly JobRef[]): Promise<void> {
  const { recorder, aim, reference } = list
  const { plan } = reference
  const operation = aim.judge.operations.get(plan.list.of)
  const state = contractOf(aim.judge.subject, plan.list.of)?.state ?? null
  const words = endedWords(aim.judge.subject)
  const still = reference.jobs.filter(({ id, item }) => {
    const job = jobs.find((each) => each.id === id)
    const word = state === null ? undefined : readPointer(item, state)
    return (job !== undefined && standsStill(job)) || (word !== undefined && words.has(word))
  })
  if (operation === undefined || still.length === 0) {
    recorder.book.add(nothingFor(plan.operation.id, 'X02', 'no listed job is known to stand still'))
    return
  }
  // What may change though the job stands still may differ from one answer to the next.
  const { volatile = [] } = contractOf(aim.judge.subject, plan.list.of) ?? {}
  const shownIn = (body: Json): Json => without(body, volatile)
  for (const listed of still.slice(0, SAMPLE)) {
    const job = jobs.find(({ id }) => id === listed.id) ?? { id: listed.id }
    const path = { ...pathFor(aim, operation, job), ...withoutOwn(aim, plan) }
    const purpose = `${callJob(job)}, to compare with the list`
    const query = requiredQuery(aim, operation)
    const expects = { kind: 'answered', pointer: operation.pointer } as const
    const view = await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects }))
    if (!isSuccess(view)) continue
    const same = canonicalText(shownIn(view.body ?? null)) === canonicalText(shownIn(listed.item))
    const at = same ? '' : differingAt(shownIn(listed.item), shownIn(view.body ?? null))
    const [told, shown] = [listed.item, view.body ?? null].map((each) => show(readPointer(each, at)))
    const message = `${callJob(job)}: ${at} is ${told} in the list, ${shown} in its detail`
    const what = { check: 'X02', message, at: plan.list.at, topic: at } as const
    const detail = { ...reference, pages: [{ ...listed.page, view }] }
    await note(list, reference, 'X02', same ? [] : remark(reference, detail, what))
  }
}

/** What the list's path says of whose jobs these are. */
function withoutOwn(aim: Aim, { path, list }: ListPlan): Readonly<Record<string, string>> {
  const own = contractOf(aim.judge.subject, list.of)?.job ?? ''
  return Object.fromEntries(Object.entries(path).filter(([name]) => name !== own))
}

/** The first member that differs, or the whole. */
function differingAt(a: Json, b: Json): string {
  const names = new Set([a, b].flatMap((each) => (isScalar(each) ? [] : Object.keys(each ?? {}))))
  const differs = (at: string): boolean =>
    canonicalText(readPointer(a, at) ?? null) !== canonicalText(readPointer(b, at) ?? null)
  return [...names].map((name) => `/${name}`).find(differs) ?? ''
}
