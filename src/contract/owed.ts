/**
 * Which checks are owed to an operation: those that are listed, as skipped, though nothing was seen that they
 * could bite on, so that no report keeps silent about what was not looked at.
 *
 * @module
 */
import type { OperationContract } from '../job-contract/job-contract.ts'
import type { Operation } from '../openapi/operation.ts'
import type { CheckName } from './finding.ts'
import type { Subject } from './subject.ts'
import { contractOf } from './subject.ts'

type Owes = (operation: Operation, contract: OperationContract | null, subject: Subject) => boolean

const hasRows: Owes = (_, contract) => contract?.rows != null
const hasPages: Owes = (_, contract) => contract?.rows != null || contract?.list != null
const hasCursor: Owes = (_, contract) => {
  const { after, before, token } = contract?.rows ?? {}
  return (after ?? before ?? token ?? contract?.list?.token) != null
}
const always: Owes = () => true
const never: Owes = () => false
const ofJob: Owes = (_, contract) => contract?.job != null
const showsState: Owes = (operation, contract) =>
  operation.method === 'GET' && contract?.job != null && contract.state !== null

/** By check, whether an operation is owed it. */
const OWED: Readonly<Record<CheckName, Owes>> = {
  no_server_error: always,
  status_code_conformance: always,
  content_type_conformance: always,
  response_headers_conformance: ({ responses }) =>
    [...responses.values()].some(({ headers }) => headers.length > 0),
  json_text_conformance: never,
  response_schema_conformance: always,
  positive_data_acceptance: never,
  negative_data_rejection: ({ parameters, body }) => parameters.length > 0 || body !== null,
  ignored_auth: ({ security }) => security.length > 0,
  unsupported_method: never,
  id_echo: (_, contract) => contract !== null && Object.keys(contract.echoes).length > 0,
  job_state: (_, contract) => contract !== null && contract.job !== null && contract.role !== 'cancel',
  law: ({ id }, contract, subject) =>
    (subject.contract?.laws ?? []).some(({ on }) => on.includes(id) || on.includes(contract?.list?.of ?? '')),
  J01: showsState,
  J02: showsState,
  J03: (_, contract) => contract?.progress != null,
  J04: (_, contract) => contract?.progress != null && contract.state !== null,
  J05: (_, contract) => contract?.times != null,
  J06: (_, contract) => contract?.error != null && contract.state !== null,
  J07: (_, contract) => contract !== null && Object.keys(contract.links).length > 0,
  J08: (_, contract) => contract?.idempotency != null,
  J09: (_, contract) => contract?.role === 'cancel',
  J10: ofJob,
  J11: never,
  J12: hasRows,
  J13: (_, contract) => contract?.rows?.follow != null,
  P01: hasPages,
  P02: hasPages,
  P03: (_, contract) => contract?.rows?.sort != null,
  P04: (_, contract) => (contract?.rows?.limit ?? contract?.list?.limit) != null,
  P05: hasPages,
  P06: hasPages,
  P07: hasCursor,
  P08: hasCursor,
  P09: (_, contract) => (contract?.rows?.limit ?? contract?.list?.limit) != null,
  S01: hasPages,
  S02: (_, contract) => (contract?.rows?.sort ?? contract?.list?.order) != null,
  S03: ({ method }, contract) => contract?.job != null && method === 'GET',
  F01: hasPages,
  X01: hasRows,
  X02: (_, contract) => contract?.list != null,
  C01: (_, contract) => contract !== null && contract.confidences.length > 0,
  C02: (_, contract) => contract?.rows != null && Object.keys(contract.rows.failed).length > 0,
}

/** Is a check to be listed for an operation although there is no evidence? */
export function isOwed(subject: Subject, operation: Operation, check: CheckName): boolean {
  return OWED[check](operation, contractOf(subject, operation.id), subject)
}
