/**
 * X02: a list shows of a job that stands still what its detail shows, though it may show less of it.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { pointerTo, readPointer, segmentsOf } from '../../model/pointer.ts'
import { show } from '../display.ts'
import { without } from '../job/state-law.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, standsStill } from '../plan/job-ref.ts'
import { requiredAt, schemaPlace } from '../schema-place.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
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
    const isOwed = (place: string): boolean => isRequired(listed.page.view, `${plan.list.at}/*${place}`)
    const differing = differingAt(shownIn(listed.item), shownIn(view.body ?? null), isOwed)
    const at = differing ?? ''
    const [told, shown] = [listed.item, view.body ?? null].map((each) => show(readPointer(each, at)))
    const message = `${callJob(job)}: ${at} is ${told} in the list, ${shown} in its detail`
    const what = { check: 'X02', message, at: plan.list.at, topic: at } as const
    const detail = { ...reference, pages: [{ ...listed.page, view }] }
    await note(list, reference, 'X02', differing === null ? [] : remark(reference, detail, what))
  }
}

/** What the list's path says of whose jobs these are. */
function withoutOwn(aim: Aim, { path, list }: ListPlan): Readonly<Record<string, string>> {
  const own = contractOf(aim.judge.subject, list.of)?.job ?? ''
  return Object.fromEntries(Object.entries(path).filter(([name]) => name !== own))
}

/**
 * The first place that differs; null where there is none. A list may show less of a job than its detail:
 * what stands in one of them alone counts where the list must show it.
 */
function differingAt(listed: Json, shown: Json, isOwed: (place: string) => boolean, at = ''): string | null {
  const [left, right] = [childrenOf(listed), childrenOf(shown)]
  const lists = Array.isArray(listed) || Array.isArray(shown)
  const unlike = Array.isArray(listed) !== Array.isArray(shown) || (lists && left?.size !== right?.size)
  if (left === null || right === null || unlike) {
    return canonicalText(listed) === canonicalText(shown) ? null : at
  }
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name), right.get(name)]
    const place = pointerTo(at, name)
    if (a === undefined || b === undefined) {
      if (isOwed(place)) return place
      continue
    }
    const inner = differingAt(a, b, isOwed, place)
    if (inner !== null) return inner
  }
  return null
}

function childrenOf(value: Json): ReadonlyMap<string, Json> | null {
  return isScalar(value) ? null : new Map(Object.entries(value))
}

/** Does the document require the member at a place of a list's answer? */
function isRequired({ media, judge }: View, place: string): boolean {
  const segments = segmentsOf(place)
  const name = segments.at(-1)
  if (media?.schema == null || name === undefined) return false
  const { json } = judge.subject.document
  const owner = schemaPlace(json, media.schema, pointerTo('', ...segments.slice(0, -1)))
  const isDescribed = schemaPlace(json, media.schema, place) !== owner
  return isDescribed && requiredAt(json, owner).includes(name)
}
