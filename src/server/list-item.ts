/**
 * What a list shows of a job: what another operation answers for it. A list of thousands looks at one or two
 * members of each and shows a page of them, so members are read without writing the item out.
 *
 * @module
 */
import type { ListContract } from '../job-contract/job-contract.ts'
import type { Job, JobView } from '../model/job.ts'
import type { Json } from '../model/json.ts'
import { readPointer } from '../model/pointer.ts'
import { operationById } from '../openapi/document.ts'
import { successStatus } from '../openapi/response.ts'
import { standOf } from './api-world.ts'
import type { OperationCall } from './operation-call.ts'
import { readRowsQuery } from './query/rows-query.ts'
import type { Input } from './read-input.ts'
import type { Rendering } from './render-job.ts'
import { renderEnvelope, renderJob } from './render-job.ts'

/** A job in a list. */
export interface Entry {
  readonly view: JobView
  /** What the list shows of it. */
  item(): Json
  /** A member of that; null where there is none. */
  member(pointer: string): Json
}

/** Every job, as the list that is asked for shows it. */
export function entriesOf(call: OperationCall, { of }: ListContract): readonly Entry[] {
  const { route, world, nowMs } = call
  const operation = operationById(route.api.document, of)
  const contract = world.contract.operations[of]
  if (operation === undefined || contract === undefined) throw new RangeError(`nothing answers ${of}`)
  const prefix = route.template.slice(0, route.template.length - route.operation.path.length)
  const one = { ...call, contract, route: { ...route, operation, template: prefix + operation.path } }
  const none: Input = { parameters: new Map(), given: new Set(), body: null }
  const query = contract.rows === null ? null : readRowsQuery(none, contract.rows, new Map())
  const rendering = { status: successStatus(operation), query }
  return world.jobs.all(nowMs).map((view) => entryOf(one, view, rendering))
}

function entryOf(call: OperationCall, view: JobView, rendering: Rendering): Entry {
  let item: Json | undefined
  let envelope: Json | undefined
  const entry: Entry = {
    view,
    item() {
      item ??= itemOf(call, view, rendering)
      return item
    },
    member(pointer) {
      return keepMember(call, view, pointer, () => {
        if (item !== undefined || touchesRows(call, pointer))
          return readPointer(entry.item(), pointer) ?? null
        envelope ??= renderEnvelope(call, view, rendering).envelope
        return readPointer(envelope, pointer) ?? null
      })
    },
  }
  return entry
}

/** The same bytes as the other operation's answer, read again. */
function itemOf(call: OperationCall, view: JobView, rendering: Rendering): Json {
  const { body } = renderJob(call, view, rendering)
  return body === null ? null : (JSON.parse(new TextDecoder().decode(body)) as Json)
}

/** In an envelope that is not written out, rows are not there yet. */
function touchesRows({ contract }: OperationCall, pointer: string): boolean {
  const at = contract.rows?.at
  return at !== undefined && (`${pointer}/`.startsWith(`${at}/`) || `${at}/`.startsWith(`${pointer}/`))
}

/** Members of jobs that time cannot change any more, for as long as the job is there. */
const members = new WeakMap<Job, Map<string, Json>>()

function keepMember(call: OperationCall, view: JobView, pointer: string, read: () => Json): Json {
  const { job, endedAtMs } = view
  if (job.heldAtMs === null && endedAtMs === null) return read()
  const own = members.get(job) ?? new Map<string, Json>()
  members.set(job, own)
  const key = `${call.prefix}${call.route.template} ${standOf(call.world.jobs, view)} ${pointer}`
  const known = own.get(key)
  if (known !== undefined) return known
  const value = read()
  if (value === null || typeof value !== 'object') own.set(key, value)
  return value
}
