/**
 * Texts that match a regular expression. What is drawn is tried on the expression before it is given out.
 *
 * @module
 */
import type { Key } from '../random/key.ts'
import { drawInteger } from '../random/key.ts'
import type { PatternNode } from './pattern.ts'
import { parsePattern } from './pattern.ts'

/** Plain rounds, then some in which open counts reach further, and the shortest text at the end. */
const PLAIN_ROUNDS = 4
const LONG_ROUNDS = 4

/**
 * Draws a text that matches; null where none was found.
 *
 * @param minLength - What the text must reach.
 * @param fits - Says whether a text is right in every way.
 */
export function drawPattern(
  pattern: string,
  key: Key,
  minLength: number,
  fits: (text: string) => boolean,
): string | null {
  const tree = compile(pattern) === null ? null : parsePattern(pattern)
  if (tree === null) return null
  for (let round = 0; round < PLAIN_ROUNDS + LONG_ROUNDS; round += 1) {
    const text = write(tree, createChoice(key, round), round < PLAIN_ROUNDS ? 0 : minLength)
    if (fits(text)) return text
  }
  const shortest = write(tree, () => 0, 0)
  return fits(shortest) ? shortest : null
}

/** The expression as JSON Schema means it; null where it is none. */
export function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return null
  }
}

/** Chooses one of so many; each call is another draw. */
type Choice = (count: number) => number

function createChoice(key: Key, round: number): Choice {
  let draws = 0
  return (count) => {
    draws += 1
    return drawInteger(key, draws, 40 + round, 0, count - 1)
  }
}

/** What an open count may reach beyond its minimum. */
const SPAN = 8

/** `stretch` is what counts reach for where they may. */
function write(node: PatternNode, choose: Choice, stretch: number): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'set':
      return node.characters[choose(node.characters.length)] ?? ''
    case 'all':
      return node.parts.map((part) => write(part, choose, stretch)).join('')
    case 'one': {
      const option = node.options[choose(node.options.length)]
      return option === undefined ? '' : write(option, choose, stretch)
    }
    case 'times': {
      const least = Math.min(node.max, node.min + stretch)
      const count = least + choose(Math.min(node.max - least, SPAN) + 1)
      return Array.from({ length: count }, () => write(node.part, choose, 0)).join('')
    }
  }
}
