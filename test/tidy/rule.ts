/**
 * What a tidy rule is: a sentence, a pure function over the text of files, and violations planted to show
 * that it bites. It reads no disk; `tree.ts` does, and `tidy.test.ts` brings the two together.
 *
 * @module
 */

/** Files by their path from the top of the repository, with `/` between folders. */
export type Tree = ReadonlyMap<string, string>

/** One place that breaks a rule. Lines count from 1; a violation of the whole file stands on line 1. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** A small tree that breaks a rule, and exactly what must be reported of it, in order. */
export interface Plant {
  readonly files: Readonly<Record<string, string>>
  readonly reports: readonly string[]
}

/** A rule of the house. Without a plant it would be a promise, so the type asks for one. */
export interface Rule {
  /** The rule in words, as the subject of a test's name. */
  readonly says: string
  readonly check: (files: Tree) => Violation[]
  readonly planted: readonly [Plant, ...Plant[]]
}

/** Renders a violation as an editor can follow it. */
export function toText({ path, line, message }: Violation): string {
  return `${path}:${line} ${message}`
}

/** Applies a check to each file that the pattern names, in the order of their paths. */
export function inEach(
  pattern: RegExp,
  check: (path: string, text: string) => Violation[],
): (files: Tree) => Violation[] {
  return (files) =>
    [...files]
      .filter(([path]) => pattern.test(path))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([path, text]) => check(path, text))
}
