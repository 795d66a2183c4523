/**
 * What is said of repeated measurements, and how it is printed.
 *
 * @module
 */

/** The median of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** `median (lowest–highest)`. */
export function spread(values: readonly number[], decimals: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return `${median(values).toFixed(decimals)} (${low.toFixed(decimals)}–${high.toFixed(decimals)})`
}

/** One line of the report: a figure beside its budget. */
export interface Row {
  readonly id: string
  readonly what: string
  readonly figure: string
  readonly budget: string
  readonly holds: boolean
}

/** Prints rows as a table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ id, what, figure, budget, holds }) => [
    id,
    what,
    figure,
    budget,
    holds ? 'holds' : 'missed',
  ])
  const all = [['', 'what', 'seen', 'budget', ''], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
