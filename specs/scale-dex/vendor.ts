/**
 * Dex: jobs of nine kinds, read in one way. A batch has a row for each child job that was begun; no other job
 * has rows. Lists, refusals and what must hold of a job stand in the document and the job contract.
 *
 * @module
 */
import type { Slot, Template } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Draw } from '../../src/vendor/draw.ts'
import type { AnswerFacts, Vendor } from '../../src/vendor/vendor.ts'

/**
 * What a job was asked for, and what befalls it: the part of a batch that is lost where that is neither all
 * nor nothing, and the documents of a cancelled one that are never begun, beside its rows. `stumble` chooses
 * why it fails, and what is sure to be lost and to be parsed. A bare job has null wherever it can.
 */
interface Brief
  extends JsonObject,
    Readonly<Record<'operation' | 'engine', string>>,
    Readonly<Record<'losses' | 'unbegun' | 'stumble', number>>,
    Readonly<Record<'payload' | 'parsed', JsonObject>>,
    Partial<Readonly<Record<'traced' | 'bare' | 'untyped', boolean>>> {
  readonly source_id: string | null
  /** The documents of a batch that a request named. */
  readonly documents?: readonly string[]
}

/** So many children of a batch are at work at once. */
const AT_ONCE = 4

/** The steps of a run, each with its share of it; the work itself is the first or the second. */
const STEPS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  parse: { fetch_source: 1, parse_document: 8, store_result: 1 },
  batch_parse: { parse_documents: 1 },
  extract: { load_parse_result: 1, extract_fields: 7, validate_fields: 2 },
  research: { plan_search: 1, search_documents: 4, write_answer: 5 },
  vector_store: { load_chunks: 1, embed_chunks: 8, write_vectors: 1 },
  chunk: { load_parse_result: 1, split_text: 3, store_chunks: 1 },
  summarization: { load_parse_result: 1, summarize_sections: 6, merge_summaries: 2 },
  create_index: { define_index: 1, index_documents: 8, publish_index: 1 },
  update_index: { compare_documents: 2, index_changes: 6, publish_index: 1 },
}

/** What works on one document or parse result. */
const HAVE_SOURCE = ['parse', 'extract', 'chunk', 'summarization']
/** What a document is lost by, alone or in a batch; then what other jobs fail by, in any of their steps. */
const MISHAPS = [
  'The file is protected by a password',
  'The file is damaged and cannot be opened',
  'Page 3 could not be read',
  'The engine did not answer',
]
const FAILURES = ['The model did not answer', 'The source was deleted while the job ran']
const TITLES = ['Framework agreement', 'Invoice', 'Audit report', 'Lease', 'Offer', 'Purchase order']
/** An accent apart from its letter, right to left, and an emoji of several code points. */
const UNICODE_TITLES = ['„Größen“ – Re\u0301union', 'محضر جلسة المجلس', '市議会議事録 👩🏽‍🌾']
const STORES = ['supplier-contracts', 'claims-archive', 'board-minutes', 'product-manuals', 'lease-files']
const CLAUSES = [
  'Scope. The supplier performs the services that are listed in Annex A.',
  'Term. This agreement begins when both parties have signed it and runs for two years.',
  'Prices. Prices are fixed for the first year; later changes follow the index in Annex C.',
  'Payment. Invoices are due within thirty days of receipt, without deduction.',
]

function drawFile(draw: Draw): string {
  const tail = `${draw.integer(2019, 2025)}.${draw.pick(['pdf', 'pdf', 'pdf', 'docx', 'tiff'])}`
  if (draw.kind === 'unicode') return `${draw.pick(UNICODE_TITLES)} ${tail}`
  const length = draw.kind === 'long' ? draw.integer(60, 120) : 1
  const subjects = Array.from({ length }, () => draw.company())
  return `${draw.pick(TITLES)} ${subjects.join(', ')} ${tail}`
}

function drawInvoice(draw: Draw): JsonObject {
  const lines = Array.from({ length: draw.integer(2, 4) }, () => {
    return { description: draw.product(), quantity: draw.integer(1, 20), unit_price: draw.number(4, 400, 2) }
  })
  const cents = lines.reduce((sum, line) => sum + line.quantity * Math.round(line.unit_price * 100), 0)
  const head = { invoice_number: `INV-${draw.integer(10_000, 99_999)}`, supplier: draw.company() }
  return { fields: { ...head, invoice_date: draw.day(), currency: 'EUR', lines, total: cents / 100 } }
}

function drawStore(draw: Draw): JsonObject {
  const documents = draw.integer(40, 400)
  const chunks = documents * draw.integer(9, 40)
  return { id: draw.uuid(), name: draw.pick(STORES), document_count: documents, chunk_count: chunks }
}

/** What a job brings, by its operation; of a batch its children tell. */
const PAYLOADS: Readonly<Record<string, (draw: Draw) => JsonObject>> = {
  parse: (draw) => ({ document: drawFile(draw), pages: draw.integer(4, 80), tables: draw.integer(0, 9) }),
  extract: drawInvoice,
  research: (draw) => ({
    question: `How can the agreement with ${draw.company()} be ended?`,
    answer: `In writing, with ${draw.integer(2, 12)} months’ notice to the end of a year.`,
    sources: [{ source_document_id: draw.uuid(), page: draw.integer(2, 30) }],
  }),
  vector_store: drawStore,
  chunk: (draw) => ({ chunks: CLAUSES.map((text, index) => ({ id: draw.uuid(), index, text })) }),
  summarization: (draw) => ({ summary: `${draw.company()} supplies ${draw.company()} until ${draw.day()}.` }),
  create_index: drawStore,
  update_index: (draw) => ({ ...drawStore(draw), added: draw.integer(1, 30), removed: draw.integer(0, 9) }),
}

/** An id that is drawn for a row. */
function drawId(slot: Slot, what: string): string {
  const words = [1, 2, 3, 4].map((part) => slot.integer(`${what} ${part}`, 0, 0xffff_ffff))
  const digits = words.map((word) => word.toString(16).padStart(8, '0')).join('')
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5')
}

/** How the document of a row ends, or would have: it follows from the job's outcome. */
function fateOf(slot: Slot): string {
  const { outcome, rows, brief } = slot.view.job
  const { stumble, losses } = brief as Brief
  if (outcome === 'succeeded' || outcome === 'failed') return outcome
  if (outcome === 'partially_succeeded') {
    if (slot.index === stumble % rows) return 'failed'
    if (slot.index === (stumble + 1) % rows) return 'succeeded'
  }
  return slot.number('fate', 0, 1, 4) < losses ? 'failed' : 'succeeded'
}

/** The last children that were begun are at work as long as their job is, and are given up with it. */
function statusOf(slot: Slot): string {
  const { state, rows } = slot.view
  const isLast = slot.index >= rows - AT_ONCE
  return isLast && (state === 'running' || state === 'cancelled') ? state : fateOf(slot)
}

const parsedTo = (slot: Slot): Json => (statusOf(slot) === 'succeeded' ? drawId(slot, 'result') : null)
const lossOf = ({ mishap, file }: Template, { index }: Slot): string => `${mishap}: ${1001 + index} ${file}`
const namedIn = (brief: JsonObject): readonly string[] | undefined => (brief as Brief).documents

/** The members of a child job. */
const CHILD: Readonly<Record<string, { readonly read: (template: Template, slot: Slot) => Json }>> = {
  source_document_id: { read: (_, slot) => namedIn(slot.brief)?.[slot.index] ?? drawId(slot, 'source') },
  job_id: { read: (_, slot) => slot.id },
  status: { read: (_, slot) => statusOf(slot) },
  parse_result_id: { read: (_, slot) => parsedTo(slot) },
  error: { read: (template, slot) => (statusOf(slot) === 'failed' ? lossOf(template, slot) : null) },
}

function childOf(template: Template, slot: Slot): JsonObject {
  return Object.fromEntries(Object.entries(CHILD).map(([name, { read }]) => [name, read(template, slot)]))
}

const briefOf = ({ view }: AnswerFacts): Brief => view.job.brief as Brief
const isBatch = (facts: AnswerFacts): boolean => briefOf(facts).operation === 'batch_parse'
const totalOf = (facts: AnswerFacts): number => facts.view.job.rows + briefOf(facts).unbegun

function progressOf(facts: AnswerFacts, children: Json): Json {
  if (!isBatch(facts)) return null
  const statuses = facts.each((_, slot) => statusOf(slot))
  const count = (status: string): number => statuses.filter((other) => other === status).length
  const total = totalOf(facts)
  const rest = total - statuses.length
  const givenUp = facts.view.state === 'cancelled' ? rest : 0
  const ended = { succeeded: count('succeeded'), failed: count('failed') }
  const others = { cancelled: count('cancelled') + givenUp, pending: rest - givenUp }
  return { total, ...ended, ...others, child_jobs: children }
}

/** Another id of the same form that no other job's leads to: its ends change places. */
const swapped = (id: string): string => id.replace(/^(.{8})(.*)(.{8})$/, '$3$2$1')

function resultOf(facts: AnswerFacts): Json {
  const { operation, payload, engine } = briefOf(facts)
  if (facts.view.state !== 'succeeded' && facts.view.state !== 'partially_succeeded') return null
  if (operation === 'parse') return { parse_result_id: swapped(facts.view.job.id), engine, ...payload }
  if (!isBatch(facts)) return payload
  return { parse_result_ids: facts.each((_, slot) => parsedTo(slot)).filter((id) => id !== null) }
}

function errorOf(facts: AnswerFacts): Json {
  const { operation, stumble } = briefOf(facts)
  if (facts.view.state !== 'failed') return null
  if (isBatch(facts)) return `0 of ${totalOf(facts)} documents could be parsed`
  const reasons = operation === 'parse' ? MISHAPS : FAILURES
  return reasons[stumble % reasons.length] ?? null
}

/** The wait, then each step that was begun; a job that fails, or is drawn as cancelled, ends at its work. */
function historyOf(facts: AnswerFacts): Json {
  const { view, state, instant } = facts
  const { job, startedAtMs, endedAtMs, nowMs } = view
  const { operation, engine } = briefOf(facts)
  const isCut = job.outcome === 'failed' || job.outcome === 'cancelled'
  const plan = Object.entries(STEPS[operation] ?? {}).slice(0, isCut ? 2 : 3)
  const shares = plan.reduce((sum, [, share]) => sum + share, 0)
  const begun = [{ step: 'queued', atMs: job.createdAtMs }]
  let before = 0
  for (const [step, share] of startedAtMs === null ? [] : plan) {
    const atMs = (startedAtMs ?? 0) + Math.floor((job.runMs * before) / shares)
    if (before === 0 || atMs < (endedAtMs ?? nowMs)) begun.push({ step, atMs })
    before += share
  }
  const batch = isBatch(facts) ? { source_documents: totalOf(facts) } : {}
  return begun.map(({ step, atMs }, position) => {
    const endMs = begun[position + 1]?.atMs ?? endedAtMs
    return {
      step,
      timestamp: instant(atMs),
      duration_ms: endMs === null ? null : endMs - atMs,
      status: position === begun.length - 1 ? state : 'succeeded',
      details: step.startsWith('parse_') ? { engine, ...batch } : null,
    }
  })
}

function renderJob(facts: AnswerFacts, children: Json): Json {
  const { view, state, instant, scope } = facts
  const { id, createdAtMs } = view.job
  const { operation, source_id, traced, bare, untyped } = briefOf(facts)
  return {
    id,
    project_id: scope['project_id'] ?? '',
    operation,
    status: state,
    created_at: instant(createdAtMs),
    ...(untyped ? {} : { object: 'job' }),
    source_id: bare ? null : source_id,
    correlation_id: traced && !bare ? `req-${id.slice(-12)}` : null,
    started_at: view.startedAtMs === null ? null : instant(view.startedAtMs),
    completed_at: view.endedAtMs === null ? null : instant(view.endedAtMs),
    result: resultOf(facts),
    progress: progressOf(facts, children),
    error: errorOf(facts),
    history: bare ? null : historyOf(facts),
  }
}

const renderWhole = (facts: AnswerFacts): Json => renderJob(facts, facts.each(childOf))

/** Without a body a batch is one of drawn documents. */
function briefFrom(body: JsonObject, drawn: JsonObject, operationId: string | null): JsonObject {
  const { source_document_id: one, source_document_ids: many, parameters } = body
  const engine = (parameters as JsonObject | undefined)?.['engine'] ?? drawn['engine'] ?? null
  if (operationId === 'createParseJob')
    return { ...drawn, operation: 'parse', source_id: one ?? null, payload: drawn['parsed'] ?? {}, engine }
  const documents = many === undefined ? {} : { documents: many }
  return { ...drawn, ...documents, ...BATCH.brief, source_id: null, engine }
}

const doing = (operation: string) => ({ brief: { operation } })
const BATCH = doing('batch_parse')
/** The usual jobs show a batch; half of one of them may be lost. */
const USUAL = 'queued partially-succeeded failed cancelled empty one-row one-page many-pages tied'.split(' ')
const LOSSY = { outcome: 'partially_succeeded', brief: { ...BATCH.brief, losses: 0.5 } } as const

/** Dex, as its pages tell of it. */
export const vendor: Vendor = {
  sources: [{ url: 'https://docs.gp.scale.com/reference/dex/', read: '2026-11-23' }],
  errors: 'fastapi',
  headers: () => ({ 'WWW-Authenticate': 'APIKey' }),
  columns: CHILD,
  answers: {
    getJob: (facts) => renderJob(facts, facts.rows),
    cancelJob: renderWhole,
    createParseJob: renderWhole,
    createBatchParseJob: renderWhole,
  },
  brief: briefFrom,
  rows: (brief, drawn) => (brief['operation'] === 'batch_parse' ? (namedIn(brief)?.length ?? drawn) : 0),
  fixture: {
    run: 1,
    kinds: { ordinary: 64, unicode: 9, long: 3 },
    mix: { ordinary: 1 },
    template: { mishap: (draw) => draw.pick(MISHAPS), file: drawFile },
    brief: {
      operation: (draw) => draw.pick(['batch_parse', draw.pick(Object.keys(STEPS))]),
      source_id: (draw, { operation }) => (HAVE_SOURCE.includes(String(operation)) ? draw.uuid() : null),
      engine: () => 'reducto',
      losses: (draw) => draw.pick([0.05, 0.1, 0.2]),
      unbegun: (draw) => (draw.kind === 'cancelled' ? draw.integer(2, 9) : 0),
      stumble: (draw) => draw.integer(0, 999),
      traced: (draw) => draw.chance(0.8),
      payload: (draw, { operation }) => PAYLOADS[String(operation)]?.(draw) ?? {},
      parsed: (draw) => PAYLOADS['parse']?.(draw) ?? {},
    },
    jobs: {
      ...Object.fromEntries(USUAL.map((name) => [name, BATCH])),
      running: { ...BATCH, rows: 20, progress: 0.6 },
      succeeded: { ...BATCH, rows: 12 },
      'null-heavy': { rows: 6, brief: { ...BATCH.brief, bare: true } },
      unicode: { ...LOSSY, rows: 16, mix: { unicode: 3, long: 1 } },
      'failed-rows': { ...LOSSY, rows: 20 },
      'low-confidence': null,
      huge: null,
      ...Object.fromEntries(Object.keys(STEPS).map((name) => [name.replace('_', '-'), doing(name)])),
      'without-object': { brief: { operation: 'parse', untyped: true } },
      'parse-queued': { ...doing('parse'), progress: -1 },
      'extract-running': { ...doing('extract'), progress: 0.5 },
      'parse-failed': { ...doing('parse'), outcome: 'failed' },
      'research-failed': { ...doing('research'), outcome: 'failed' },
      'update-index-cancelled': { ...doing('update_index'), outcome: 'cancelled' },
    },
  },
}
