/**
 * Drafts a job contract from a document: which operations read, make, list and cancel jobs, what its words of
 * states mean, where rows stand and how they are paged. Each decision says how sure it is and why.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { UsageError } from '../../model/usage-error.ts'
import type { Document } from '../../openapi/document.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import type { Confidence, Decide, Decision } from './decision.ts'
import { contractFrom } from './decision.ts'
import { parameterExample } from './example.ts'
import { decideFacts } from './job-fact.ts'
import { decideStates, decideTransitions } from './life.ts'
import { decideList, decideRows } from './paging.ts'
import type { Part } from './role.ts'
import { partsOf } from './role.ts'
import { keywordOf } from './shape.ts'
import { NAMES, snake } from './words.ts'

/** What was read into a document. */
export interface Inference {
  readonly decisions: readonly Decision[]
  /** The draft of decisions that are at least so sure; null where nothing looks like a job. */
  draft(least: Confidence): JsonObject | null
}

/** Reads jobs into a document. */
export function inferJobContract({ id, json, operations, schemes }: Document): Inference {
  const decisions: Decision[] = []
  const decide: Decide = (path, value, confidence, why, pointer) => {
    decisions.push({ path, value, confidence, why, pointer })
  }
  const parts = partsOf(json, operations)
  // What may be no job at all does not say what the words of jobs mean, where there are others.
  const firm = parts.filter(({ confidence }) => confidence !== 'guess')
  const jobs = firm.length > 0 ? firm : parts
  decideJobId(json, jobs, decide)
  decideStates(json, jobs, decide)
  decideTransitions(json, jobs, operations, decide)
  decideScope(json, jobs, decide)
  for (const [name, scheme] of schemes) {
    const place = `/components/securitySchemes/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const example = readPointer(json, `${place}/x-example`) ?? readPointer(json, `${place}/example`)
    if (typeof example === 'string' && example !== '') {
      decide(
        ['credentials', name],
        { example },
        'likely',
        `the scheme \`${scheme.name}\` shows an example`,
        place,
      )
    }
  }
  decideRefusals(jobs, decide)
  for (const part of parts) decideOperation(json, part, parts, decide)
  return { decisions, draft: (least) => contractFrom(id, decisions, least) }
}

function decideOperation(json: JsonObject, part: Part, parts: readonly Part[], decide: Decide): void {
  const { operation, role, confidence, why, job } = part
  const path = ['operations', operation.id]
  decide([...path, 'role'], role, confidence, why, operation.pointer)
  if (job !== null) {
    const parameter = operation.parameters.find(({ name }) => name === job)
    const pointer = parameter?.pointer ?? operation.pointer
    decide([...path, 'job'], job, 'sure', `\`${job}\` is the last parameter of its path`, pointer)
  }
  if (role !== 'list') decideFacts(json, part, decide)
  if (role === 'results') decideRows(json, part, decide)
  if (role === 'list') {
    const detail = parts.find(
      ({ role: other, operation: { path: place }, job: own }) =>
        other === 'status' && place === `${operation.path.replace(/\/$/, '')}/{${own}}`,
    )
    if (detail !== undefined) decideList(json, part, detail, decide)
  }
  if (operation.method !== 'GET') decideRequest(operation, path, decide)
}

function decideRequest({ parameters }: Operation, path: readonly string[], decide: Decide): void {
  const find = (names: readonly string[], place: string): Parameter | undefined =>
    parameters.find((each) => each.in === place && names.includes(snake(each.name)))
  const key = find(NAMES.idempotency, 'header')
  if (key !== undefined) {
    decide(
      [...path, 'idempotency', 'parameter'],
      key.name,
      'sure',
      `\`${key.name}\` says that a request comes again`,
      key.pointer,
    )
  }
  const dry = find(NAMES.dryRun, 'query')
  if (dry?.types.has('boolean')) {
    decide([...path, 'dryRun'], dry.name, 'sure', `\`${dry.name}\` asks for the checks alone`, dry.pointer)
  }
}

/** The form of ids, by the parameter that takes them. */
function decideJobId(json: JsonObject, parts: readonly Part[], decide: Decide): void {
  const parameters = parts.flatMap(({ operation, job }) =>
    operation.parameters.filter(({ name, in: place }) => place === 'path' && name === job),
  )
  const found = parameters.flatMap((parameter) => {
    const form = formOf(json, parameter)
    return form === null ? [] : [{ ...form, pointer: parameter.pointer }]
  })
  const [first] = found
  if (first === undefined) return
  const differs = found.some(({ form }) => form !== first.form)
  const why = differs ? `${first.why}; other jobs have other ids` : first.why
  decide(['jobId'], first.form, differs ? 'guess' : first.confidence, why, first.pointer)
}

interface Form {
  readonly form: string
  readonly confidence: Confidence
  readonly why: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function formOf(json: JsonObject, parameter: Parameter): Form | null {
  const { name, schema } = parameter
  if (schema !== null && keywordOf(json, schema, 'format') === 'uuid') {
    return { form: 'uuid', confidence: 'sure', why: `\`${name}\` has the format uuid` }
  }
  const example = parameterExample(json, parameter)
  if (example === null) return null
  if (UUID.test(example)) {
    return { form: 'uuid', confidence: 'likely', why: `the example of \`${name}\` is a UUID` }
  }
  const blank = (run: string): string => run.replace(/[0-9a-f]/gi, '#')
  const inner = example.replace(new RegExp(UUID.source.slice(1, -1), 'i'), blank)
  const form = inner === example ? example.replace(/[0-9a-f]{6,}(?![0-9a-z])/i, blank) : inner
  if (form === example) return null
  return { form, confidence: 'likely', why: `the example of \`${name}\` looks so` }
}

/** Path parameters beside the job's say whose job it is. */
function decideScope(json: JsonObject, parts: readonly Part[], decide: Decide): void {
  const done = new Set<string>()
  for (const { operation, job } of parts) {
    for (const parameter of operation.parameters) {
      const { name, schema, pointer } = parameter
      if (job === null || parameter.in !== 'path' || name === job || done.has(name)) continue
      done.add(name)
      const example = parameterExample(json, parameter)
      const format = schema === null ? undefined : keywordOf(json, schema, 'format')
      const isUuid = format === 'uuid' || UUID.test(example ?? '')
      const form = isUuid ? 'uuid' : (example ?? `${snake(name)}-####`)
      decide(['scope', name], form, 'likely', 'it stands in the path beside the job', pointer)
    }
  }
}

/** Where only one refusal of a kind is documented, that is the one. */
function decideRefusals(parts: readonly Part[], decide: Decide): void {
  const reads = parts
    .filter(({ job, operation }) => job !== null && operation.method === 'GET')
    .map(({ operation }) => operation)
  const documents = (operation: Operation, ...statuses: readonly string[]): boolean =>
    statuses.some((status) => operation.responses.has(status))
  const silent = reads.every((operation) => !documents(operation, '404', '4XX', 'default'))
  for (const status of ['410', '403', '400']) {
    const told = silent ? reads.find((operation) => documents(operation, status)) : undefined
    if (told === undefined) continue
    const why = `no read of a job documents 404, and ${status} is there`
    decide(['refusals', 'job_not_found'], Number(status), 'likely', why, told.pointer)
    break
  }
  const cancels = parts.filter(({ role }) => role === 'cancel').map(({ operation }) => operation)
  const blunt = cancels.find((operation) => !documents(operation, '409') && documents(operation, '400'))
  if (blunt !== undefined && cancels.every((operation) => !documents(operation, '409'))) {
    decide(
      ['refusals', 'job_ended'],
      400,
      'likely',
      'no cancellation documents 409, and 400 is there',
      blunt.pointer,
    )
  }
  const all = parts.map(({ operation }) => operation)
  const coarse = all.find((operation) => !documents(operation, '422') && documents(operation, '400'))
  if (coarse !== undefined && all.every((operation) => !documents(operation, '422'))) {
    decide(
      ['refusals', 'request_invalid'],
      400,
      'likely',
      'no operation documents 422, and 400 is there',
      coarse.pointer,
    )
  }
}

/**
 * Drops operations that the reader of job contracts would refuse, so that a draft can always be read.
 *
 * @param read - Reads a draft, and throws {@link UsageError} where it is not sound.
 */
export function readableDraft<Read>(
  draft: JsonObject,
  read: (draft: JsonObject) => Read,
): { readonly draft: JsonObject; readonly read: Read } | null {
  try {
    return { draft, read: read(draft) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const [, id] = /\/operations\/([^/:]+)/.exec(error.message) ?? []
    const operations = draft['operations']
    if (id === undefined || !isObject(operations)) return null
    const name = id.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!Object.hasOwn(operations, name)) return null
    const rest = Object.fromEntries(Object.entries(operations).filter(([each]) => each !== name)) as Record<
      string,
      Json
    >
    if (Object.keys(rest).length === 0) return null
    return readableDraft({ ...draft, operations: rest }, read)
  }
}
