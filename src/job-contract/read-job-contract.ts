/**
 * From the data of a job contract to a {@link JobContract}: defaults filled in, every name it uses looked up
 * in the document, so that a misspelt one stops the program and not a test run.
 *
 * @module
 */
import { parseDuration } from '../model/duration.ts'
import type { JobState } from '../model/job.ts'
import { JOB_STATES } from '../model/job.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt, textOrNull } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from '../openapi/document.ts'
import { faultsOf } from './contract-fault.ts'
import type {
  Credential,
  FilterContract,
  IdempotencyContract,
  JobContract,
  ListContract,
  OperationContract,
  PagingContract,
  Role,
  RowsContract,
  SelectContract,
  SortContract,
} from './job-contract.ts'
import type { Law } from './law.ts'
import { readJobWords, readTransitions } from './read-job-words.ts'

/**
 * Reads a job contract whose shape was checked against `contracts/job-contract.schema.json`.
 *
 * @param place - Names the place of a pointer, as `file:line:column`.
 * @throws {@link UsageError} that lists every name the document lacks.
 */
export function readJobContract(
  data: JsonObject,
  document: Document,
  place: (pointer: string) => string,
): JobContract {
  const contract: JobContract = {
    api: textAt(data, 'api', document.id),
    jobId: textAt(data, 'jobId', 'uuid'),
    states: objectAt(data, 'states') as JobContract['states'],
    synonyms: objectAt(data, 'synonyms') as JobContract['synonyms'],
    transitions: readTransitions(data),
    scope: objectAt(data, 'scope') as JobContract['scope'],
    credentials: mapMembers(objectAt(data, 'credentials'), toCredential),
    refusals: objectAt(data, 'refusals') as JobContract['refusals'],
    operations: mapMembers(objectAt(data, 'operations'), toOperation),
    laws: listAt(data, 'laws') as unknown as readonly Law[],
  }
  const faults = faultsOf(contract, document)
  if (faults.length > 0) {
    throw new UsageError(faults.map(({ pointer, message }) => `${place(pointer)}: ${message}`).join('\n'))
  }
  return contract
}

function mapMembers<Value>(members: JsonObject, to: (value: Json) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, to(value)]))
}

function toCredential(data: Json): Credential {
  return { example: textAt(data, 'example'), pattern: textOrNull(data, 'pattern') }
}

/** What has ended cannot be cancelled, unless the contract says that it can. */
function allowedIn(data: Json, role: Role): readonly JobState[] {
  const stated = listAt(data, 'allowedIn') as readonly JobState[]
  if (stated.length > 0) return stated
  return role === 'cancel' ? ['queued', 'running'] : JOB_STATES
}

function toOperation(data: Json): OperationContract {
  const role = textAt(data, 'role') as Role
  return {
    role,
    job: textOrNull(data, 'job'),
    id: textOrNull(data, 'id'),
    state: textOrNull(data, 'state'),
    echoes: objectAt(data, 'echoes') as Record<string, string>,
    blank: listAt(data, 'blank') as readonly string[],
    dryRun: textOrNull(data, 'dryRun'),
    idempotency: isObject(memberOf(data, 'idempotency'))
      ? toIdempotency(objectAt(data, 'idempotency'))
      : null,
    allowedIn: allowedIn(data, role),
    ...readJobWords(data),
    rows: isObject(memberOf(data, 'rows')) ? toRows(objectAt(data, 'rows')) : null,
    list: isObject(memberOf(data, 'list')) ? toList(objectAt(data, 'list')) : null,
  }
}

/** A day, unless the contract says otherwise. */
function toIdempotency(data: JsonObject): IdempotencyContract {
  const keepMs = parseDuration(textAt(data, 'keep', 'P1D'))
  return { parameter: textAt(data, 'parameter'), keepMs: keepMs ?? 0 }
}

function toList(data: JsonObject): ListContract {
  return {
    ...toPaging(data),
    of: textAt(data, 'of'),
    field: textOrNull(data, 'field'),
    order: textOrNull(data, 'order'),
    ascending: textAt(data, 'ascending', 'asc'),
    equal: objectAt(data, 'equal') as Record<string, string>,
    from: objectAt(data, 'from') as Record<string, string>,
    to: objectAt(data, 'to') as Record<string, string>,
  }
}

function toRows(data: JsonObject): RowsContract {
  const { sort, select, filter } = data
  return {
    ...toPaging(data),
    schema: textOrNull(data, 'schema'),
    id: textOrNull(data, 'id'),
    offset: textOrNull(data, 'offset'),
    failed: objectAt(data, 'failed') as RowsContract['failed'],
    follow: textOrNull(data, 'follow') as RowsContract['follow'],
    page: textOrNull(data, 'page'),
    firstPage: memberOf(data, 'firstPage') === 0 ? 0 : 1,
    after: textOrNull(data, 'after'),
    before: textOrNull(data, 'before'),
    sort: isObject(sort) ? toSort(sort) : null,
    select: isObject(select) ? toSelect(select) : null,
    filter: isObject(filter) ? toFilter(filter) : null,
  }
}

function toPaging(data: JsonObject): PagingContract {
  return {
    at: textAt(data, 'at'),
    total: textOrNull(data, 'total'),
    more: textOrNull(data, 'more'),
    next: textOrNull(data, 'next'),
    previous: textOrNull(data, 'previous'),
    echo: textOrNull(data, 'echo'),
    limit: textOrNull(data, 'limit'),
    token: textOrNull(data, 'token'),
    clamps: memberOf(data, 'clamps') === true,
    foreign: memberOf(data, 'foreign') === 'ignored' ? 'ignored' : 'refused',
  }
}

function toSort(data: JsonObject): SortContract {
  return {
    field: textAt(data, 'field'),
    order: textAt(data, 'order'),
    descending: textAt(data, 'descending', 'DESC'),
    positional: listAt(data, 'positional') as readonly string[],
  }
}

function toSelect(data: JsonObject): SelectContract {
  return { parameter: textAt(data, 'parameter'), parents: listAt(data, 'parents') as readonly string[] }
}

function toFilter(data: JsonObject): FilterContract {
  return {
    parameter: textAt(data, 'parameter'),
    language: 'odata-equality',
    parents: listAt(data, 'parents') as readonly string[],
  }
}
