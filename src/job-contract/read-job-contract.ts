/**
 * From the data of a job contract to a {@link JobContract}: defaults filled in, every name it uses looked up
 * in the document, so that a misspelt one stops the program and not a test run.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from '../openapi/document.ts'
import { operationById } from '../openapi/document.ts'
import type { Operation } from '../openapi/operation.ts'
import type {
  Credential,
  FilterContract,
  JobContract,
  OperationContract,
  Role,
  RowsContract,
  SelectContract,
  SortContract,
} from './job-contract.ts'
import type { Law } from './law.ts'

/** A fault of a job contract and where in its data it stands. */
export interface ContractFault {
  readonly pointer: string
  readonly message: string
}

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

function orNull(data: Json, name: string): string | null {
  const value = memberOf(data, name)
  return typeof value === 'string' ? value : null
}

function toCredential(data: Json): Credential {
  return { example: textAt(data, 'example'), pattern: orNull(data, 'pattern') }
}

function toOperation(data: Json): OperationContract {
  return {
    role: textAt(data, 'role') as Role,
    job: orNull(data, 'job'),
    id: orNull(data, 'id'),
    state: orNull(data, 'state'),
    echoes: objectAt(data, 'echoes') as Record<string, string>,
    blank: listAt(data, 'blank') as readonly string[],
    dryRun: orNull(data, 'dryRun'),
    rows: isObject(memberOf(data, 'rows')) ? toRows(objectAt(data, 'rows')) : null,
  }
}

function toRows(data: JsonObject): RowsContract {
  const { sort, select, filter } = data
  return {
    at: textAt(data, 'at'),
    schema: orNull(data, 'schema'),
    id: orNull(data, 'id'),
    total: orNull(data, 'total'),
    more: orNull(data, 'more'),
    limit: orNull(data, 'limit'),
    page: orNull(data, 'page'),
    after: orNull(data, 'after'),
    before: orNull(data, 'before'),
    sort: isObject(sort) ? toSort(sort) : null,
    select: isObject(select) ? toSelect(select) : null,
    filter: isObject(filter) ? toFilter(filter) : null,
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

/** Every name of the contract that the document lacks. */
export function faultsOf(contract: JobContract, document: Document): readonly ContractFault[] {
  const ids = document.operations.map(({ id }) => id)
  const faults: ContractFault[] = []
  for (const [id, operationContract] of Object.entries(contract.operations)) {
    const operation = operationById(document, id)
    if (operation === undefined) {
      faults.push({ pointer: pointerTo('/operations', id), message: missing('operation', id, ids) })
    } else faults.push(...operationFaults(operation, operationContract), ...scopeFaults(operation, contract))
  }
  for (const name of Object.keys(contract.credentials)) {
    if (document.schemes.has(name)) continue
    const message = missing('security scheme', name, [...document.schemes.keys()])
    faults.push({ pointer: pointerTo('/credentials', name), message })
  }
  contract.laws.forEach((law, position) => {
    for (const id of law.on.filter((id) => !ids.includes(id))) {
      faults.push({ pointer: pointerTo('/laws', position, 'on'), message: missing('operation', id, ids) })
    }
    if ('matches' in law && !compiles(law.matches.pattern)) {
      const message = `the pattern ${law.matches.pattern} does not compile`
      faults.push({ pointer: pointerTo('/laws', position, 'matches', 'pattern'), message })
    }
  })
  return faults
}

/** Pointers in braces stand for values; any value will do to see whether the rest compiles. */
function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern.replace(/\{\/[^{}]*\}/g, 'x'))
    return true
  } catch {
    return false
  }
}

/** Beside the job's every path parameter says whose job it is: else no URL of it could be filled in. */
function scopeFaults({ id, parameters }: Operation, contract: JobContract): readonly ContractFault[] {
  const job = contract.operations[id]?.job ?? null
  if (job === null) return []
  const unknown = parameters.filter(
    ({ in: place, name }) => place === 'path' && name !== job && !Object.hasOwn(contract.scope, name),
  )
  return unknown.map(({ name }) => ({
    pointer: pointerTo('/operations', id),
    message: `path parameter \`${name}\` is neither its \`job\` nor named in \`scope\``,
  }))
}

function operationFaults(operation: Operation, contract: OperationContract): readonly ContractFault[] {
  const { rows } = contract
  const named: [string, string | null | undefined][] = [
    ['job', contract.job],
    ['dryRun', contract.dryRun],
    ...Object.entries(contract.echoes).map(([at, name]): [string, string] => [
      `echoes${pointerTo('', at)}`,
      name,
    ]),
    ...contract.blank.map((name): [string, string] => ['blank', name]),
    ['rows/limit', rows?.limit],
    ['rows/page', rows?.page],
    ['rows/after', rows?.after],
    ['rows/before', rows?.before],
    ['rows/sort/field', rows?.sort?.field],
    ['rows/sort/order', rows?.sort?.order],
    ['rows/select/parameter', rows?.select?.parameter],
    ['rows/filter/parameter', rows?.filter?.parameter],
  ]
  const names = operation.parameters.map(({ name }) => name)
  return named.flatMap(([at, name]) =>
    typeof name !== 'string' || names.includes(name)
      ? []
      : [
          {
            pointer: `${pointerTo('/operations', operation.id)}/${at}`,
            message: missing(`parameter of ${operation.id}`, name, names),
          },
        ],
  )
}

function missing(noun: string, name: string, known: readonly string[]): string {
  return `the document has no ${noun} \`${name}\`${suggestion(name, known)}`
}
