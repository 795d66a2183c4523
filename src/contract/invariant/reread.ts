/**
 * S03: a job that stands still reads the same twice, byte for byte but for what the job contract calls
 * volatile; where an entity tag is sent, it names one body, and asking with it gets a 304 without one.
 *
 * @module
 */
import { statusOf } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { canonicalText, isObject } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { REFUSALS } from '../../model/refusal.ts'
import type { Operation } from '../../openapi/operation.ts'
import { cut, show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import { without } from '../job/state-law.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import type { Expectation } from '../plan/case.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, standsStill } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import { schemaPlace } from '../schema-place.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'

/** What two reads of a job brought. */
export interface Reread {
  readonly first: View
  /** The two answers were successful and equal. */
  readonly still: boolean
}

/** Reads an operation of a job twice, and a third time by its entity tag. */
export async function reread(
  recorder: Recorder,
  aim: Aim,
  operation: Operation,
  job: JobRef,
): Promise<Reread> {
  const shot = {
    operation,
    path: pathFor(aim, operation, job),
    query: requiredQuery(aim, operation),
    expects: expectationFor(aim, operation, job),
  }
  const first = await recorder.ask(aimAt(aim, { ...shot, purpose: callJob(job) }))
  const second = await recorder.ask(aimAt(aim, { ...shot, purpose: `${callJob(job)}, read again` }))
  const same = first.exchange.response.body === second.exchange.response.body
  const still = same || (isSuccess(first) && isSuccess(second) && textOf(first) === textOf(second))
  recorder.book.add(judgeReread(job, first, second, still))
  const tag = first.exchange.response.headers['etag']
  if (tag === undefined || !isSuccess(first)) return { first, still: still && isSuccess(first) }
  recorder.book.add(judgeTags(first, second, still))
  if (!same) return { first, still: still && isSuccess(first) }
  for (const [sent, purpose, wanted] of conditionsFor(job, tag)) {
    const headers = { 'if-none-match': sent }
    const third = await recorder.ask(
      aimAt(aim, {
        ...shot,
        headers,
        purpose: `${callJob(job)}, ${purpose}`,
        expects: { kind: 'documented' },
      }),
    )
    recorder.book.add(judgeCondition(first, third, sent, wanted))
  }
  return { first, still: still && isSuccess(first) }
}

/** A body byte for byte; where something in it may change though the job stands still, all but that. */
function textOf({ body, contract, exchange }: View): string {
  if ((contract?.volatile ?? []).length === 0) return exchange.response.body
  return canonicalText(without(body ?? null, contract?.volatile ?? []))
}

/** Values of If-None-Match, why each is sent, and whether it names what is there. */
function conditionsFor(job: JobRef, tag: string): readonly (readonly [string, string, boolean])[] {
  const plain: readonly [string, string, boolean] = [tag, 'unless changed', true]
  // One job is enough to see how lists, weak tags and tags that were never given are read.
  if (job.name !== 'many-pages' && job.name !== undefined) return [plain]
  const other = tag.startsWith('W/') ? tag.slice(2) : `W/${tag}`
  return [
    plain,
    [`"standin-none", ${other}`, 'unless changed, by a list of tags and a weak one', true],
    ['"standin-none"', 'unless it is what nobody was given', false],
  ]
}

/** A job that stands still must be answered, or refused where its state does not allow the operation. */
function expectationFor({ judge }: Aim, operation: Operation, job: JobRef): Expectation {
  const { contract } = judge.subject
  const own = contractOf(judge.subject, operation.id)
  const { state } = job
  if (contract === null || own === null || state === undefined || !standsStill(job)) {
    return { kind: 'documented' }
  }
  const { pointer } = operation
  // In which states an operation is answered stands in no document.
  if (judge.subject.inferred === true) return { kind: 'documented' }
  if (own.allowedIn.includes(state)) return { kind: 'answered', pointer }
  const usual = REFUSALS.job_not_finished.status
  const statuses = [statusOf(contract, 'job_not_finished', usual)]
  return { kind: 'refused', check: 'job_state', statuses, pointer, fault: `${callJob(job)} is ${state}` }
}

function evidence(view: View, findings: readonly Finding[]): Evidence {
  return { check: 'S03', operationId: view.operation.id, exchanges: 2, findings, reason: null }
}

/** A job that may still run may read differently; that it does not is what walks need. */
function judgeReread(job: JobRef, first: View, second: View, still: boolean): Evidence {
  if (!standsStill(job)) {
    const reason = `${callJob(job)} may still run`
    return { check: 'S03', operationId: first.operation.id, exchanges: 0, findings: [], reason }
  }
  const [a, b] = [first.exchange.response, second.exchange.response]
  if (still && a.status === b.status) return evidence(first, [])
  const [before, after] = [first, second].map(({ body, contract }) =>
    without(body ?? null, contract?.volatile ?? []),
  )
  const difference = differenceOf(before ?? null, after ?? null, '')
  const what =
    a.status !== b.status
      ? `the status is ${b.status}, was ${a.status}`
      : difference === null
        ? `the bytes differ: ${cut(b.body)}`
        : `${difference.at || 'the body'} is ${show(difference.after)}, was ${show(difference.before)}`
  const message = `${callJob(job)} stands still, yet reads differently the second time: ${what}`
  const schema = second.media?.schema ?? null
  const json = second.judge.subject.document.json
  return evidence(first, [
    remarkOn(second, {
      check: 'S03',
      message,
      at: difference?.at ?? '',
      ...(schema === null ? {} : { pointer: schemaPlace(json, schema, difference?.at ?? '') }),
      beside: first.exchange,
    }),
  ])
}

interface Difference {
  readonly at: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** The first place at which two values differ. */
function differenceOf(before: Json, after: Json, at: string): Difference | null {
  const lists = Array.isArray(before) && Array.isArray(after)
  if (!lists && !(isObject(before) && isObject(after))) {
    return canonicalText(before) === canonicalText(after) ? null : { at, before, after }
  }
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name) as Json | undefined, right.get(name) as Json | undefined]
    const place = pointerTo(at, name)
    if (a === undefined || b === undefined) return { at: place, before: a, after: b }
    const inner = differenceOf(a, b, place)
    if (inner !== null) return inner
  }
  return null
}

/** A strong tag stands for these bytes, a weak one for what they mean; other bodies have other tags. */
function judgeTags(first: View, second: View, still: boolean): Evidence {
  const [tag, again] = [first, second].map(({ exchange }) => exchange.response.headers['etag'])
  const same = first.exchange.response.body === second.exchange.response.body
  const isWeak = tag?.startsWith('W/') === true
  if (!isSuccess(second)) return evidence(second, [])
  const message =
    same && tag !== again
      ? `the entity tag is ${show(again)} for the bytes that had ${show(tag)}`
      : !same && tag === again && !(isWeak && still)
        ? `the entity tag ${tag} stands for two bodies that differ`
        : null
  const remark = { check: 'S03', message: message ?? '', topic: 'etag', beside: first.exchange } as const
  return evidence(second, message === null ? [] : [remarkOn(second, remark)])
}

/** What names the body that is there is answered 304, without a body; anything else with the body. */
function judgeCondition(first: View, third: View, sent: string, wanted: boolean): Evidence {
  const { status, body } = third.exchange.response
  const message =
    status >= 400 || status === 0
      ? null
      : wanted && status !== 304
        ? `asked with the entity tag ${sent}, must answer 304, answered ${status}`
        : !wanted && status === 304
          ? `asked with the entity tag ${sent}, which it never gave, answers 304`
          : status === 304 && body !== ''
            ? `a 304 must have no body, has ${cut(body)}`
            : null
  const remark = { check: 'S03', message: message ?? '', topic: 'etag', beside: first.exchange } as const
  return evidence(third, message === null ? [] : [remarkOn(third, remark)])
}
