/**
 * What is wrong with a job contract: every name that its document lacks. Reading one is
 * `read-job-contract.ts`.
 *
 * @module
 */
import { pointerTo } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import type { Document } from '../openapi/document.ts'
import { operationById } from '../openapi/document.ts'
import type { Operation } from '../openapi/operation.ts'
import type { JobContract, ListContract, OperationContract } from './job-contract.ts'

/** A fault of a job contract and where in its data it stands. */
export interface ContractFault {
  readonly pointer: string
  readonly message: string
}

/** Every name of the contract that the document lacks. */
export function faultsOf(contract: JobContract, document: Document): readonly ContractFault[] {
  const ids = document.operations.map(({ id }) => id)
  const faults: ContractFault[] = []
  for (const [id, operationContract] of Object.entries(contract.operations)) {
    const operation = operationById(document, id)
    if (operation === undefined) {
      faults.push({ pointer: pointerTo('/operations', id), message: missing('operation', id, ids) })
    } else {
      faults.push(...operationFaults(operation, operationContract))
      faults.push(...scopeFaults(operation, contract), ...listFaults(id, contract))
    }
  }
  for (const [id, { links }] of Object.entries(contract.operations)) {
    for (const [at, name] of Object.entries(links).filter(([, to]) => !ids.includes(to))) {
      const pointer = pointerTo('/operations', id, 'links', at)
      faults.push({ pointer, message: missing('operation', name, ids) })
    }
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
    ['idempotency/parameter', contract.idempotency?.parameter],
    ...Object.entries(contract.echoes).map(([at, name]): [string, string] => [
      `echoes${pointerTo('', at)}`,
      name,
    ]),
    ...contract.blank.map((name): [string, string] => ['blank', name]),
    ['rows/limit', rows?.limit],
    ['rows/offset', rows?.offset],
    ['rows/token', rows?.token],
    ['rows/page', rows?.page],
    ['rows/after', rows?.after],
    ['rows/before', rows?.before],
    ['rows/sort/field', rows?.sort?.field],
    ['rows/sort/order', rows?.sort?.order],
    ['rows/select/parameter', rows?.select?.parameter],
    ['rows/filter/parameter', rows?.filter?.parameter],
    ...listParameters(contract.list),
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

function listParameters(list: ListContract | null): readonly [string, string | null][] {
  if (list === null) return []
  const { limit, token, field, order } = list
  const chosen = (['equal', 'from', 'to'] as const).flatMap((kind) =>
    Object.keys(list[kind]).map((name): [string, string] => [`list/${kind}${pointerTo('', name)}`, name]),
  )
  return [
    ['list/limit', limit],
    ['list/token', token],
    ['list/field', field],
    ['list/order', order],
    ...chosen,
  ]
}

/** What a list shows of each job must be something that is answered for one job. */
function listFaults(id: string, contract: JobContract): readonly ContractFault[] {
  const own = contract.operations[id]
  if (own?.role !== 'list') return []
  const pointer = pointerTo('/operations', id)
  if (own.list === null) return [{ pointer, message: 'a list says under `list` where its jobs stand' }]
  const of = contract.operations[own.list.of]
  if (of !== undefined && of.job !== null && of.role !== 'cancel') return []
  const known = Object.keys(contract.operations).filter((name) => contract.operations[name]?.job != null)
  const hint = suggestion(own.list.of, known)
  return [{ pointer: `${pointer}/list/of`, message: `\`${own.list.of}\` reads no job${hint}` }]
}

function missing(noun: string, name: string, known: readonly string[]): string {
  return `the document has no ${noun} \`${name}\`${suggestion(name, known)}`
}
