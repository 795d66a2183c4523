/**
 * What must hold of one Dex job, alone and in a list, written again by hand.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Seen } from './seen.ts'
import { falseOf } from './seen.ts'

const at = (value: Json | undefined): number => Date.parse(String(value))
const list = (value: Json | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[]
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const isSet = (value: Json | undefined): boolean => value !== null && value !== undefined

function isUnique(values: readonly (Json | undefined)[]): boolean {
  return new Set(values).size === values.length
}

/** The laws on a job that any operation may be. */
function lawsOfJob(job: JsonObject, { id, state, nowMs, rows }: Seen): Record<string, boolean> {
  const { created_at, started_at, completed_at, operation, status } = job
  const ended = isSet(completed_at)
  const times = [created_at, started_at, completed_at].filter(isSet).map(at)
  const well = state === 'succeeded' || state === 'partially_succeeded'
  return {
    id: job['id'] === id,
    status: status === (state === 'queued' ? 'pending' : state),
    object: job['object'] === 'job',
    'has ended exactly with a completion time': ended === !['queued', 'running'].includes(state),
    'starts when it no longer waits, unless it was given up before':
      isSet(started_at) === (state !== 'queued') || (state === 'cancelled' && rows === 0),
    'instants rise, and none is of the future':
      same(
        times,
        [...times].sort((a, b) => a - b),
      ) && times.every((ms) => ms <= nowMs),
    'failed exactly with an error': isSet(job['error']) === (state === 'failed'),
    'ended well exactly with a result': isSet(job['result']) === well,
    'a batch exactly with progress': isSet(job['progress']) === (operation === 'batch_parse'),
    'only a batch has rows, or ends in part':
      operation === 'batch_parse' || (rows === 0 && state !== 'partially_succeeded'),
    'only what works on one document has a source':
      isSet(job['source_id']) === ['parse', 'extract', 'chunk', 'summarization'].includes(String(operation)),
  }
}

/** The laws on the steps of a job. */
function lawsOfHistory(job: JsonObject): Record<string, boolean> {
  const steps = list(job['history'])
  const last = steps.at(-1) ?? {}
  const ends = steps.map((step) => at(step['timestamp']) + Number(step['duration_ms']))
  const begins = [...steps.slice(1).map((step) => at(step['timestamp']))]
  return {
    'waits first': steps[0]?.['step'] === 'queued' && same(steps[0]['timestamp'], job['created_at']),
    'works as soon as it has started':
      steps.length === 1 ? !isSet(job['started_at']) : same(steps[1]?.['timestamp'], job['started_at']),
    'each step begins where the one before ends': begins.every((ms, place) => ms === ends[place]),
    'the last step ends with the job': isSet(job['completed_at'])
      ? ends.at(-1) === at(job['completed_at'])
      : last['duration_ms'] === null,
    'every other step has ended': steps.slice(0, -1).every((step) => isSet(step['duration_ms'])),
    'no step takes less than no time': steps.every((step) => Number(step['duration_ms']) >= 0),
    'the last step is in the state of the job': last['status'] === job['status'],
    'every other step succeeded': steps.slice(0, -1).every((step) => step['status'] === 'succeeded'),
    'no step is taken twice': isUnique(steps.map((step) => step['step'])),
  }
}

/** The laws on a batch and its children; none where the job is another. */
function lawsOfBatch(job: JsonObject, { state, outcome, rows }: Seen): Record<string, boolean> {
  if (!isSet(job['progress'])) return {}
  const progress = job['progress'] as JsonObject
  const children = list(progress['child_jobs'])
  const statuses = children.map((child) => child['status'])
  const count = (status: string): number => statuses.filter((other) => other === status).length
  const results = children.map((child) => child['parse_result_id']).filter(isSet)
  const { total, succeeded, failed, cancelled, pending } = progress
  const unbegun = Number(total) - children.length
  const active = statuses.findIndex((status) => status === 'running' || status === 'cancelled')
  const untrue = outcome === 'succeeded' ? failed : outcome === 'failed' ? succeeded : 0
  return {
    'every row is a child': children.length === rows,
    'counts are those of the children': count('succeeded') === succeeded && count('failed') === failed,
    'what was never begun waits or is given up':
      unbegun >= 0 && same([pending, cancelled], unbegunCounts(state, unbegun, count('cancelled'))),
    'the total is the counts and what runs':
      total === Number(succeeded) + Number(failed) + Number(cancelled) + Number(pending) + count('running'),
    'children run exactly while the job does': state === 'running' || count('running') === 0,
    'children are given up only with the job': state === 'cancelled' || count('cancelled') === 0,
    'the first to begin are the first to end':
      active < 0 || statuses.slice(active).every((status) => status === statuses[active]),
    'what will end well loses nothing, what will fail wins nothing': untrue === 0,
    'in part is neither all nor nothing':
      state !== 'partially_succeeded' || (Number(succeeded) > 0 && Number(failed) > 0),
    'every document is begun where the job runs to its end':
      ['queued', 'running', 'cancelled'].includes(state) || unbegun === 0,
    'children differ': ['job_id', 'source_document_id'].every((name) =>
      isUnique(children.map((child) => child[name])),
    ),
    'parse results differ': isUnique(results),
    'a child that succeeded exactly has a parse result': children.every(
      (child) => isSet(child['parse_result_id']) === (child['status'] === 'succeeded'),
    ),
    'a child that failed exactly has an error': children.every(
      (child) => isSet(child['error']) === (child['status'] === 'failed'),
    ),
    'the result lists the parse results in their order':
      job['result'] === null || same((job['result'] as JsonObject)['parse_result_ids'], results),
    'the step tells of all documents': list(job['history'])
      .slice(1)
      .every((step) => (step['details'] as JsonObject | null)?.['source_documents'] === total),
    'the error tells of all documents': job['error'] === null || String(job['error']).includes(` ${total} `),
  }
}

function unbegunCounts(state: string, unbegun: number, stopped: number): readonly [number, number] {
  return state === 'cancelled' ? [0, unbegun + stopped] : [unbegun, 0]
}

/** The laws on results whose shape is ours. */
function lawsOfResult({ result, operation, id }: JsonObject): Record<string, boolean> {
  if (result === null || result === undefined) return {}
  const { fields, parse_result_id } = result as JsonObject
  const invoice = (fields ?? {}) as JsonObject
  const cents = list(invoice['lines']).reduce(
    (sum, line) => sum + Number(line['quantity']) * Math.round(Number(line['unit_price']) * 100),
    0,
  )
  return {
    'an invoice is the sum of its lines':
      operation !== 'extract' || cents === Math.round(Number(invoice['total']) * 100),
    'a parse result is another thing than its job':
      operation !== 'parse' || (isSet(parse_result_id) && parse_result_id !== id),
    'a result is not empty': Object.keys(result as JsonObject).length > 0,
  }
}

/** The laws that a job breaks, and whether the list shows the same of it. */
export function brokenLaws(seen: Seen): readonly string[] {
  const { getJob: job = {}, listJobs: item = {} } = seen.answers
  return falseOf({
    'the list shows what the job shows': same(item, job),
    ...lawsOfJob(job, seen),
    ...lawsOfHistory(job),
    ...lawsOfBatch(job, seen),
    ...lawsOfResult(job),
  })
}
