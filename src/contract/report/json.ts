/**
 * The report for programs: the report itself, as JSON.
 *
 * @see contracts/report.schema.json
 * @module
 */
import type { Report } from './report.ts'
import { jsonText } from './visible.ts'

/** Renders a report as JSON. The same report gives the same bytes: members stand in a fixed order. */
export function renderJson(report: Report): string {
  return jsonText(report)
}
