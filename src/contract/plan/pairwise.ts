/**
 * Pairwise cover: few combinations of values in which every two values of two parameters stand together at
 * least once. Greedy, and the same for the same seed.
 *
 * @module
 */
import { drawInteger, keyOf } from '../../random/key.ts'

/** For each parameter the position of its value; null leaves the parameter out. */
export type Combination = readonly (number | null)[]

/** May these two values stand together? Parameters and values by their positions. */
export type MayPair = (first: number, value: number, second: number, other: number) => boolean

const COMBINATIONS_LIMIT = 400

/**
 * Covers every pair of values that may stand together.
 *
 * @param sizes - How many values each parameter has.
 */
export function coverPairs(
  sizes: readonly number[],
  seed: number,
  mayPair: MayPair = () => true,
): readonly Combination[] {
  const key = keyOf(seed, 'pairwise')
  const open = new Set<string>()
  sizes.forEach((size, first) => {
    sizes.slice(0, first).forEach((others, second) => {
      for (let value = 0; value < size; value += 1) {
        for (let other = 0; other < others; other += 1) {
          if (mayPair(second, other, first, value)) open.add(pairKey(second, other, first, value))
        }
      }
    })
  })
  const cover: Combination[] = []
  while (open.size > 0 && cover.length < COMBINATIONS_LIMIT) {
    const [next = ''] = open
    const combination = combine(sizes, next, open, mayPair, (most) =>
      drawInteger(key, cover.length, most, 0, most - 1),
    )
    for (const pair of pairsIn(combination)) open.delete(pair)
    cover.push(combination)
  }
  return cover
}

function pairKey(first: number, value: number, second: number, other: number): string {
  return first < second ? `${first} ${value} ${second} ${other}` : `${second} ${other} ${first} ${value}`
}

function pairsIn(combination: Combination): readonly string[] {
  return combination.flatMap((value, first) =>
    combination
      .slice(0, first)
      .flatMap((other, second) =>
        value === null || other === null ? [] : [pairKey(second, other, first, value)],
      ),
  )
}

/** Begins with a pair that is not covered and adds to it, parameter by parameter, what covers most. */
function combine(
  sizes: readonly number[],
  pair: string,
  open: ReadonlySet<string>,
  mayPair: MayPair,
  draw: (most: number) => number,
): Combination {
  const [first = 0, value = 0, second = 0, other = 0] = pair.split(' ').map(Number)
  const chosen: (number | null)[] = sizes.map((_, at) =>
    at === first ? value : at === second ? other : null,
  )
  sizes.forEach((size, at) => {
    if (chosen[at] !== null) return
    const others = chosen.flatMap((picked, position) => (picked === null ? [] : [{ picked, position }]))
    const start = draw(size)
    let best: { value: number; covers: number } | null = null
    for (let step = 0; step < size; step += 1) {
      const candidate = (start + step) % size
      if (!others.every(({ picked, position }) => mayPair(position, picked, at, candidate))) continue
      const covers = others.filter(({ picked, position }) =>
        open.has(pairKey(position, picked, at, candidate)),
      ).length
      if (best === null || covers > best.covers) best = { value: candidate, covers }
    }
    chosen[at] = best?.value ?? null
  })
  return chosen
}
