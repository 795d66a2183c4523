/**
 * What can be wrong with schemas themselves.
 *
 * @module
 */

/** What is wrong with a schema itself. */
export interface Fault {
  /** Pointer into the document, to the keyword. */
  readonly pointer: string
  readonly message: string
}
