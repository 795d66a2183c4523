/**
 * The words in which vendors draw row templates: seeded, and independent of each other. The generator
 * says them with faker; nothing that runs in a server draws in this way.
 *
 * @module
 */

/** Draws of one member of a template. Every call takes the next draw of that member's own key. */
export interface Draw {
  /** The kind of template that is drawn. */
  readonly kind: string
  /** The template's position in its run, from 0. */
  readonly turn: number
  /** Draws that all templates of the run share. */
  readonly shared: Draw
  integer(min: number, max: number): number
  number(min: number, max: number, decimals: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<Value>(values: readonly Value[]): Value
  /** Different values, in the order of the list. */
  some<Value>(values: readonly Value[], count: number): readonly Value[]
  uuid(): string
  hex(digits: number): string
  word(): string
  noun(): string
  adjective(): string
  company(): string
  person(): string
  city(): string
  country(): string
  product(): string
  department(): string
  jobTitle(): string
  domain(): string
  sentence(): string
  paragraph(sentences: number): string
  /** A day of the two years before the epoch, `2025-03-04`. */
  day(): string
  /** Lower case, joined by hyphens. */
  slug(words: number): string
}
