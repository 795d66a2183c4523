/**
 * How the report for a terminal looks: colours, marks and width.
 *
 * @module
 */
import type { CheckOutcome } from '../verdict.ts'

/** How the report looks. */
export interface TerminalStyle {
  readonly color: boolean
  /** Marks beyond ASCII; true unless given. */
  readonly unicode?: boolean
}

/** Columns that prose keeps to; commands are left whole, since they are copied. */
export const WIDTH = 80

type Paint = (text: string) => string

/** Colours and marks. */
export interface Palette {
  readonly good: Paint
  readonly bad: Paint
  readonly warn: Paint
  readonly dim: Paint
  readonly bold: Paint
  readonly marks: Readonly<Record<CheckOutcome['outcome'], string>>
  readonly arrow: string
  readonly bar: string
}

/** The palette of a style. */
export function paletteOf({ color, unicode = true }: TerminalStyle): Palette {
  const paint =
    (code: number): Paint =>
    (text) =>
      color ? `\u001b[${code}m${text}\u001b[0m` : text
  return {
    good: paint(32),
    bad: paint(31),
    warn: paint(33),
    dim: paint(2),
    bold: paint(1),
    marks: unicode
      ? { passed: '✓', failed: '✗', skipped: '○' }
      : { passed: 'ok', failed: 'FAIL', skipped: '-' },
    arrow: unicode ? '→' : '->',
    bar: unicode ? '│' : '|',
  }
}
