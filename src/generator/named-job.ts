/**
 * The named jobs that every fixture has: one in each state, and one for each thing that clients get wrong.
 *
 * @module
 */
import type { NamedJob } from '../vendor/vendor.ts'

/** Named jobs before an API's own adjustments, in their order. */
const USUAL_JOBS: readonly NamedJob[] = [
  { name: 'queued', rows: 40, progress: -1 },
  { name: 'running', rows: 60, progress: 0.4 },
  { name: 'succeeded', rows: 25 },
  { name: 'partially-succeeded', rows: 30, outcome: 'partially_succeeded' },
  { name: 'failed', rows: 8, outcome: 'failed' },
  { name: 'cancelled', rows: 12, outcome: 'cancelled' },
  { name: 'empty', rows: 0 },
  { name: 'one-row', rows: 1 },
  { name: 'one-page', rows: 10 },
  { name: 'many-pages', rows: 321 },
  { name: 'tied', rows: 160, ties: 4 },
  { name: 'null-heavy', rows: 120 },
  { name: 'unicode', rows: 60 },
  { name: 'failed-rows', rows: 40 },
  { name: 'low-confidence', rows: 40 },
  { name: 'huge', rows: 10_000_000 },
]

/**
 * The named jobs of an API.
 *
 * @param adjustments - By name; null leaves a job out, a new name adds one.
 * @param manyRows - The rows of `many-pages`, where the caller chose them.
 */
export function namedJobs(
  adjustments: Readonly<Record<string, Partial<NamedJob> | null>>,
  manyRows: number | null,
): readonly NamedJob[] {
  const names = new Set([...USUAL_JOBS.map(({ name }) => name), ...Object.keys(adjustments)])
  return [...names].flatMap((name) => {
    const adjustment = Object.hasOwn(adjustments, name) ? adjustments[name] : {}
    if (adjustment == null) return []
    const usual = USUAL_JOBS.find((job) => job.name === name) ?? { name, rows: 10 }
    const job = { ...usual, ...adjustment, name }
    return [name === 'many-pages' && manyRows !== null ? { ...job, rows: manyRows } : job]
  })
}
