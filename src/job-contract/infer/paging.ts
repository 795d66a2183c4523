/**
 * How an operation pages, sorts and filters what it lists, by the names of its parameters and of what stands
 * beside the list.
 *
 * @module
 */
import type { JsonObject, JsonType } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import type { Confidence, Decide } from './decision.ts'
import type { Part } from './role.ts'
import { listMember } from './role.ts'
import type { Member } from './shape.ts'
import { admits, findMember, itemsOf, keywordOf, membersAt, schemaName, wordsAt } from './shape.ts'
import type { Meaning } from './words.ts'
import { NAMES, singular, snake } from './words.ts'

/** Members that hold what is said of a page, beside the list. */
const ENVELOPES = ['pagination', 'paging', 'page_info', 'meta', 'metadata', 'page', 'cursor', 'cursors']

/** Decides what is known of the rows of a job's results. */
export function decideRows(json: JsonObject, part: Part, decide: Decide): void {
  const list = listMember(json, part.members)
  if (list === null) return
  const path = ['operations', part.operation.id, 'rows']
  const listed = part.members.filter(
    (member) => admits('array')(member) && itemsOf(json, member.pointer) !== null,
  )
  const named = NAMES.rows.includes(snake(list.name))
  const sure: Confidence = listed.length === 1 || named ? 'sure' : 'likely'
  decide(
    [...path, 'at'],
    list.at,
    sure,
    `\`${list.name}\` is the list of objects that the answer holds`,
    list.pointer,
  )
  const items = itemsOf(json, list.pointer)
  if (items !== null) decideRowId(json, items, path, decide)
  decidePage(json, part, path, decide, items === null ? [] : membersAt(json, items))
  decideSort(json, part.operation, path, decide)
  decideChoice(json, part.operation, path, decide)
}

function decideRowId(json: JsonObject, items: string, path: readonly string[], decide: Decide): void {
  const members = membersAt(json, items)
  const row = snake(schemaName(json, items))
  const branches = [row, ...nestedNames(json, items)].filter((name) => name !== '')
  const own = members.find(({ name }) => branches.some((each) => snake(name) === `${each}_id`))
  const id = members.find(({ name }) => snake(name) === 'id')
  const found = id ?? own
  if (found === undefined || !(found.types.size === 0 || admits('string', 'integer')(found))) return
  const why =
    id === undefined
      ? `\`${found.name}\` is the id of a ${row || 'row'} by its name`
      : 'every row has an `id`'
  decide([...path, 'id'], found.name, id === undefined ? 'likely' : 'sure', why, found.pointer)
}

function nestedNames(json: JsonObject, items: string): readonly string[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) =>
    [0, 1, 2, 3].map((position) => snake(schemaName(json, `${items}/${keyword}/${position}`))),
  )
}

/** Total, flag, tokens and parameters of a page: the same words for rows and for lists of jobs. */
function decidePage(
  json: JsonObject,
  { operation, members }: Part,
  path: readonly string[],
  decide: Decide,
  items: readonly Member[],
): void {
  const inner = members.flatMap((member) =>
    ENVELOPES.includes(snake(member.name)) && admits('object')(member)
      ? membersAt(json, member.pointer, member.at)
      : [],
  )
  const beside = [...members, ...inner]
  const note = (name: string, meaning: Meaning, types: readonly JsonType[], what: string): Member | null => {
    const found = findMember(
      beside,
      meaning,
      (member) => admits(...types)(member) && !admits('array', 'object')(member),
    )
    if (found === null) return null
    const weak = ['count', 'after', 'next', 'cursor', 'previous', 'prev'].includes(snake(found.name))
    decide([...path, name], found.at, weak ? 'likely' : 'sure', `\`${found.name}\` ${what}`, found.pointer)
    return found
  }
  note('total', 'total', ['integer'], 'counts what matches')
  note('more', 'more', ['boolean'], 'says whether more follow')
  const next = note('next', 'next', ['string'], 'is the token of the next page')
  note('previous', 'previous', ['string'], 'is the token of the page before')
  const limit = decideParameter(operation, 'limit', path, decide, 'bounds a page')
  const echo =
    limit === null ? undefined : beside.find(({ name, types }) => name === limit.name && types.has('integer'))
  if (echo !== undefined)
    decide(
      [...path, 'echo'],
      echo.at,
      'likely',
      `\`${echo.name}\` repeats the parameter of that name`,
      echo.pointer,
    )
  const isList = path.at(-1) === 'list'
  const token =
    next === null ? null : decideParameter(operation, 'token', path, decide, 'takes the token of a page')
  if (isList) return
  decideParameter(operation, 'offset', path, decide, 'says how many rows are passed over')
  const page = decideParameter(operation, 'page', path, decide, 'numbers pages')
  if (page !== null) decideFirstPage(json, page, path, decide)
  const hasIds = items.some(({ name }) => /(^|_)id$/.test(snake(name)))
  if (token !== null || next !== null || !hasIds) return
  decideParameter(operation, 'after', path, decide, 'takes the id of a row, and no token is answered')
  decideParameter(operation, 'before', path, decide, 'takes the id of a row, and no token is answered')
}

function findParameter({ parameters }: Operation, meaning: Meaning): Parameter | null {
  for (const name of NAMES[meaning]) {
    const found = parameters.find((each) => each.in === 'query' && snake(each.name) === name)
    if (found !== undefined) return found
  }
  return null
}

function decideParameter(
  operation: Operation,
  meaning: Meaning,
  path: readonly string[],
  decide: Decide,
  what: string,
): Parameter | null {
  const found = findParameter(operation, meaning)
  if (found === null) return null
  const weak = ['size', 'top', 'take', 'page', 'after', 'before', 'starting_after'].includes(
    snake(found.name),
  )
  decide([...path, meaning], found.name, weak ? 'likely' : 'sure', `\`${found.name}\` ${what}`, found.pointer)
  return found
}

/** Pages count from 1, unless their number has 0 for its default or for its smallest value. */
function decideFirstPage(
  json: JsonObject,
  { name, pointer, schema, default: usual }: Parameter,
  path: readonly string[],
  decide: Decide,
): void {
  const least = schema === null ? undefined : keywordOf(json, schema, 'minimum')
  if (usual !== 0 && (usual !== undefined || least !== 0)) return
  const why = `\`${name}\` is ${usual === 0 ? 'by default' : 'at least'} 0`
  decide([...path, 'firstPage'], 0, 'likely', why, pointer)
}

/** The words for rising and for falling. */
interface Directions {
  readonly up: string
  readonly down: string
}

/** A direction is told by its two words; what is neither rising nor falling decides nothing. */
function directionsOf(json: JsonObject, parameter: Parameter | null): Directions | null {
  const words = parameter?.schema == null ? [] : wordsAt(json, parameter.schema)
  const up = words.find((word) => /^asc/i.test(word))
  const down = words.find((word) => /^desc/i.test(word))
  return up === undefined || down === undefined ? null : { up, down }
}

function decideSort(json: JsonObject, operation: Operation, path: readonly string[], decide: Decide): void {
  const field = findParameter(operation, 'field')
  const order = findParameter(operation, 'order')
  const directions = directionsOf(json, order)
  if (field === null || order === null || directions === null) return
  const at = [...path, 'sort']
  decideField(field, at, decide)
  decideOrder(order, directions, at, decide)
  decide([...at, 'descending'], directions.down, 'likely', 'it is the word for falling', order.pointer)
}

function decideField(field: Parameter, path: readonly string[], decide: Decide): void {
  const why = `\`${field.name}\` names the member to sort by`
  decide([...path, 'field'], field.name, 'likely', why, field.pointer)
}

function decideOrder(
  order: Parameter,
  { up, down }: Directions,
  path: readonly string[],
  decide: Decide,
): void {
  const why = `\`${order.name}\` is one of ${up} and ${down}`
  decide([...path, 'order'], order.name, 'likely', why, order.pointer)
}

/** What a select and a filter mean differs from API to API: a name alone is a guess. */
function decideChoice(json: JsonObject, operation: Operation, path: readonly string[], decide: Decide): void {
  const select = findParameter(operation, 'select')
  if (select !== null) {
    decide(
      [...path, 'select', 'parameter'],
      select.name,
      'guess',
      `\`${select.name}\` may choose members of rows`,
      select.pointer,
    )
  }
  const filter = findParameter(operation, 'filter')
  if (filter === null) return
  const places = [filter.pointer, ...(filter.schema === null ? [] : [filter.schema])]
  const text = places.map((pointer) => keywordOf(json, pointer, 'description')).join(' ')
  const why = /odata/i.test(text)
    ? `\`${filter.name}\` speaks of OData`
    : `\`${filter.name}\` may filter rows`
  decide([...path, 'filter', 'parameter'], filter.name, 'guess', why, filter.pointer)
  decide([...path, 'filter', 'language'], 'odata-equality', 'guess', why, filter.pointer)
}

/** Decides what is known of a list of jobs. */
export function decideList(json: JsonObject, part: Part, detail: Part, decide: Decide): void {
  const list = listMember(json, part.members)
  if (list === null) return
  const { operation } = part
  const path = ['operations', operation.id, 'list']
  const items = itemsOf(json, list.pointer)
  const members = items === null ? [] : membersAt(json, items)
  decide(
    [...path, 'of'],
    detail.operation.id,
    'likely',
    `\`${detail.operation.path}\` reads one of them`,
    operation.pointer,
  )
  decide([...path, 'at'], list.at, 'sure', `\`${list.name}\` is the list that the answer holds`, list.pointer)
  decidePage(json, part, path, decide, members)
  const order = findParameter(operation, 'order')
  const directions = directionsOf(json, order)
  if (order !== null && directions !== null) {
    decideOrder(order, directions, path, decide)
    decide([...path, 'ascending'], directions.up, 'likely', 'it is the word for rising', order.pointer)
    const field = findParameter(operation, 'field')
    if (field !== null) decideField(field, path, decide)
  }
  for (const parameter of operation.parameters) decideFilter(json, parameter, members, path, decide)
}

const PAGING: readonly Meaning[] = ['limit', 'offset', 'token', 'page', 'after', 'before', 'field', 'order']

const FROM = /_(start|from|after|since|gte|min|begin)$/
const TO = /_(end|to|before|until|lte|max)$/

/** A parameter called as a member of the items chooses by it; one with a bound behind its name bounds it. */
function decideFilter(
  json: JsonObject,
  parameter: Parameter,
  members: readonly Member[],
  path: readonly string[],
  decide: Decide,
): void {
  const name = snake(parameter.name)
  if (parameter.in !== 'query' || PAGING.some((meaning) => NAMES[meaning].includes(name))) return
  const find = (text: string): Member | undefined =>
    members.find((member) => snake(member.name) === text || snake(member.name) === `${text}_at`)
  const equal = find(name) ?? (parameter.types.has('array') ? find(singular(name)) : undefined)
  if (equal !== undefined && admits('string', 'integer', 'boolean')(equal)) {
    // A name or a text may be searched for in part; one of a few words is met or not.
    const sure = isChoice(json, parameter, equal)
    const why = `it is called as the member \`${equal.name}\`${sure ? ', and has its words' : ''}`
    decide([...path, 'equal', parameter.name], equal.at, sure ? 'sure' : 'likely', why, parameter.pointer)
    return
  }
  for (const [kind, pattern] of [
    ['from', FROM],
    ['to', TO],
  ] as const) {
    const bounded = pattern.test(name) ? find(name.replace(pattern, '')) : undefined
    if (bounded === undefined || !/_at$|time|date/.test(snake(bounded.name))) continue
    decide(
      [...path, kind, parameter.name],
      bounded.at,
      'likely',
      `it bounds the member \`${bounded.name}\` by its name`,
      parameter.pointer,
    )
  }
}

/** Does a parameter take words of which the member has one? */
function isChoice(json: JsonObject, { schema }: Parameter, member: Member): boolean {
  if (schema === null) return false
  const items = itemsOf(json, schema)
  const asked = wordsAt(json, items ?? schema)
  const shown = wordsAt(json, member.pointer)
  return asked.length > 0 && asked.some((word) => shown.includes(word))
}
