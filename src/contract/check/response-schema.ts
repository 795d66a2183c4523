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
import type { ValuePart } from '../body-part.ts'
import { explain, schemaPointerOf, sentenceOf } from '../explain.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'
import { withExactIntegers } from './exact-integer.ts'

/** Reports bodies that break their schema; of a text that is no JSON `json_text_conformance` speaks. */
export function checkSchema(view: View): readonly Finding[] | string | null {
  const { content, exchange } = view
  if (content === null || exchange.response.body === '') return null
  // The body first: the rows that it was found right with are not judged again.
  const told = groupItems(content.values, (part) => issuesOf(view, part))
  const rows = view.body === undefined ? [] : rowIssues(view, view.body)
  if (content.unread !== null && rows.length === 0) return content.unread
  if (rows.length > 0) told.push(...rows.map((issue) => tell(view, issue, view.body)))
  return distinct(told).map(({ issue, message }) =>
    remarkOn(view, {
      check: 'response_schema_conformance',
      message,
      at: issue.at,
      pointer: schemaPointerOf(view.judge, issue),
    }),
  )
}

/** An issue in its own words. */
interface Told {
  readonly issue: Issue
  readonly message: string
}

/** Items of a sequence that break one keyword alike are told of once, with their number. */
function groupItems(parts: readonly ValuePart[], tellOf: (part: ValuePart) => readonly Told[]): Told[] {
  const groups = new Map<string, { readonly told: Told; items: number }>()
  for (const part of parts) {
    for (const told of tellOf(part)) {
      const { at, schema, params } = told.issue
      const inside = part.at === '' ? at : at.slice(part.at.length)
      const key = `${part.at === ''} ${inside} ${schema} ${JSON.stringify(params)}`
      const known = groups.get(key)
      if (known === undefined) groups.set(key, { told, items: 1 })
      else known.items += 1
    }
  }
  return [...groups.values()].map(({ told: { issue, message }, items }) => {
    return { issue, message: items === 1 ? message : `${message}; ${items - 1} more items like it` }
  })
}

function issuesOf(view: View, { at, value, schema, json }: ValuePart): readonly Told[] {
  const found = explain(view.judge, schema, value)
  const wide = json === null || json.wide.size === 0 ? null : json.wide
  const issues =
    wide === null ? found : withExactIntegers(view.judge.subject.document.json, schema, value, wide, found)
  return issues.map((issue) => {
    const { message } = tell(view, issue, value)
    const literal = wide?.get(issue.at)
    const exact = literal === undefined ? message : message.replace(/-?[\d.e+]+$/, literal)
    const named = at !== '' && issue.at === '' ? exact.replace(/^the body/, at) : at + exact
    return { issue: { ...issue, at: at + issue.at }, message: at === '' ? exact : named }
  })
}

function tell(view: View, issue: Issue, value: Json | undefined): Told {
  return { issue, message: sentenceOf(view.judge, issue, value ?? null) }
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

function distinct(told: readonly Told[]): readonly Told[] {
  const key = ({ issue: { at, schema, params } }: Told): string => `${at} ${schema} ${JSON.stringify(params)}`
  return [...new Map(told.map((each) => [key(each), each])).values()]
}
