/**
 * The key of a drawn value, for those who may not draw themselves.
 *
 * @module
 */
import type { Key } from '../random/key.ts'
import { keyOf } from '../random/key.ts'

/** The key of a value of an API, named by a text. */
export function keyOfText(seed: number, api: string, name: string): Key {
  return keyOf('value', seed, api, name)
}
