/**
 * What a result must hold that no schema can say, computed from its rows alone; the laws in words are in the
 * README. For the tests of this folder.
 *
 * @module
 */
import { expect } from 'vitest'
import type { Members } from './documents.ts'

/** A result, as far as its numbers are looked at. */
export interface Result {
  readonly generations: readonly Members[]
  readonly scores: Members<{
    readonly score_rows: readonly Members[]
    readonly aggregated_results: Members<Members>
  }>
}

/** What every aggregate must be, from the rows alone; null is the ratio of nothing. */
function aggregateOf(name: string, rows: readonly Members[]): unknown {
  const scored = rows.filter(({ score }) => score !== null)
  const numbers = scored.map(({ score }) => Number(score))
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
  const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  const weights = scored.map(({ weight }) => Number(weight))
  const half = numbers.length / 2
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1)
  const counts: Record<string, number> = {}
  for (const { score } of scored) counts[String(score)] = (counts[String(score)] ?? 0) + 1
  const known: Members = {
    accuracy: {
      accuracy: ratio(total(numbers), numbers.length),
      num_correct: total(numbers),
      num_total: numbers.length,
    },
    average: { average: ratio(total(numbers), numbers.length) },
    median: { median: ratio(total(middle), middle.length) },
    weighted_average: {
      weighted_average: ratio(
        total(scored.map(({ score, weight }) => Number(score) * Number(weight))),
        total(weights),
      ),
    },
    categorical_count: { categorical_count: counts },
  }
  return known[name]
}

/** What a result must hold that no schema can say; see the laws in the README. */
export function expectCoherent({ generations, scores }: Result): void {
  for (const [id, { score_rows: rows, aggregated_results: aggregates }] of Object.entries(scores)) {
    expect(rows, id).toHaveLength(generations.length)
    if (!/^(basic|braintrust|llm-as-judge)::/.test(id)) continue
    for (const [name, aggregate] of Object.entries(aggregates)) {
      expect(aggregate, `${id} ${name}`).toEqual(aggregateOf(name, rows))
    }
    generations.forEach(({ expected_answer: expected, generated_answer: generated }, index) => {
      if (expected === undefined) return
      const score = rows[index]?.['score']
      if (id === 'basic::equality') expect(score).toBe(generated === expected ? 1 : 0)
      const contained = typeof generated === 'string' && generated.includes(String(expected))
      if (id === 'basic::subset_of') expect(score).toBe(contained ? 1 : 0)
    })
  }
}
