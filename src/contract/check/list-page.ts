/**
 * What one page of a list of jobs shows by itself: it is sorted as asked, holds what the filters let through
 * and no more than its limit, and belongs to whom it was asked of. What only several pages show is in
 * `invariant/`.
 *
 * @module
 */
import type { ListContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import { compareScalars } from '../operand.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'

/** A page of a list, its items looked up. */
interface ListedPage {
  readonly list: ListContract
  readonly items: readonly Json[]
}

function listedPage({ contract, body }: View): ListedPage | null {
  const list = contract?.list ?? null
  const items = list === null || body === undefined ? undefined : readPointer(body, list.at)
  return list === null || !Array.isArray(items) ? null : { list, items: items as readonly Json[] }
}

const pageOf = (view: View): ListedPage | null => (isSuccess(view) ? listedPage(view) : null)

/** A parameter's place in the document. */
function parameterPlace({ operation }: View, name: string | null): string {
  return operation.parameters.find((parameter) => parameter.name === name)?.pointer ?? operation.pointer
}

/**
 * Reports the first item that stands the wrong way round, where the request names a member to sort by; where
 * none can be named the order is that of creation, and shows where the job contract says when a job was made.
 */
export function checkListOrder(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const key = page === null ? null : keyOf(view, page.list)
  if (page === null || key === null || page.items.length < 2) return null
  const { list, items } = page
  const fallback = view.operation.parameters.find(({ name }) => name === list.order)?.default
  const rising = (queryText(view, list.order) ?? fallback) === list.ascending
  const values = items.map((item, position) => ({ position, value: readPointer(item, key) }))
  const known = values.filter(({ value }) => value != null)
  const wrong = known.findIndex(({ value }, at) => {
    const step = compareScalars(value ?? null, known[at - 1]?.value ?? value ?? null)
    return step !== null && (rising ? step < 0 : step > 0)
  })
  const [found, before] = [known[wrong], known[wrong - 1]]
  if (found === undefined) return []
  const at = `${pointerTo(list.at, found.position)}${key}`
  const direction = rising ? 'rising' : 'falling'
  const name = key.slice(1)
  const message = `${at} is ${show(found.value)}, behind ${show(before?.value)}: not ${direction} by ${name}`
  const pointer = parameterPlace(view, list.field ?? list.order)
  return [remarkOn(view, { check: 'S01', message, at, pointer, topic: `${name} ${direction}` })]
}

/** Pointer into an item to what it is sorted by; null where that is not known. */
function keyOf(view: View, list: ListContract): string | null {
  const field = queryText(view, list.field)
  if (field !== null) return pointerTo('', field)
  if (list.field !== null || list.order === null) return null
  return contractOf(view.judge.subject, list.of)?.times?.created ?? null
}

type Meets = (value: Json, asked: readonly string[]) => boolean

const MEETS: Readonly<Record<'equal' | 'from' | 'to', Meets>> = {
  equal: (value, asked) => asked.some((text) => text.toLowerCase() === String(value).toLowerCase()),
  from: (value, [bound = '']) => value !== null && (compareScalars(value, bound) ?? 0) >= 0,
  to: (value, [bound = '']) => value !== null && (compareScalars(value, bound) ?? 0) <= 0,
}

/** Does an item meet a condition of the request? */
export function meets(kind: keyof typeof MEETS, item: Json, at: string, asked: readonly string[]): boolean {
  return MEETS[kind](readPointer(item, at) ?? null, asked)
}

/** Reports items that the filters of the request leave out. */
export function checkListFilter(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  if (page === null) return null
  const { list, items } = page
  const conditions = (['equal', 'from', 'to'] as const).flatMap((kind) =>
    Object.entries(list[kind]).flatMap(([name, at]) => {
      const asked = (view.query.get(name) ?? []).filter((text) => text !== '')
      return asked.length === 0 ? [] : [{ kind, name, at, asked }]
    }),
  )
  if (conditions.length === 0 || items.length === 0) return null
  return conditions.flatMap(({ kind, name, at, asked }) => {
    const position = items.findIndex((item) => !meets(kind, item, at, asked))
    if (position < 0) return []
    const place = pointerTo(list.at, position) + at
    const value = show(readPointer(items[position] ?? null, at))
    const message = `${place} is ${value}, which ${name}=${asked.join(',')} leaves out`
    const pointer = parameterPlace(view, name)
    return [remarkOn(view, { check: 'F01', message, at: place, pointer, topic: `unsound ${name}` })]
  })
}

/** Reports a page that is longer than its limit, or tells of another limit than was asked for. */
export function checkListLength(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const text = queryText(view, page?.list.limit)
  if (page === null || text === null || !/^\d+$/.test(text)) return null
  const { list, items } = page
  // Brought back into its bounds it is another limit, which P09 looks at.
  if (list.clamps && isOutside(view, list.limit, Number(text))) return null
  const told = list.echo === null ? undefined : readPointer(view.body ?? null, list.echo)
  const faults = [
    ...(items.length > Number(text)
      ? [{ at: list.at, message: `${list.at} holds ${items.length} where ${text} were asked for at most` }]
      : []),
    ...(told !== undefined && told !== Number(text)
      ? [{ at: list.echo ?? '', message: `${list.echo} is ${show(told)} where ${text} was asked for` }]
      : []),
  ]
  const pointer = parameterPlace(view, list.limit)
  return faults.map(({ at, message }) => remarkOn(view, { check: 'P06', message, at, pointer, topic: at }))
}

/** Is a number out of the bounds of a parameter? */
function isOutside({ judge, operation }: View, name: string | null, number: number): boolean {
  const schema = operation.parameters.find((each) => each.name === name)?.schema ?? null
  return schema !== null && judge.validator.check(schema, number, 1).length > 0
}

/** Reports items of somebody else: what the detail repeats of the path, its items repeat too. */
export function checkListEcho(view: View): readonly Finding[] | null {
  const page = pageOf(view)
  const detail = page === null ? undefined : view.judge.subject.contract?.operations[page.list.of]
  const echoes = Object.entries(detail?.echoes ?? {}).filter(([, name]) => view.path[name] !== undefined)
  if (page === null || echoes.length === 0 || page.items.length === 0) return null
  return echoes.flatMap(([at, name]) => {
    const wrong = page.items.findIndex((item) => {
      const value = readPointer(item, at)
      return value !== undefined && String(value) !== view.path[name]
    })
    if (wrong < 0) return []
    const place = pointerTo(page.list.at, wrong) + at
    const value = show(readPointer(page.items[wrong] ?? null, at))
    const message = `${place} must repeat the ${name} of the request, ${show(view.path[name])}, is ${value}`
    return [remarkOn(view, { check: 'id_echo', message, at: place, topic: place.replace(/\d+/, '*') })]
  })
}
