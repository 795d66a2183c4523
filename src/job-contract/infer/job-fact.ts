/**
 * What an answer tells of its job beside rows: id, state, echoes, instants, progress, error, confidences.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Decide } from './decision.ts'
import { meaningsOf, wordsOf } from './meaning.ts'
import type { Part } from './role.ts'
import { idMember, listMember } from './role.ts'
import type { Member } from './shape.ts'
import { admits, findMember, itemsOf, keywordOf, membersAt } from './shape.ts'
import { decideVolatile } from './volatile.ts'
import type { Meaning } from './words.ts'
import { snake } from './words.ts'

/** Decides what an operation's answer tells of its job. */
export function decideFacts(json: JsonObject, part: Part, decide: Decide): void {
  const path = ['operations', part.operation.id]
  decideId(part, path, decide)
  decideTimes(json, part, path, decide)
  decideProgress(json, part, path, decide)
  decideError(json, part, path, decide)
  if (part.role === 'results') decideConfidence(json, part, path, decide)
  decideVolatile(json, part, path, decide)
}

function decideId(
  { operation, role, job, noun, members, state }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  const id = idMember(members, noun)
  if (id !== null) {
    const why =
      snake(id.name) === 'id'
        ? 'the answer is a job, and has an `id`'
        : `\`${id.name}\` is the id of a ${noun}`
    decide([...path, 'id'], id.at, role === 'create' ? 'sure' : 'likely', why, id.pointer)
  }
  if (state !== null) {
    decide(
      [...path, 'state'],
      state.at,
      'sure',
      `\`${state.name}\` is the state of the ${noun}`,
      state.pointer,
    )
  }
  for (const parameter of operation.parameters) {
    if (parameter.in !== 'path') continue
    const own = parameter.name === job ? id : members.find(({ name }) => name === parameter.name)
    if (own == null) continue
    const why =
      parameter.name === job
        ? 'a job is answered by the id that it was asked by'
        : 'it is called as the parameter'
    decide([...path, 'echoes', own.at], parameter.name, 'likely', why, own.pointer)
  }
}

const TIMES: readonly Meaning[] = ['created', 'started', 'updated', 'ended']

/** Where other ends have instants of their own, that of success is no end of them. */
const OTHER_END = /^(?:failed|errored|cancell?ed|aborted|stopped|expired|terminated|rejected)_(?:at|time)$/

function decideTimes(
  json: JsonObject,
  { role, members }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  if (role === 'results') return
  for (const meaning of TIMES) {
    const found = findMember(members, meaning, admits('string', 'integer', 'number'))
    if (found === null || (meaning === 'ended' && members.some(({ name }) => OTHER_END.test(snake(name)))))
      continue
    const exact = keywordOf(json, found.pointer, 'format') === 'date-time' || /_at$/.test(snake(found.name))
    decide(
      [...path, 'times', meaning],
      found.at,
      exact ? 'likely' : 'guess',
      `\`${found.name}\` is when it was ${meaning}`,
      found.pointer,
    )
  }
}

function decideProgress(
  json: JsonObject,
  { role, members }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  if (role !== 'status' && role !== 'cancel') return
  const at = [...path, 'progress']
  const inner = members.find((member) => snake(member.name) === 'progress' && admits('object')(member))
  if (inner !== undefined) {
    const parts = membersAt(json, inner.pointer, inner.at)
    for (const [name, meaning] of [
      ['total', 'amount'],
      ['done', 'done'],
      ['failed', 'lost'],
    ] as const) {
      const found = findMember(parts, meaning, admits('integer'))
      if (found !== null)
        decide(
          [...at, name],
          found.at,
          'likely',
          `\`${found.name}\` stands in \`${inner.name}\``,
          found.pointer,
        )
    }
    return
  }
  const percent = findMember(members, 'percent', admits('number', 'integer'))
  const most = percent === null ? undefined : keywordOf(json, percent.pointer, 'maximum')
  if (percent !== null && (most === 100 || most === 1)) {
    decide(
      [...at, 'percent'],
      percent.at,
      'likely',
      `\`${percent.name}\` goes up to ${most}`,
      percent.pointer,
    )
    decide([...at, 'whole'], most, 'likely', `\`${percent.name}\` goes up to ${most}`, percent.pointer)
  }
  decideCounts(members, at, decide)
}

/** `completed_documents` of `document_count` or `total_documents`. */
function decideCounts(members: readonly Member[], at: readonly string[], decide: Decide): void {
  for (const done of members.filter(admits('integer'))) {
    const [, noun] = /^(?:completed|processed|done)_(\w+?)s?$/.exec(snake(done.name)) ?? []
    if (noun === undefined) continue
    const names = [`${noun}_count`, `total_${noun}s`, `${noun}s_total`, `total_${noun}`]
    const total = members.find((member) => names.includes(snake(member.name)) && admits('integer')(member))
    if (total === undefined) continue
    decide(
      [...at, 'total'],
      total.at,
      'likely',
      `\`${total.name}\` is the whole of \`${done.name}\``,
      total.pointer,
    )
    decide(
      [...at, 'done'],
      done.at,
      'likely',
      `\`${done.name}\` is a part of \`${total.name}\``,
      done.pointer,
    )
    const failed = members.find(
      (member) => snake(member.name) === `failed_${noun}s` && admits('integer')(member),
    )
    if (failed !== undefined)
      decide(
        [...at, 'failed'],
        failed.at,
        'likely',
        `\`${failed.name}\` is a part of \`${total.name}\``,
        failed.pointer,
      )
    return
  }
}

function decideError(
  json: JsonObject,
  { role, members, state }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  if (role !== 'status' || state === null) return
  const fails = [...meaningsOf(wordsOf(json, state).words).values()].includes('failed')
  const error = findMember(members, 'error', admits('object', 'string'))
  if (!fails || error === null) return
  const canBeNull = error.types.has('null')
  const why = `\`${error.name}\` says why a job failed${canBeNull ? ', and is null otherwise' : ''}`
  decide([...path, 'error', 'at'], error.at, canBeNull ? 'likely' : 'guess', why, error.pointer)
  for (const name of ['code', 'message'] as const) {
    const found = findMember(membersAt(json, error.pointer), name, admits('string'))
    if (found === null) continue
    decide(
      [...path, 'error', name],
      found.at,
      canBeNull ? 'likely' : 'guess',
      `\`${found.name}\` stands in the error`,
      found.pointer,
    )
  }
}

function decideConfidence(
  json: JsonObject,
  { members }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  const list = listMember(json, members)
  const items = list === null ? null : itemsOf(json, list.pointer)
  if (list === null || items === null) return
  const found = findMember(membersAt(json, items), 'confidence', admits('number'))
  if (found === null) return
  const bounded =
    keywordOf(json, found.pointer, 'minimum') === 0 && keywordOf(json, found.pointer, 'maximum') === 1
  const value = [{ each: pointerTo(list.at, '*'), confidence: found.at }]
  decide(
    [...path, 'confidences'],
    value,
    bounded ? 'likely' : 'guess',
    `\`${found.name}\` is how sure a row is`,
    found.pointer,
  )
}
