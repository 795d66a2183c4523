/**
 * How the value of a parameter looks in a request, and everything that a server, strict or lenient, could
 * take such a request for. A value is proved wrong only where none of these readings is right.
 *
 * @module
 */

import type { Json } from '../../model/json.ts'
import { isObject, isScalar } from '../../model/json.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { parseQuery, readParameter } from '../../openapi/parameter.ts'
import { encodePart } from '../exchange.ts'
import type { Judge } from '../subject.ts'

/** What a request says of one parameter: names and texts, none where it is left out. */
export type Wire = readonly (readonly [string, string])[]

const SEPARATOR: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

/** Writes a value as the document's style of the parameter asks; null where the style has no form for it. */
export function wireOf(parameter: Parameter, value: Json): Wire | null {
  const { name, style, explode } = parameter
  if (parameter.mediaType !== null) return [[name, JSON.stringify(value)]]
  if (isScalar(value)) return value === null ? null : [[name, prefixed(parameter, String(value))]]
  const many = parameter.in === 'query' || parameter.in === 'cookie'
  if (isObject(value)) return objectWire(parameter, value)
  const items = value as readonly Json[]
  if (!items.every((item) => isScalar(item) && item !== null)) return null
  const texts = items.map(String)
  if (many && explode && style === 'form') return texts.map((text) => [name, text] as const)
  const separator = SEPARATOR[style] ?? (explode && style === 'label' ? '.' : ',')
  if (style === 'matrix' && explode) return null
  return [[name, prefixed(parameter, texts.join(separator))]]
}

function objectWire({ name, style, explode, in: place }: Parameter, value: Json): Wire | null {
  if (!isObject(value) || place !== 'query') return null
  const members = Object.entries(value)
  if (!members.every(([, member]) => isScalar(member) && member !== null)) return null
  const texts = members.map(([member, each]) => [member, String(each)] as const)
  if (style === 'deepObject') return texts.map(([member, text]) => [`${name}[${member}]`, text] as const)
  if (style !== 'form') return null
  return explode ? texts : [[name, texts.flat().join(',')]]
}

function prefixed({ name, style }: Parameter, text: string): string {
  return style === 'label' ? `.${text}` : style === 'matrix' ? `;${name}=${text}` : text
}

/** The texts of a query as they are sent. */
export function queryTextOf(pairs: Wire): string {
  return pairs.map(([name, text]) => `${encodePart(name)}=${encodePart(text)}`).join('&')
}

/** Is a parameter wrong in a request, whoever reads it? `blank` texts may count as left out. */
export function isProvablyWrong(judge: Judge, parameter: Parameter, wire: Wire): boolean {
  const { schema, required } = parameter
  return readingsOf(parameter, wire).every((value) => {
    if (value === undefined) return required
    return schema !== null && judge.validator.check(schema, value, 1).length > 0
  })
}

/** Is a parameter right in a request as the document reads it? */
export function isRight(judge: Judge, parameter: Parameter, wire: Wire): boolean {
  const value = documentedReading(parameter, wire)
  if (value === undefined) return !parameter.required && wire.length === 0
  return parameter.schema === null || judge.validator.check(parameter.schema, value, 1).length === 0
}

/** What is sent, taken apart again: the proof is about the request, not about what was meant. */
function textsIn({ in: place }: Parameter, wire: Wire): ReadonlyMap<string, readonly string[]> {
  if (place === 'query') return parseQuery(queryTextOf(wire))
  return new Map(wire.map(([name, text]) => [name, [place === 'header' ? text.trim() : text]]))
}

/** What the document's own style makes of the request; undefined where the parameter is left out. */
export function documentedReading(parameter: Parameter, wire: Wire): Json | undefined {
  const all = textsIn(parameter, wire)
  return readParameter(parameter, all.get(parameter.name) ?? [], all)
}

/** Every reading; undefined stands for a parameter that was left out. */
export function readingsOf(parameter: Parameter, wire: Wire): readonly (Json | undefined)[] {
  const all = textsIn(parameter, wire)
  const texts = all.get(parameter.name) ?? []
  const readings: (Json | undefined)[] = [readParameter(parameter, texts, all)]
  const [first, last] = [texts[0], texts.at(-1)]
  const said = [...all.values()].flat()
  if (said.every((text) => /^\s*$/.test(text)) && all.size <= 1) readings.push(undefined)
  const scalars = parameter.types.size === 0 || [...parameter.types].some((type) => !LISTED.has(type))
  if (scalars && texts.length > 0) {
    for (const text of new Set([first, last])) readings.push(...scalarReadings(text ?? ''))
  }
  if (parameter.types.has('array')) readings.push(...listReadings(texts))
  if (parameter.types.has('object')) readings.push(...objectReadings(parameter, wire, all))
  return readings
}

const LISTED: ReadonlySet<string> = new Set(['array', 'object'])

/** What one text may be taken for. */
export function scalarReadings(text: string): readonly Json[] {
  const trimmed = text.trim()
  const readings: Json[] = [text, trimmed, trimmed.replace(/^(["'])(.*)\1$/s, '$2')]
  if (trimmed !== '' && !Number.isNaN(Number(trimmed))) readings.push(Number(trimmed))
  if (/^(?:true|t|yes|y|on|1)$/i.test(trimmed)) readings.push(true)
  if (/^(?:false|f|no|n|off|0)$/i.test(trimmed)) readings.push(false)
  if (/^(?:null|none|nil|undefined|)$/i.test(trimmed)) readings.push(null)
  return readings
}

/** Takes each item for one thing at a time, so that lists stay few: as text, number, flag or nothing. */
function listReadings(texts: readonly string[]): readonly Json[] {
  const lists: readonly string[][] = [
    [...texts],
    ...[',', '|', ' ', ';'].map((separator) => texts.flatMap((text) => text.split(separator))),
  ]
  const kinds = [undefined, 'number', 'boolean', 'object'] as const
  const read = lists.flatMap((list) =>
    kinds.flatMap((kind) => {
      const take = (text: string): Json => scalarReadings(text).find((each) => typeof each === kind) ?? text
      return [
        list.map(take),
        list.map((text) => take(text.trim())),
        list.filter((text) => text !== '').map(take),
      ]
    }),
  )
  const parsed = texts.length === 1 ? parsedOf(texts[0] ?? '') : undefined
  return parsed === undefined ? read : [...read, parsed]
}

function parsedOf(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Members that stand alone or in brackets, each with every kind of value at once. */
function objectReadings(
  { name, memberTypes }: Parameter,
  wire: Wire,
  all: ReadonlyMap<string, readonly string[]>,
): readonly Json[] {
  const members = [...all].map(([key, texts]): [string, string] => {
    const inner = /^(.*)\[([^\]]*)\]$/.exec(key)
    return [inner?.[1] === name ? (inner[2] ?? '') : key, texts.at(-1) ?? '']
  })
  if (members.length === 0) return []
  const kinds = [undefined, 'number', 'boolean', 'object'] as const
  const read = kinds.map((kind) =>
    Object.fromEntries(
      members.map(([key, text]) => {
        const own = memberTypes.get(key)
        const strict = own?.has('string') === true ? undefined : kind
        return [key, scalarReadings(text).find((each) => typeof each === strict) ?? text]
      }),
    ),
  )
  const single = wire.length === 1 ? parsedOf(wire[0]?.[1] ?? '') : undefined
  return single === undefined ? read : [...read, single]
}
