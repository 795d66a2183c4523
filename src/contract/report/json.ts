/**
 * The report for programs: the verdicts themselves, long bodies cut. Other reports say nothing that is not
 * here.
 *
 * @module
 */
import type { Exchange } from '../exchange.ts'
import type { Verdict } from '../verdict.ts'
import { exitCode } from '../verdict.ts'

const BODY_LIMIT = 4000

/** The version of the report's shape; it grows when a member changes its meaning. */
const REPORT_VERSION = 1

/**
 * Renders verdicts as `{version, exitCode, verdicts}`. The same verdicts give the same bytes: there are no
 * timestamps, and members stand in a fixed order.
 */
export function renderJson(verdicts: readonly Verdict[]): string {
  const report = {
    version: REPORT_VERSION,
    exitCode: exitCode(verdicts),
    verdicts: verdicts.map((verdict) => ({
      ...verdict,
      findings: verdict.findings.map((finding) => ({
        ...finding,
        exchanges: finding.exchanges.map(shorten),
      })),
    })),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

function shorten(exchange: Exchange): Exchange & { readonly cut?: number } {
  const { body } = exchange.response
  if (body.length <= BODY_LIMIT) return exchange
  const response = { ...exchange.response, body: body.slice(0, BODY_LIMIT) }
  return { ...exchange, response, cut: body.length - BODY_LIMIT }
}
