/**
 * Does a vendor speak of what its document and job contract have?
 *
 * @module
 */
import type { JobContract } from '../job-contract/job-contract.ts'
import { rowSchemaOf } from '../job-contract/row-schema.ts'
import { objectAt } from '../model/json.ts'
import type { Document } from '../openapi/document.ts'
import { operationById } from '../openapi/document.ts'
import { resolve } from '../openapi/reference.ts'
import type { FixtureRecipe, Vendor } from './vendor.ts'

/** What is wrong with a vendor, a sentence each; none when it is sound. */
export function verifyVendor(
  vendor: Vendor,
  document: Document,
  contract: JobContract | null,
): readonly string[] {
  const faults: string[] = []
  for (const id of Object.keys(vendor.answers ?? {})) {
    if (operationById(document, id) === undefined) faults.push(`it answers ${id}, which the document lacks`)
    else if (contract?.operations[id] === undefined)
      faults.push(`it answers ${id}, which the job contract lacks`)
  }
  for (const id of Object.keys(contract?.operations ?? {})) {
    if (contract !== null) faults.push(...columnFaults(vendor, document, contract, id))
  }
  return [...faults, ...webhookFaults(vendor, document), ...recipeFaults(vendor.fixture)]
}

/** What is told must be described. */
function webhookFaults({ webhooks }: Vendor, document: Document): readonly string[] {
  const known = objectAt(document.json, 'webhooks')
  return [...new Set(Object.values(webhooks?.events ?? {}))]
    .filter((event) => !Object.hasOwn(known, event))
    .map((event) => `it tells of ${event}, which is no webhook of the document`)
}

/** Every mix must name kinds that are drawn. */
function recipeFaults(recipe: FixtureRecipe | undefined): readonly string[] {
  if (recipe === undefined) return []
  const { kinds, mix, jobs = {} } = recipe
  const mixes = Object.entries(jobs).map(
    ([name, job]) => [`the mix of its job ${name}`, job?.mix ?? {}] as const,
  )
  return [['its mix', mix] as const, ...mixes].flatMap(([where, own]) =>
    Object.keys(own)
      .filter((kind) => !Object.hasOwn(kinds, kind))
      .map((kind) => `${where} names ${kind}, which is no kind`),
  )
}

function columnFaults(
  vendor: Vendor,
  document: Document,
  contract: JobContract,
  operationId: string,
): readonly string[] {
  const schema = rowSchemaOf(document, contract, operationId)
  if (schema === null || vendor.columns === undefined) return []
  const row = resolve(document.json, schema).value
  const members = Object.keys(objectAt(row, 'properties'))
  if (members.length === 0) return [] // any member will do
  const columns = Object.keys(vendor.columns)
  return [
    ...columns
      .filter((name) => !members.includes(name))
      .map((name) => `its column ${name} is no member of a row`),
    ...members.filter((name) => !columns.includes(name)).map((name) => `it has no column for ${name}`),
  ]
}
