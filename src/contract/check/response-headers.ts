/**
 * `response_headers_conformance`: required headers are there, and documented ones keep their schemas.
 *
 * @module
 */
import type { Header } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { parameterAt, readParameter } from '../../openapi/parameter.ts'
import { show } from '../display.ts'
import { explain, sentenceOf } from '../explain.ts'
import type { Finding, Remark } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** Reports documented headers that are missing or broken. */
export function checkHeaders(view: View): readonly Finding[] | null {
  const headers = view.spec?.headers ?? []
  if (headers.length === 0) return null
  return headers.flatMap((header) => checkHeader(view, header).map((remark) => remarkOn(view, remark)))
}

function checkHeader(view: View, { name, required, schema }: Header): readonly Remark[] {
  const check = 'response_headers_conformance'
  const text = view.exchange.response.headers[name.toLowerCase()]
  if (text === undefined) {
    const pointer = `${view.spec?.pointer ?? ''}/headers/${name}`
    return required ? [{ check, message: `the required header ${name} is missing`, pointer }] : []
  }
  if (schema === null) return []
  const value = readParameter(headerParameter(view, name, schema), [text], new Map())
  if (value === undefined) return []
  return explain(view.judge, schema, value).map((issue) => {
    const sentence = sentenceOf(view.judge, issue, value).replace('the body', '').trimStart()
    return { check, message: `the header ${name}: ${show(text)} ${sentence}`, pointer: issue.schema }
  })
}

/** A header is serialised as a parameter of style `simple`. */
function headerParameter({ judge }: View, name: string, schema: string): Parameter {
  const header = parameterAt(judge.subject.document.json, schema.replace(/\/schema$/, ''))
  return { ...header, name, in: 'header', style: 'simple' }
}
