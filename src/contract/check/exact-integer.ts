/**
 * Integers beyond 2^53, judged by their digits: `format: int64` and `uint64` have bounds that no double tells
 * from its neighbours, so what the validator says of them there does not count.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { JsonObject } from '../../model/json.ts'
import { keywordAt, schemaPlace } from '../schema-place.ts'

/** Least and greatest, both admitted. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

/** The issues of a value with those of its wide integers put right. */
export function withExactIntegers(
  document: JsonObject,
  schema: string,
  wide: ReadonlyMap<string, string>,
  issues: readonly Issue[],
): readonly Issue[] {
  let exact = issues
  for (const [at, literal] of wide) {
    const format = keywordAt(document, schemaPlace(document, schema, at), 'format')
    const range = typeof format?.value === 'string' ? RANGES[format.value] : undefined
    if (format === null || range === undefined) continue
    exact = exact.filter((issue) => issue.at !== at || issue.keyword !== 'format')
    const number = BigInt(literal)
    if (number >= range[0] && number <= range[1]) continue
    const message = `must be a ${format.value}`
    const params = { format: format.value, literal }
    exact = [...exact, { at, keyword: 'format', message, params, schema: format.pointer }]
  }
  return exact
}
