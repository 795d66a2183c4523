/**
 * From a job as it stands, and a query of its rows, to an answer: the vendor renders it, else the document
 * and the job contract do. Which job it is and whether it may be asked is `answer-operation.ts`.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { Json } from '../model/json.ts'
import { operationById } from '../openapi/document.ts'
import { isJsonType } from '../openapi/media-type.ts'
import type { ResponseSpec } from '../openapi/operation.ts'
import { responseFor } from '../openapi/response.ts'
import type { AnswerFacts } from '../vendor/vendor.ts'
import type { Rows } from '../world/rows.ts'
import type { Answer } from './answer.ts'
import { bytesAnswer } from './answer.ts'
import { drawnHeaders } from './answer-document.ts'
import { vendorHeaders } from './answer-refusal.ts'
import type { ApiWorld } from './api-world.ts'
import { createByteWriter } from './byte-writer.ts'
import { fillPath } from './fill-path.ts'
import { inferBody } from './infer-body.ts'
import type { OperationCall } from './operation-call.ts'
import type { RowsQuery } from './query/rows-query.ts'
import type { QuerySource, RowPage } from './query/run-query.ts'
import { runQuery } from './query/run-query.ts'
import { ROWS, writeEnvelope } from './row-text.ts'

/** What is rendered beside the job itself. */
export interface Rendering {
  readonly status: number
  /** Null asks for no rows. */
  readonly query: RowsQuery | null
  readonly dryRun?: boolean
}

/** The vendor's word for a job's state. */
export function wordOf({ world }: Pick<OperationCall, 'world'>, view: JobView): string {
  return world.contract.states[view.state] ?? view.state
}

/** An answer before its rows are written: they stand in it as one mark. */
export interface Envelope {
  readonly envelope: Json
  /** The page of rows; null where none were asked for. */
  readonly page: RowPage | null
  readonly source: QuerySource | null
}

/** Renders an answer up to its rows. */
export function renderEnvelope(call: OperationCall, view: JobView, rendering: Rendering): Envelope {
  const { route, world, contract } = call
  const { status, query } = rendering
  const source = contract.rows === null ? null : world.source(view, contract.rows, route.operation.id)
  const page = source === null || query === null ? null : runQuery(source, query)
  const facts = factsOf(call, view, page, rendering)
  const spec = responseFor(route.operation, status)
  const renderAnswer = world.api.vendor?.answers?.[route.operation.id]
  const envelope = renderAnswer === undefined ? inferBody(call, facts, spec, status) : renderAnswer(facts)
  return { envelope, page, source }
}

/** Renders the answer of an operation for a job. */
export function renderJob(call: OperationCall, view: JobView, rendering: Rendering): Answer {
  const { route, world } = call
  const { status } = rendering
  const spec = responseFor(route.operation, status)
  const headers = answerHeaders(call, spec, status)
  if (spec?.content.length === 0) return { status, headers, body: null }
  const { envelope, page, source } = renderEnvelope(call, view, rendering)
  out.take() // what a body that was given up has left
  if (page === null || source === null) out.json(envelope)
  else writeEnvelope(out, envelope, () => writePage(world, source.rows, page))
  const type = spec?.content.find((media) => isJsonType(media.type))?.type
  return bytesAnswer(status, type ?? 'application/json', out.take(), headers)
}

function factsOf(
  call: OperationCall,
  view: JobView,
  page: RowPage | null,
  { dryRun = false }: Rendering,
): AnswerFacts {
  const { route, world, input } = call
  const { operation, template } = route
  const prefix = call.prefix + template.slice(0, template.length - operation.path.length)
  const { total = view.rows, more = false } = page ?? {}
  const asked = { rows: page === null ? [] : ROWS, total, more, body: input.body, dryRun }
  return jobFacts(world, view, prefix, asked)
}

/** What depends on who asks. */
type AskedFacts = Pick<AnswerFacts, 'rows' | 'total' | 'more' | 'body' | 'dryRun'>

/**
 * What is to be told of a job.
 *
 * @param prefix - What links begin with.
 * @param asked - Left out where nobody has asked: it is told by itself, without rows.
 */
export function jobFacts(
  world: ApiWorld,
  view: JobView,
  prefix: string,
  asked: AskedFacts = { rows: [], total: view.rows, more: false, body: null, dryRun: false },
): AnswerFacts {
  const { api, jobs } = world
  return {
    view,
    state: wordOf({ world }, view),
    ...asked,
    instant: (ms) => new Date(ms).toISOString(),
    each: (read) => {
      const rows = jobs.rows(view)
      return Array.from({ length: rows.count }, (_, index) =>
        read(world.template(rows.templateOf(index)), rows.slotOf(index)),
      )
    },
    scope: jobs.scope,
    link: (id) => {
      const other = operationById(api.document, id)
      if (other === undefined) throw new RangeError(`${api.id} links to ${id}, which its document lacks`)
      return prefix + fillPath(other, world, view.job.id)
    },
    profile: api.profile,
  }
}

/** The headers that the vendor gives an answer. */
export function ownHeaders(
  { route, headers }: OperationCall,
  status: number,
): Readonly<Record<string, string>> {
  return vendorHeaders(route, { ...headers, status })
}

/** The vendor's headers, and drawn ones where the document requires what the vendor does not give. */
export function answerHeaders(
  call: OperationCall,
  spec: ResponseSpec | undefined,
  status: number,
): Readonly<Record<string, string>> {
  const { route } = call
  const own = ownHeaders(call, status)
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
