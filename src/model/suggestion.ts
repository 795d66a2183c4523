/**
 * What a misspelt name was probably meant to be.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'

/** The known name that is nearest, as the end of a sentence; empty where there is none. */
export function suggestion(name: string, known: readonly string[]): string {
  const [nearest] = [...known].sort((a, b) => distance(a, name) - distance(b, name))
  return nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
}
