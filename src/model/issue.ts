/**
 * Issues: single disagreements between a value and a schema, or between a request and its operation.
 *
 * @module
 */
import type { Json } from './json.ts'

/** One disagreement between a value and a schema. */
export interface Issue {
  /** JSON pointer into the value. */
  readonly at: string
  /** The schema keyword that was broken, such as `maximum`. */
  readonly keyword: string
  readonly message: string
  /** The keyword's own facts, such as `limit`. */
  readonly params: Readonly<Record<string, Json>>
  /** JSON pointer into the document, to the keyword. */
  readonly schema: string
}

/** Where in a request a value stands. */
export type InputPlace = 'path' | 'query' | 'header' | 'cookie' | 'body'

/** One disagreement between a request and its operation. */
export interface InputIssue {
  readonly in: InputPlace
  /** The parameter's name; empty for the body. */
  readonly name: string
  /** Members and positions inside the value, outermost first. */
  readonly path: readonly (string | number)[]
  /** JSON pointer into the document, to the keyword; absent where no schema says it. */
  readonly schema?: string
  readonly keyword: string
  readonly message: string
  readonly params: Readonly<Record<string, Json>>
}
