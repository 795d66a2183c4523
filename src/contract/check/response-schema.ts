/**
 * `response_schema_conformance`: bodies keep their schemas, on errors as on success. Where the job contract
 * says what a whole row is, whole rows are held to it too: a document that allows "a row or any object" has
 * no teeth of its own.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json } from '../../model/json.ts'
import { listAt } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { isJsonType } from '../../openapi/media-type.ts'
import { cut } from '../display.ts'
import { explain, schemaPointerOf, sentenceOf } from '../explain.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'
import { isBodiless } from './content-type.ts'

/** Reports bodies that are no JSON or break their schema. */
export function checkSchema(view: View): readonly Finding[] | null {
  const { media, body, exchange, judge } = view
  if (media === undefined || exchange.response.body === '' || isBodiless(view)) return null
  if (!isJsonType(exchange.response.headers['content-type'] ?? '')) return null
  const check = 'response_schema_conformance'
  if (body === undefined) {
    const message = `the body is no JSON: ${cut(exchange.response.body)}`
    const pointer = view.spec?.pointer ?? view.operation.pointer
    return [remarkOn(view, { check, message, pointer, topic: `${pointer} json` })]
  }
  const issues = [
    ...(media.schema === null ? [] : explain(judge, media.schema, body)),
    ...rowIssues(view, body),
  ]
  return distinct(issues).map((issue) =>
    remarkOn(view, {
      check,
      message: sentenceOf(judge, issue, body),
      at: issue.at,
      pointer: schemaPointerOf(judge, issue),
    }),
  )
}

function rowIssues(view: View, body: Json): readonly Issue[] {
  const rows = view.contract?.rows
  if (rows === undefined || rows === null || rows.schema === null || !isSuccess(view)) return []
  if (queryText(view, rows.select?.parameter) !== null) return []
  const { schema } = rows
  return listAt({ rows: readPointer(body, rows.at) ?? null }, 'rows').flatMap((row, position) => {
    const at = pointerTo(rows.at, position)
    return explain(view.judge, schema, row).map((issue) => ({ ...issue, at: at + issue.at }))
  })
}

function distinct(issues: readonly Issue[]): readonly Issue[] {
  const key = ({ at, schema, params }: Issue): string => `${at} ${schema} ${JSON.stringify(params)}`
  return [...new Map(issues.map((issue) => [key(issue), issue])).values()]
}
