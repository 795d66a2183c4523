/**
 * The vendors' words for drawing, said with faker. Faker's own generator is replaced by a keyed one, so that
 * a draw depends on its key alone and costs next to nothing to seed.
 *
 * @module
 */

import type { Faker } from '@faker-js/faker'
import { faker as english } from '@faker-js/faker/locale/en'
import { drawId } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawFraction, drawInteger, drawNumber, subkey } from '../random/key.ts'
import type { Draw } from '../vendor/draw.ts'

/** A day in milliseconds. */
const DAY_MS = 86_400_000

/** What a draw is made for. */
export interface DrawContext {
  readonly kind: string
  readonly turn: number
  /** Key of this member of this template. */
  readonly own: Key
  /** Key of this member for the whole run. */
  readonly shared: Key
  /** Days are drawn before this instant, milliseconds since the epoch. */
  readonly epochMs: number
}

/** Makes the draws of one member of one template. */
export function createDraw(context: DrawContext): Draw {
  const shared: Draw = {
    ...drawFrom(context.shared, context),
    get shared() {
      return shared
    },
  }
  return { ...drawFrom(context.own, context), shared }
}

function drawFrom(key: Key, { kind, turn, epochMs }: DrawContext): Omit<Draw, 'shared'> {
  let draws = 0
  const next = (): number => {
    draws += 1
    return draws
  }
  let made: Faker | null = null
  const fake = (): Faker => {
    made ??= createFaker(subkey(key, 'faker'))
    return made
  }
  return {
    kind,
    turn,
    integer: (min, max) => drawInteger(key, next(), 1, min, max),
    number: (min, max, decimals) => drawNumber(key, next(), 1, min, max, decimals),
    chance: (probability) => drawFraction(key, next(), 1) < probability,
    pick: (values) => pick(values, drawInteger(key, next(), 1, 0, values.length - 1)),
    some: (values, count) => {
      const round = next()
      const ranked = values.map((value, position) => ({
        value,
        position,
        rank: drawFraction(key, round, position),
      }))
      const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, count)
      return chosen.sort((a, b) => a.position - b.position).map(({ value }) => value)
    },
    uuid: () => drawId(subkey(key, next()), 'uuid'),
    hex: (digits) => drawId(subkey(key, next()), '#'.repeat(digits)),
    word: () => fake().word.sample(),
    noun: () => fake().word.noun(),
    adjective: () => fake().word.adjective(),
    company: () => fake().company.name(),
    person: () => fake().person.fullName(),
    city: () => fake().location.city(),
    country: () => fake().location.country(),
    product: () => fake().commerce.productName(),
    department: () => fake().commerce.department(),
    jobTitle: () => fake().person.jobTitle(),
    domain: () =>
      `${fake().word.noun()}-${fake().word.noun()}.example`.toLowerCase().replace(/[^a-z.-]/g, ''),
    sentence: () => sentenceOf(fake()),
    paragraph: (sentences) => Array.from({ length: sentences }, () => sentenceOf(fake())).join(' '),
    day: () => new Date(epochMs - drawInteger(key, next(), 1, 1, 730) * DAY_MS).toISOString().slice(0, 10),
    slug: (words) =>
      Array.from({ length: words }, () => fake().word.noun())
        .join('-')
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, ''),
  }
}

function pick<Value>(values: readonly Value[], position: number): Value {
  const value = values[position]
  if (position < 0 || position >= values.length) throw new RangeError('there is nothing to pick from')
  return value as Value
}

function sentenceOf(fake: Faker): string {
  const words = fake.word.words({ count: { min: 8, max: 16 } })
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** An instance of its own for each key: no draw moves another. */
function createFaker(key: Key): Faker {
  let draws = 0
  const Instance = english.constructor as typeof Faker
  return new Instance({
    locale: english.rawDefinitions,
    randomizer: {
      next: () => {
        draws += 1
        return drawFraction(key, draws, 2)
      },
      seed: () => {
        draws = 0
      },
    },
  })
}
