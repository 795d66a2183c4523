/**
 * What must hold of a page of deepset's results, written again by hand.
 *
 * @module
 */
import type { JsonObject } from '../../src/model/json.ts'
import type { Seen } from './seen.ts'
import { falseOf } from './seen.ts'

/** The names of the laws that do not hold. */
export function brokenLaws({ rows: count, answers }: Seen): readonly string[] {
  const page = answers['getJobResults'] ?? {}
  const rows = page['data'] as readonly JsonObject[]
  const text = (name: string): readonly string[] => rows.map((row) => String(row[name]))
  const indexed = rows.flatMap(({ query_index: index }) => (index === null ? [] : [Number(index)]))
  const rises = (values: readonly (string | number)[]): boolean =>
    values.every((value, place) => place === 0 || value >= (values[place - 1] ?? value))
  return falseOf({
    'the total is the number of rows': page['total'] === count,
    'a page holds what there is, at most a hundred': rows.length === Math.min(100, count),
    'more is promised exactly while rows follow': page['has_more'] === count > rows.length,
    'ids differ and rise with the rows': new Set(text('job_result_id')).size === rows.length,
    'sorted by the query index, without an index last':
      rises(indexed) && rows.slice(0, indexed.length).every((row) => row['query_index'] !== null),
    'instants rise with indexes': rises(text('created_at').slice(0, indexed.length)),
    'what failed or was not answered has no answer': rows.every(
      (row) => (row['failed'] !== true && row['no_answer'] !== true) || row['answer'] === '',
    ),
    'what failed has no response': rows.every(
      (row) => row['failed'] !== true || JSON.stringify(row['response']) === '{}',
    ),
    'no query takes less than no time': rows.every((row) => Number(row['duration']) > 0),
    'a response is about its own file': rows.every((row) => {
      const [document] = ((row['response'] as JsonObject)['documents'] ?? []) as readonly JsonObject[]
      return document === undefined || (document['meta'] as JsonObject)['file_name'] === row['file']
    }),
  })
}
