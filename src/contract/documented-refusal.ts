/**
 * Refusals that a document has. Which one a job contract asks for stands in no document, so that by an
 * inferred one any that is documented will do.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import type { Subject } from './subject.ts'

/** What a range of refusals may stand for. */
const USUAL: readonly number[] = [400, 403, 404, 409, 410, 422]
/** Who asks and how often, they say, and nothing of what was asked for. */
const OF_ACCESS: ReadonlySet<number> = new Set([401, 429])

/** The statuses by which an operation may refuse what it is asked for, as its document has them. */
function documentedRefusals({ responses }: Operation): readonly number[] {
  const keys = [...responses.keys()]
  const named = keys.filter((key) => /^4\d\d$/.test(key)).map(Number)
  const ranges = keys.some((key) => /^(?:4XX|default)$/i.test(key)) ? USUAL : []
  return [...new Set([...named, ...ranges])].filter((status) => !OF_ACCESS.has(status)).sort((a, b) => a - b)
}

/** The statuses that count as a refusal: those of the contract; where it is inferred, the documented ones. */
export function refusalsOf(
  { inferred }: Subject,
  operation: Operation,
  wanted: readonly number[],
): readonly number[] {
  return inferred === true ? documentedRefusals(operation) : wanted
}
