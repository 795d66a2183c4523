/**
 * The vocabulary from which values are drawn where a document has no fixture.
 *
 * @module
 */
import { keyOf } from '../random/key.ts'
import { createDraw } from './draw.ts'
import { EPOCH_MS } from './generate-fixture.ts'

const WORDS = 512

/** Different words, in the order in which they were drawn. */
export function generateWords(seed: number): readonly string[] {
  const words = new Set<string>()
  for (let round = 0; words.size < WORDS; round += 1) {
    const key = keyOf('word', seed, round)
    const draw = createDraw({ kind: 'word', turn: 0, own: key, shared: key, epochMs: EPOCH_MS })
    const word = draw.noun().toLowerCase()
    if (/^[a-z]{3,12}$/.test(word)) words.add(word)
  }
  return [...words]
}

/** Writes the vocabulary, one word a line. */
export function formatWords(words: readonly string[]): string {
  return `[\n${words.map((word) => `  ${JSON.stringify(word)}`).join(',\n')}\n]\n`
}
