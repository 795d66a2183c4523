/**
 * J08: a request to make a job that comes again with its key makes no second job; with another body it is
 * refused.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import { statusOf } from '../../job-contract/job-contract.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { REFUSALS } from '../../model/refusal.ts'
import type { Operation } from '../../openapi/operation.ts'
import { cut, either, show } from '../display.ts'
import { refusalsOf } from '../documented-refusal.ts'
import type { Evidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import { sightsOf } from '../job/sight.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import { jsonBodySchema } from '../plan/body.ts'
import type { Judge } from '../subject.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'
import type { Life } from './life.ts'
import { nothingFor } from './paging.ts'

/** Sends the request of the operation with a body, and with the key of the life. */
export type Send = (purpose: string, body: JsonObject | null) => Promise<View>

/** Sends the request that made a job again, as it was and otherwise. */
export async function judgeIdempotency(
  life: Life,
  { operation, contract }: { readonly operation: Operation; readonly contract: OperationContract },
  body: JsonObject | null,
  send: Send,
): Promise<void> {
  const { recorder, made, aim } = life
  const add = (exchanges: number, findings: readonly Finding[]): void =>
    recorder.book.add({
      check: 'J08',
      operationId: operation.id,
      exchanges,
      findings,
      reason: null,
    } satisfies Evidence)
  const before = await newest(life)
  const again = await send('created, sent again with its key', body)
  add(2, sameJob(made, again, contract.id))
  const after = await newest(life)
  const more = before === null || after === null ? [] : secondJob(life, before, after)
  // Others make jobs, too: what is listed anew counts where it comes anew each time.
  if (before !== null && after !== null && more.length === 0) add(2, [])
  if (after !== null && more.length > 0) {
    await send('created, sent a third time with its key', body)
    const last = await newest(life)
    add(2, last === null ? [] : secondJob(life, after, last))
  }
  const other = body === null ? null : variationOf(aim.judge, operation, body)
  if (other === null) {
    recorder.book.add(nothingFor(operation.id, 'J08', 'no other body is known that the document allows'))
    return
  }
  const statuses = refusedBy(made)
  if (statuses === null) {
    recorder.book.add(nothingFor(operation.id, 'J08', 'no document says that its key refuses another body'))
    return
  }
  add(2, refused(made, await send('created, its key with another body', other), statuses))
}

function sameJob(made: View, again: View, at: string | null): readonly Finding[] {
  const [first, second] = [made, again].map((view) =>
    at === null ? undefined : readPointer(view.body ?? null, at),
  )
  const { status } = again.exchange.response
  if ([0, 401, 403, 429].includes(status) || status >= 500) return []
  if (isSuccess(again) && first === second) return []
  const what = isSuccess(again) ? `made job ${show(second)}` : `was answered ${status}`
  const message = `the request that made job ${show(first)} came again with its key and ${what}`
  const topic = `${made.operation.id} again`
  return [remarkOn(again, { check: 'J08', message, at: at ?? '', topic, beside: made.exchange })]
}

/** The statuses that refuse a key with another body; null where nothing says that it is refused. */
function refusedBy({ judge, operation }: View): readonly number[] | null {
  const { contract } = judge.subject
  if (contract === null) return null
  const wanted = [statusOf(contract, 'key_reused', REFUSALS.key_reused.status)]
  if (judge.subject.inferred !== true) return wanted
  // A 400 is for what is wrong in itself: it says nothing of what came before.
  const isSaid = ['409', '422'].some((status) => operation.responses.has(status))
  return isSaid ? refusalsOf(judge.subject, operation, wanted) : null
}

function refused(made: View, other: View, statuses: readonly number[]): readonly Finding[] {
  const { status, body } = other.exchange.response
  if ([0, 401, 403, 429].includes(status) || status >= 500 || statuses.includes(status)) return []
  const wanted = either(statuses.map(String))
  const message = `a key that came with another body before: must be ${wanted}, is ${status} ${cut(body)}`
  const topic = `${made.operation.id} other body`
  return [remarkOn(other, { check: 'J08', message, topic, beside: made.exchange })]
}

/** The first page of each list that shows such jobs. */
async function newest({ recorder, aim, scope, name }: Life): Promise<View | null> {
  const { subject } = aim.judge
  const operation = subject.document.operations.find(({ id }) => contractOf(subject, id)?.list != null)
  if (operation === undefined) return null
  const path = { ...pathFor(aim, operation, null), ...scope }
  const query = requiredQuery(aim, operation)
  const purpose = `${name}, how many there are`
  return recorder.ask(aimAt(aim, { operation, purpose, path, query, expects: { kind: 'documented' } }))
}

/** Jobs that stand before all that stood there. */
function secondJob({ id }: Life, before: View, after: View): readonly Finding[] {
  const [old, now] = [before, after].map((view) => sightsOf(view).map((sight) => sight.id))
  const known = new Set(old)
  if (!known.has(id)) return []
  const added = now?.find((each) => !known.has(each))
  const first = now?.indexOf(added ?? '') === 0
  if (added === undefined || !first) return []
  const message = `the request that made job ${id} came again with its key, and the list has job ${added} now`
  const topic = `${after.operation.id} second`
  const at = after.contract?.list?.at ?? ''
  return [remarkOn(after, { check: 'J08', message, at, topic, beside: before.exchange })]
}

/** Another body that the document allows; null where none is found. */
function variationOf(judge: Judge, operation: Operation, body: JsonObject): JsonObject | null {
  const schema = jsonBodySchema(operation)
  const variants = Object.entries(body).flatMap(([name, value]) =>
    othersThan(value).map((other) => ({ ...body, [name]: other })),
  )
  const valid = variants.find(
    (each) => schema !== null && judge.validator.check(schema, each, 1).length === 0,
  )
  return valid ?? null
}

function othersThan(value: Json): readonly Json[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1, value - 1]
  if (typeof value !== 'string') return []
  // The last digit of an id may be any; other texts may be longer.
  return [
    value.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0')),
    `${value} 2`,
    `${value}2`,
  ].filter((other) => other !== value)
}
