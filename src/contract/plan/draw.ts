/**
 * The judge's own draws: a seed and a key give the same digits everywhere. Not for secrets.
 *
 * @module
 */

/** A stream of hexadecimal digits that a seed and a key name. */
function* digitsOf(seed: number, key: string): Generator<number> {
  let state = 0x811c9dc5 ^ seed
  for (const char of `${seed}/${key}`) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193)
  while (true) {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    yield ((mixed ^ (mixed >>> 14)) >>> 0) >>> 28
  }
}

/** A text of a form: `uuid`, or one in which each `#` is a digit to draw. */
export function drawText(seed: number, key: string, form: string): string {
  const digits = digitsOf(seed, key)
  const pattern = form === 'uuid' ? '########-####-4###-8###-############' : form
  return pattern.replace(/#/g, () => (digits.next().value ?? 0).toString(16))
}
