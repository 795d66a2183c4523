/**
 * Unusable input to the tool itself: a broken document, a stale fixture, an unknown flag.
 *
 * @module
 */

/** Says what is wrong with what the user gave, where, and how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
