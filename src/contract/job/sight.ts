/**
 * Sights: what one answer tells of one job. The answer of a job's own operation is one, and so is each item
 * of a list of jobs; what the job contract says of a job's words is looked up once.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { JobState } from '../../model/job.ts'
import { JOB_STATES, TERMINAL_STATES } from '../../model/job.ts'
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { pathOf } from '../exchange.ts'
import type { Finding, Remark } from '../finding.ts'
import { placesAt } from '../operand.ts'
import { schemaPlace } from '../schema-place.ts'
import type { Subject } from '../subject.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'
import { kindOf } from './kind.ts'

/** One look at one job. */
export interface Sight {
  readonly view: View
  /**
   * What the job contract says of the job's words; for an item of a list that of the item's own operation.
   */
  readonly contract: OperationContract
  readonly id: string
  /** Names the job among all that are seen: two worlds may have jobs of one id. */
  readonly key: string
  /** Which answers may be compared member by member: those of one operation, whole or as items. */
  readonly source: string
  /** Where the job stands in the answer; empty where the answer is the job. */
  readonly base: string
  readonly job: Json
  /** The vendor's word for its state; null where the answer does not tell. */
  readonly word: string | null
  /** The states that the word stands for; empty where it is not known. */
  readonly states: readonly JobState[]
}

/** The states that a vendor's word stands for. */
export function statesOf({ contract }: Subject, word: Json | undefined): readonly JobState[] {
  if (contract === null || typeof word !== 'string') return []
  const { states, synonyms } = contract
  const own = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined
  return JOB_STATES.filter((state) => states[state] === word || own === state)
}

const ENDED: ReadonlySet<JobState> = new Set(TERMINAL_STATES)

/** Has a job ended, whichever of these states it is in? */
export function hasEnded(states: readonly JobState[]): boolean {
  return states.length > 0 && states.every((state) => ENDED.has(state))
}

/** The jobs that a successful answer tells of. */
export function sightsOf(view: View): readonly Sight[] {
  const { contract, body, judge, operation } = view
  if (contract === null || body === undefined || !isSuccess(view)) return []
  const list = contract.list
  if (list !== null) {
    const detail = contractOf(judge.subject, list.of)
    if (detail === null) return []
    const source = `${operation.id} ${list.at}`
    return placesAt(body, `${list.at}/*`).flatMap(({ at, value }) => sightAt(view, detail, source, at, value))
  }
  return sightAt(view, contract, operation.id, '', body)
}

function sightAt(
  view: View,
  contract: OperationContract,
  source: string,
  base: string,
  job: Json,
): readonly Sight[] {
  const told = contract.id === null ? undefined : readPointer(job, contract.id)
  const asked = contract.job === null || base !== '' ? undefined : view.path[contract.job]
  const id = typeof told === 'string' || typeof told === 'number' ? String(told) : asked
  if (id === undefined || id === '') return []
  const word = contract.state === null ? undefined : readPointer(job, contract.state)
  const states = statesOf(view.judge.subject, word)
  const { judge, operation } = view
  const detail = base === '' ? operation : judge.operations.get(operationOf(view))
  const kind = kindOf(judge.subject, detail ?? operation)
  const key = JSON.stringify([worldOf(view), kind, id])
  return [
    { view, contract, id, key, source, base, job, word: typeof word === 'string' ? word : null, states },
  ]
}

/** The operation of the job itself, where the view is of a list. */
function operationOf({ contract, operation }: View): string {
  return contract?.list?.of ?? operation.id
}

/** Whose jobs these are: what stands before the operation's path, the scope, and a standin's sandbox. */
function worldOf({ exchange, operation, path, judge }: View): readonly string[] {
  const { url, headers } = exchange.request
  const depth = operation.path.split('/').length - 1
  const before = pathOf(url).split('/').slice(0, -depth).join('/')
  const scope = Object.keys(judge.subject.contract?.scope ?? {}).sort()
  return [before, headers['standin-sandbox'] ?? '', ...scope.map((name) => path[name] ?? '')]
}

/** The value at a pointer of the job contract; undefined where it names none or nothing stands there. */
export function valueAt({ job }: Sight, pointer: string | null): Json | undefined {
  return pointer === null ? undefined : readPointer(job, pointer)
}

/** Was what is known of its job read into a document? Names alone promise less than a contract does. */
export function isInferred({ view }: Sight): boolean {
  return view.judge.subject.inferred === true
}

/**
 * Does a job begin anew? One that leaves a state in which it had ended does, and so does one that waits
 * again, where nobody said that it never may.
 */
export function beginsAnew(sight: Sight, earlier: Sight): boolean {
  if (sight.word === earlier.word) return false
  return hasEnded(earlier.states) || (isInferred(sight) && sight.states.includes('queued'))
}

/** What is said of a sight: places are pointers into the job. */
export interface SightRemark extends Omit<Remark, 'at' | 'pointer' | 'beside'> {
  readonly at: string
  /** An earlier sight that it takes to see the fault. */
  readonly beside?: Sight
}

/** Makes a remark on a sight a finding at its place in the answer and in the document. */
export function remarkOnSight(sight: Sight, { at, beside, ...remark }: SightRemark): Finding {
  const { view, base } = sight
  const schema = view.media?.schema ?? null
  const { json } = view.judge.subject.document
  const other = beside?.view.exchange
  return remarkOn(view, {
    ...remark,
    at: base + at,
    topic: remark.topic ?? `${sight.source} ${at}`,
    ...(schema === null ? {} : { pointer: schemaPlace(json, schema, base + at) }),
    ...(other === undefined || other === view.exchange ? {} : { beside: other }),
  })
}
