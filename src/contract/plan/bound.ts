/**
 * The bound of a plan: where there is too much to ask, each group of cases gives up its last ones.
 *
 * @module
 */
import type { Case } from './case.ts'

/** At the most so many cases, in their order: by turns one of each group, so that none is left without. */
export function boundedCases(groups: readonly (readonly Case[])[], limit: number): readonly Case[] {
  const longest = Math.max(0, ...groups.map(({ length }) => length))
  let left = limit
  const kept = groups.map(() => 0)
  for (let turn = 0; turn < longest && left > 0; turn += 1) {
    groups.forEach((group, at) => {
      if (turn >= group.length || left === 0) return
      kept[at] = turn + 1
      left -= 1
    })
  }
  return groups.flatMap((group, at) => group.slice(0, kept[at]))
}
