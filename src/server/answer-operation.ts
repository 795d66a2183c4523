/**
 * Answers of operations that succeed: find the job, query its rows, render. Operations that have nothing to
 * do with jobs are answered from the document.
 *
 * @module
 */
import type { OperationContract, Role } from '../job-contract/job-contract.ts'
import type { JobView } from '../model/job.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { withPointer } from '../model/pointer.ts'
import { ApiError } from '../model/refusal.ts'
import { isJsonType } from '../openapi/media-type.ts'
import type { Operation, ResponseSpec } from '../openapi/operation.ts'
import { responseFor, successStatus } from '../openapi/response.ts'
import type { AnswerFacts } from '../vendor/vendor.ts'
import type { Rows } from '../world/rows.ts'
import type { Answer } from './answer.ts'
import { bytesAnswer } from './answer.ts'
import type { DocumentAnswer } from './answer-document.ts'
import { answerFromDocument, drawnHeaders } from './answer-document.ts'
import { vendorHeaders } from './answer-refusal.ts'
import type { ApiWorld } from './api-world.ts'
import { createByteWriter } from './byte-writer.ts'
import type { ByteCache } from './cache.ts'
import type { RowsQuery } from './query/rows-query.ts'
import { readRowsQuery } from './query/rows-query.ts'
import type { RowPage } from './query/run-query.ts'
import { runQuery } from './query/run-query.ts'
import type { Input } from './read-input.ts'
import type { Route } from './route.ts'
import { ROWS, writeEnvelope } from './row-text.ts'

/** What an operation on jobs is answered from. */
export interface OperationCall {
  readonly route: Route
  readonly world: ApiWorld
  readonly contract: OperationContract
  readonly input: Input
  readonly nowMs: number
  readonly answers: ByteCache<Answer>
  /** Answers what the vendor does not render. */
  readonly document: () => Omit<DocumentAnswer, 'api' | 'spec' | 'status'>
}

/**
 * Answers an operation on jobs.
 *
 * @throws {@link ApiError} when the job is not there, has ended, or the query breaks a rule.
 */
export function answerOperation(call: OperationCall): Answer {
  const { route, world, contract, input, nowMs } = call
  verifyScope(world, input)
  const body = isObject(input.body) ? input.body : {}
  switch (contract.role) {
    case 'create': {
      if (contract.dryRun !== null && input.parameters.get(contract.dryRun) === true)
        return answerDryRun(call, body)
      const view = world.sandbox.create(body, nowMs)
      return render(call, view, null, worldStatus(route.operation, contract.role))
    }
    case 'cancel': {
      const view = findJob(call)
      if (view.endedAtMs !== null)
        throw new ApiError('job_ended', `The job has already ended: ${wordOf(call, view)}`)
      return render(call, world.sandbox.cancel(view.job.id, nowMs), null, successStatus(route.operation))
    }
    case 'status':
      return render(call, findJob(call), null, successStatus(route.operation))
    case 'results': {
      const view = findJob(call)
      const { rows } = contract
      const query = rows === null ? null : readRowsQuery(input, rows, world.members(route.operation.id))
      return keep(call, view, query, () => render(call, view, query, successStatus(route.operation)))
    }
  }
}

/** Whose job it is must be right before the job is looked for. */
function verifyScope(world: ApiWorld, input: Input): void {
  for (const [name, value] of Object.entries(world.sandbox.scope)) {
    const asked = input.parameters.get(name)
    if (typeof asked === 'string' && asked.toLowerCase() !== value.toLowerCase()) {
      throw new ApiError('job_not_found', `There is nothing at ${name} ${asked}`)
    }
  }
}

function findJob({ world, contract, input, nowMs }: OperationCall): JobView {
  const id = input.parameters.get(contract.job ?? '')
  const view = typeof id === 'string' ? world.sandbox.find(id, nowMs) : undefined
  if (view === undefined) throw new ApiError('job_not_found', `There is no job ${String(id)}`)
  return view
}

/** The status of a success: for a job that is made 201 or 202, since a lower one may stand for a dry run. */
export function worldStatus(operation: Operation, role: Role | undefined): number {
  const created = role === 'create' ? [201, 202] : []
  return created.find((status) => operation.responses.has(String(status))) ?? successStatus(operation)
}

/** An answer that time cannot change any more is kept. */
function keep(call: OperationCall, view: JobView, query: RowsQuery | null, create: () => Answer): Answer {
  if (view.job.heldAtMs === null && view.endedAtMs === null) return create()
  const { route, world, contract, input, answers } = call
  const stand = `${world.sandbox.seed} ${view.job.id} ${view.state} ${view.rows}`
  const echoed = Object.values(contract.echoes).map((name) => input.parameters.get(name) ?? null)
  const key = `${route.template} ${stand} ${JSON.stringify([query, echoed])}`
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = create()
  answers.set(key, answer, answer.body?.byteLength ?? 0)
  return answer
}

function wordOf({ world }: OperationCall, view: JobView): string {
  return world.contract.states[view.state] ?? view.state
}

function answerDryRun(call: OperationCall, body: JsonObject): Answer {
  const { route, world, nowMs } = call
  const view = world.sandbox.draft(body, nowMs)
  return render(call, view, null, successStatus(route.operation), true)
}

function render(
  call: OperationCall,
  view: JobView,
  query: RowsQuery | null,
  status: number,
  dryRun = false,
): Answer {
  const { route, world, contract, input } = call
  const source = contract.rows === null ? null : world.source(view, contract.rows, route.operation.id)
  const page = source === null || query === null ? null : runQuery(source, query)
  const facts: AnswerFacts = {
    view,
    state: wordOf(call, view),
    rows: page === null ? [] : ROWS,
    total: page?.total ?? view.rows,
    more: page?.more ?? false,
    body: input.body,
    dryRun,
    instant: (ms) => new Date(ms).toISOString(),
  }
  const spec = responseFor(route.operation, status)
  const headers = answerHeaders(call, spec, status)
  if (spec?.content.length === 0) return { status, headers, body: null }
  const renderAnswer = world.api.vendor?.answers?.[route.operation.id]
  const envelope = renderAnswer === undefined ? inferBody(call, facts, spec, status) : renderAnswer(facts)
  out.take() // what a body that was given up has left
  if (page === null || source === null) out.json(envelope)
  else writeEnvelope(out, envelope, () => writePage(world, source.rows, page))
  const type = spec?.content.find((media) => isJsonType(media.type))?.type
  return bytesAnswer(status, type ?? 'application/json', out.take(), headers)
}

/** The vendor's headers, and drawn ones where the document requires what the vendor does not give. */
function answerHeaders(
  call: OperationCall,
  spec: ResponseSpec | undefined,
  status: number,
): Readonly<Record<string, string>> {
  const { route } = call
  const own = vendorHeaders(route, status)
  if (spec?.headers.some(({ required }) => required) !== true) return own
  return { ...drawnHeaders({ ...call.document(), api: route.api, spec }), ...own }
}

/** Rendering never waits, so one writer serves all. */
const out = createByteWriter()

function writePage({ writer }: ApiWorld, rows: Rows, page: RowPage): void {
  const { readers, indexes } = page
  if (readers === null) writer.write(out, rows, indexes)
  else {
    const texts = indexes.map((index) =>
      JSON.stringify(Object.fromEntries(readers.map((reader) => [reader.leaf, reader.read(index)]))),
    )
    out.text(texts.join(','))
  }
}

/**
 * Without a vendor: a body drawn for the schema, with what the job contract places put in its place. It is
 * drawn for the job, so that members which several operations show are the same in each.
 */
function inferBody(
  call: OperationCall,
  facts: AnswerFacts,
  spec: ResponseSpec | undefined,
  status: number,
): Json {
  const { route, contract, input } = call
  const document = call.document()
  const { view } = facts
  const drawn =
    spec === undefined
      ? null
      : answerFromDocument({
          ...document,
          api: route.api,
          spec,
          status,
          key: `job ${view.job.id}`,
          preference: { ...document.preference, dynamic: true, example: null },
        })
  const base = drawn?.body == null ? {} : (JSON.parse(new TextDecoder().decode(drawn.body)) as Json)
  const schema = spec?.content.find(({ type }) => isJsonType(type))?.schema ?? null
  const { rows } = contract
  const places: readonly (readonly [string | null | undefined, Json | undefined])[] = [
    [contract.id, view.job.id],
    [contract.state, facts.state],
    [rows?.at, facts.rows],
    [rows?.total, facts.total],
    [rows?.more, facts.more],
    ...Object.entries(contract.echoes).map(([at, name]): readonly [string, Json | undefined] => [
      at,
      input.parameters.get(name),
    ]),
  ]
  return places.reduce<Json>(
    (body, [at, value]) => (at == null || value === undefined ? body : withPointer(body, at, value)),
    withBrief(
      base,
      view.job.brief,
      (value) => schema === null || document.validator.check(schema, value, 1).length === 0,
    ),
  )
}

/** What a job was asked to do is told again wherever the document has members of these names and kinds. */
function withBrief(base: Json, brief: JsonObject, isRight: (value: Json) => boolean): Json {
  if (!isObject(base)) return base
  const told = Object.entries(brief).filter(([name]) => Object.hasOwn(base, name))
  const body = { ...base, ...Object.fromEntries(told) }
  return told.length > 0 && isRight(body) ? body : base
}
