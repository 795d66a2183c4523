/**
 * P09: a limit out of its bounds is refused, or brought back into them where the job contract says so; one
 * that the document allows is accepted, and holds.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { readParameter } from '../../openapi/parameter.ts'
import { count, show } from '../display.ts'
import type { Aim } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { keywordAt } from '../schema-place.ts'
import type { View } from '../view.ts'
import { isSuccess } from '../view.ts'
import type { Paged } from './paged.ts'
import { askPage, itemsOf, noteOn, pagedParameter } from './paged.ts'
import { nothingFor } from './paging.ts'

/** A limit as it is asked for, and what the document makes of it. */
interface Asked {
  readonly text: string
  /** The number it is read as; null where it is none. */
  readonly number: number | null
  /** By every reading, by the documented one, or by a lenient one alone. */
  readonly verdict: 'forbidden' | 'allowed' | 'open'
  /** Pointer into the document to what speaks of it. */
  readonly pointer: string
}

/** Asks for pages by limits in and out of their bounds. */
export async function judgeLimits(recorder: Recorder, aim: Aim, paged: Paged): Promise<void> {
  const { operation, limit, clamps, noun } = paged
  const parameter = pagedParameter(paged, limit)
  if (parameter === undefined || parameter.schema === null) {
    return recorder.book.add(nothingFor(operation.id, 'P09', 'no limit is documented'))
  }
  for (const asked of limitsOf(aim, parameter, parameter.schema)) {
    const { text, verdict, pointer } = asked
    const told = `${parameter.name}=${text}`
    const isOutside = /^-?\d+$/.test(text)
    const mustRefuse = verdict === 'forbidden' && !clamps
    const fault = `${told} is no limit that the document allows`
    const refused = { kind: 'refused', check: 'P09', statuses: null, pointer, fault } as const
    const view = await askPage(recorder, aim, paged, {
      query: [[parameter.name, text]],
      purpose: told,
      ...(mustRefuse ? { expects: refused } : {}),
    })
    if (mustRefuse) continue
    const mustAccept = verdict === 'allowed' || (verdict === 'forbidden' && isOutside)
    const { status } = view.exchange.response
    if ([0, 401, 403, 429].includes(status)) continue
    const wrong = isSuccess(view)
      ? wrongPage(aim, paged, asked, view)
      : mustAccept || status >= 500
        ? `must be answered${verdict === 'allowed' ? '' : ' within the bounds'}, was answered ${status}`
        : null
    const what = `${paged.name}: ${told} ${wrong}`
    noteOn(
      recorder,
      view,
      'P09',
      wrong === null ? null : { message: what, at: paged.at, pointer, topic: noun },
    )
  }
}

/** What is wrong with a page that answers a limit. */
function wrongPage({ judge }: Aim, paged: Paged, { number, verdict }: Asked, view: View): string | null {
  const items = itemsOf(paged, view)
  if (items === null) return null
  const schema = pagedParameter(paged, paged.limit)?.schema ?? ''
  const find = (keyword: string): Json | undefined =>
    keywordAt(judge.subject.document.json, schema, keyword)?.value
  const [least, most] = [find('minimum'), find('maximum')]
  const told = paged.echo === null ? undefined : readPointer(view.body ?? null, paged.echo)
  const bound =
    verdict === 'allowed' && number !== null
      ? Math.max(0, number)
      : typeof told === 'number'
        ? told
        : typeof most === 'number'
          ? most
          : null
  if (typeof told === 'number') {
    const outside = (typeof least === 'number' && told < least) || (typeof most === 'number' && told > most)
    if (outside) return `is answered with ${paged.echo} ${show(told)}, out of its bounds`
    if (verdict === 'allowed' && number !== null && number >= 0 && told !== number) {
      return `is answered with ${paged.echo} ${show(told)}`
    }
  }
  if (bound === null || items.length <= bound) return null
  return `gives ${count(items.length, paged.noun)}, more than ${bound}`
}

/** Limits at the bounds and beyond, and texts that are no whole number. */
function limitsOf({ judge }: Aim, parameter: Parameter, schema: string): readonly Asked[] {
  const { json } = judge.subject.document
  const place = (keyword: string): string =>
    keywordAt(json, schema, keyword)?.pointer ?? keywordAt(json, schema, 'type')?.pointer ?? parameter.pointer
  const most = keywordAt(json, schema, 'maximum')?.value
  const texts: (readonly [text: string, keyword: string])[] = [
    ['0', 'minimum'],
    ['-1', 'minimum'],
    ...(typeof most === 'number' ? [[String(most + 1), 'maximum'] as const] : []),
    ['1e3', 'maximum'],
    ['', 'type'],
    ['abc', 'type'],
    ['1.5', 'type'],
  ]
  const isValid = (value: Json): boolean => judge.validator.check(schema, value, 1).length === 0
  return texts.map(([text, keyword]) => {
    const number = text === '' || Number.isNaN(Number(text)) ? null : Number(text)
    const documented = text === '' ? undefined : readParameter(parameter, [text], new Map())
    const readings: Json[] = [text, ...(number === null ? [] : [number])]
    if (text === '') readings.push(null)
    const strict = documented !== undefined && isValid(documented)
    // An empty text counts as none with many servers.
    const omitted = text === '' && !parameter.required
    const verdict = strict ? 'allowed' : omitted || readings.some(isValid) ? 'open' : 'forbidden'
    return { text, number, verdict, pointer: place(keyword) }
  })
}
