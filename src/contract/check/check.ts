/**
 * The checks of one exchange, in the order they are made. Each is pure: no network, no clock, no throwing.
 * What takes several exchanges to see is in `invariant/`.
 *
 * @module
 */
import type { Book } from '../evidence.ts'
import type { CheckName, Finding } from '../finding.ts'
import { judgeFailedRows } from '../job/rows-law.ts'
import { pageOf } from '../row/page.ts'
import type { View } from '../view.ts'
import { checkConfidences } from './confidences.ts'
import { checkContentType } from './content-type.ts'
import { checkIdEcho } from './id-echo.ts'
import { checkJsonText } from './json-text.ts'
import { checkLaws } from './laws.ts'
import { checkListEcho, checkListFilter, checkListLength, checkListOrder } from './list-page.ts'
import { checkFilteredPage, checkSelectedPage, checkSortedPage } from './page.ts'
import { checkHeaders } from './response-headers.ts'
import { checkSchema } from './response-schema.ts'
import { checkRetryAfter } from './retry-after.ts'
import { checkServerError } from './server-error.ts'
import { checkStatus } from './status-code.ts'

/** Looks at one exchange; null where it has nothing to bite on, or the reason of that. */
export type Check = (view: View) => readonly Finding[] | string | null

/** Rows that fail by one member and not by another. */
const checkFailedRows: Check = (view) => {
  const page = pageOf(view)
  return page === null ? null : judgeFailedRows(page)
}

/** The checks that every exchange of a known operation goes through. */
const EXCHANGE_CHECKS: Readonly<Partial<Record<CheckName, Check>>> = {
  no_server_error: checkServerError,
  status_code_conformance: checkStatus,
  content_type_conformance: checkContentType,
  response_headers_conformance: checkHeaders,
  json_text_conformance: checkJsonText,
  response_schema_conformance: checkSchema,
  id_echo: (view) => checkIdEcho(view) ?? checkListEcho(view),
  law: checkLaws,
  J11: checkRetryAfter,
  P06: checkListLength,
  S01: (view) => checkSortedPage(view) ?? checkListOrder(view),
  F01: (view) => checkFilteredPage(view) ?? checkListFilter(view),
  X01: checkSelectedPage,
  C01: checkConfidences,
  C02: checkFailedRows,
}

/** The names of the checks that every exchange goes through. */
export const EXCHANGE_CHECK_NAMES: readonly CheckName[] = Object.keys(EXCHANGE_CHECKS) as CheckName[]

/** Puts one exchange through every check that is wanted and writes down what they say. */
export function judgeExchange(
  view: View,
  book: Book,
  wants: (check: CheckName, operationId: string) => boolean = () => true,
): void {
  book.countStatus(view.operation.id, view.exchange.response.status)
  for (const [name, check] of Object.entries(EXCHANGE_CHECKS)) {
    if (!wants(name as CheckName, view.operation.id)) continue
    const findings = check(view)
    if (findings === null) continue
    const entry = { check: name as CheckName, operationId: view.operation.id }
    if (typeof findings === 'string') book.add({ ...entry, exchanges: 0, findings: [], reason: findings })
    else book.add({ ...entry, exchanges: 1, findings, reason: null })
  }
}
