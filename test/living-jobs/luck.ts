/**
 * Chance that is the same in every run, for tests that mix what they ask.
 *
 * @module
 */
import { drawInteger, keyOf } from '../../src/random/key.ts'

/** A stream of draws. */
export interface Luck {
  /** Both ends included. */
  integer(min: number, max: number): number
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  uuid(): string
}

/** The stream of a name: each draw depends on those before it. */
export function luckOf(...name: readonly (string | number)[]): Luck {
  const key = keyOf('luck', ...name)
  let turn = 0
  const integer = (min: number, max: number): number => {
    turn += 1
    return drawInteger(key, turn, 1, min, max)
  }
  return {
    integer,
    chance: (share) => integer(0, 9_999) < share * 10_000,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new RangeError('there is nothing to pick from')
      return item
    },
    uuid: () => {
      const hex = Array.from({ length: 4 }, () => integer(0, 0xffff_ffff).toString(16).padStart(8, '0'))
      return hex.join('').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5')
    },
  }
}
