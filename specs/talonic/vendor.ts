/**
 * Talonic: a schema run over documents, one row of values for each. A row fills up while its job runs, and is
 * validated when the job is complete. What must hold of it stands in the document and the job contract.
 *
 * @module
 */
import type { Job, JobView, Slot, Template } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Draw } from '../../src/vendor/draw.ts'
import type { AnswerFacts, RefusalFacts, Vendor } from '../../src/vendor/vendor.ts'

/** What a job was asked for, and what befalls it. */
interface Brief extends JsonObject {
  /** The place of its schema among the topics. */
  readonly topic: number
  readonly schema: JsonObject | null
  readonly name: string | null
  readonly document_ids: readonly string[]
  /** How many documents have no row in a job that fails, unless they were named. */
  readonly unread: number
  /** The phase that it gets stuck in and the reason it gives, if it fails. */
  readonly stuckIn: number
  readonly reason: string
  /** The part of its documents that cannot be read, if it succeeds in part. */
  readonly unreadable: number
}

const PHASES = ['1_resolve', '2_strategy', '2_execute', '2_outliers', '3_validation', '4_reread']
/** After how many phases a value is there, drawn for each; most are as soon as the row is. */
const WAITS = [0, 0, 0, 0, 0, 0, 0, 3, 3, 5]
const REASONS = ['The model did not answer in time', 'No strategy could be made', 'The worker was lost']
/** An accent apart from its letter, right to left, an emoji of several code points, a line separator. */
const NAMES = ['Re\u0301union & Söhne', 'شركة النور للتجارة', '山田製作所 👩🏽‍🏭', "Łódź \\ „O\u2028'Neil“"]
const GOODS = ['Copy paper A4', 'Nitrile gloves', 'LED panel', 'Pump seal', 'Office chair', 'Steel shelf']
const [DATE, ODD_DATE] = [/^\d{4}-\d\d-\d\d$/, /^\d\d\.\d\d\.\d{4}$/]
const SERVICES = ['Cleaning', 'Lift maintenance', 'Guarding', 'Fire alarm tests', 'IT support']

const twoDecimals = (value: number): number => Math.round(value * 100) / 100
const company = (draw: Draw): string => (draw.kind === 'unicode' ? draw.pick(NAMES) : draw.company())
const listOf = <Item>(draw: Draw, most: number, item: () => Item): readonly Item[] =>
  Array.from({ length: draw.integer(1, most) }, item)

function drawInvoice(draw: Draw, invoice_number: string) {
  const line_items = listOf(draw, 4, () => {
    const [quantity, unit_price] = [draw.integer(1, 12), draw.number(4, 480, 2)]
    return { description: draw.pick(GOODS), quantity, unit_price, amount: twoDecimals(quantity * unit_price) }
  })
  const net_amount = twoDecimals(line_items.reduce((sum, { amount }) => sum + amount, 0))
  const tax_amount = twoDecimals(net_amount * draw.pick([0.07, 0.19, 0.2, 0.21]))
  const head = { invoice_number, vendor: company(draw), invoice_date: draw.day(), line_items, net_amount }
  return { ...head, tax_amount, total: twoDecimals(net_amount + tax_amount), paid: draw.chance(0.6) }
}

function drawContract(draw: Draw, contract_number: string) {
  const most = draw.kind === 'long' ? 400 : 3
  const services = listOf(draw, most, () => `${draw.pick(SERVICES)}, ${draw.city()}`)
  const head = { contract_number, parties: [company(draw), company(draw)], effective_date: draw.day() }
  const terms = { term_months: draw.pick([12, 24, 36, 60]), yearly_fee: draw.number(900, 96_000, 2) }
  const auto_renewal = draw.chance(0.5)
  const notice = { days: draw.pick([30, 60, 90]), in_writing: draw.chance(0.8) }
  return { ...head, ...terms, auto_renewal, notice, services: services.join('; ') }
}

function drawDelivery(draw: Draw, delivery_number: string) {
  const head = { delivery_number, supplier: company(draw), delivered_on: draw.day() }
  const ship_to = { name: company(draw), city: draw.city(), country: draw.country() }
  const items = listOf(draw, 3, () => ({ product: draw.pick(GOODS), quantity: draw.integer(1, 80) }))
  const load = { packages: draw.integer(1, 24), gross_weight_kg: draw.number(0.4, 900, 1) }
  return { ...head, ship_to, items, ...load, complete: draw.chance(0.9) }
}

/** Schemas by name; each has eight fields, the document's number first and who sent it second. */
const TOPICS = [
  ['Invoice', drawInvoice],
  ['Service contract', drawContract],
  ['Delivery note', drawDelivery],
] as const
const FIELDS = 8
/** Ids of our schemas end in their topic; of any other id the last digit says which topic it stands for. */
const OURS = '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b58'
const topicFor = (id: string): number => Number.parseInt(id.slice(-1), 16) % TOPICS.length
const schemaOf = (id: string): JsonObject => ({ id, name: TOPICS[topicFor(id)]?.[0] ?? '' })

/** What was read in a document, whose number is `#`: all but the gaps; dates may be written in an odd way. */
function drawReading(draw: Draw, name: string, read: (draw: Draw, number: string) => JsonObject) {
  const values = read(draw, `${name.slice(0, 3).toUpperCase()}-#`)
  const sender = [Object.values(values)[1] ?? ''].flat()[0]
  const stem = `${sender} ${name}`.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '-') // of every script
  const file = `${stem}-#.${draw.pick(['pdf', 'pdf', 'docx', 'png'])}`
  const lost = { sparse: draw.integer(4, FIELDS - 1), unsure: draw.integer(0, 1) }[draw.kind]
  const gaps = draw.some(Object.keys(values), lost ?? (draw.chance(0.2) ? draw.integer(1, 2) : 0))
  return { file, values, gaps, odd: draw.chance(0.1) }
}
type Reading = ReturnType<typeof drawReading>

const briefOf = ({ brief }: { readonly brief: JsonObject }): Brief => brief as Brief
const readingOf = ({ readings }: Template, slot: Slot): Reading =>
  (readings as readonly Json[])[briefOf(slot).topic] as Reading

/** A number that no other document of the job has. */
const numberOf = (slot: Slot): string => String(10 * (412 + slot.index) + slot.integer('number', 0, 9))

/** How many phases are done; a job that does not get to its end stays in one of them. */
function phasesDone({ job, progress }: JobView): number {
  const lost = job.outcome === 'failed' || job.outcome === 'cancelled'
  return Math.min(lost ? briefOf(job).stuckIn : PHASES.length, Math.floor(progress * PHASES.length))
}

/** Of the documents of a job that succeeds in part the first can be read and the second cannot. */
function isUnread(slot: Slot): boolean {
  if (slot.view.job.outcome !== 'partially_succeeded' || slot.index === 0) return false
  return slot.index === 1 || slot.number('unread', 0, 1, 4) < briefOf(slot).unreadable
}

function valuesOf(template: Template, slot: Slot): JsonObject {
  const { values, gaps, odd } = readingOf(template, slot)
  const [done, unread] = [phasesDone(slot.view), isUnread(slot)]
  const entries = Object.entries(values).map(([field, value]): [string, Json] => {
    const early = done < 5 && done < (WAITS[slot.integer(field, 0, 9)] ?? 0)
    if (early || unread || gaps.includes(field)) return [field, null]
    if (typeof value !== 'string') return [field, value]
    if (odd && DATE.test(value)) return [field, value.split('-').reverse().join('.')]
    return [field, value.replace('#', numberOf(slot))]
  })
  return Object.fromEntries(entries)
}

/** What validation makes of a row; nothing before it has run. */
function verdictOf(template: Template, slot: Slot) {
  const { state, endedAtMs } = slot.view
  if (state !== 'succeeded' && state !== 'partially_succeeded') {
    return { status: endedAtMs === null ? 'processing' : 'partial', confidence: null, flags: [] }
  }
  const flags = Object.entries(valuesOf(template, slot)).flatMap(([field, value]) => {
    if (value === null) return `missing_required_field:${field}`
    return ODD_DATE.test(String(value)) ? `format_mismatch:${field}` : []
  })
  if (isUnread(slot)) return { status: 'failed', confidence: null, flags }
  const confidence = twoDecimals(Math.max(0, Number(template['trust']) - 0.06 * flags.length))
  return { status: flags.length === 0 && confidence >= 0.8 ? 'approved' : 'review', confidence, flags }
}

/** The document that was asked for, else a drawn one. */
function documentIdOf(_: Template, slot: Slot): string {
  const [, , version = '', variant, node = ''] = slot.id.split('-')
  const first = slot.integer('document', 0, 0xffff_ffff).toString(16).padStart(8, '0')
  const drawn = `${first}-${node.slice(8)}-4${version.slice(1)}-${variant}-${[...node].reverse().join('')}`
  return briefOf(slot).document_ids[slot.index] ?? drawn
}

/** How many documents a job has: of one that fails some have no row. */
function documentsOf({ outcome, rows, brief }: Job): number {
  const { document_ids, unread } = brief as Brief
  return document_ids.length === 0 && (outcome === 'failed' || outcome === 'cancelled') ? rows + unread : rows
}

function gridOf({ view, each }: AnswerFacts) {
  if (view.state === 'queued' || view.state === 'cancelled') return null
  const total_cells = documentsOf(view.job) * FIELDS
  const values = each((template, slot) => Object.values(valuesOf(template, slot))).flat()
  const filled = values.filter((value) => value !== null).length
  const fill_rate = total_cells === 0 ? 0 : twoDecimals(filled / total_cells)
  return { total_cells, filled, empty: total_cells - filled, fill_rate }
}

function renderJob(facts: AnswerFacts): Json {
  const { view, state, instant, link } = facts
  const { job, startedAtMs, endedAtMs } = view
  const { schema, name, reason } = briefOf(job)
  const grid = gridOf(facts)
  const running = view.state === 'running'
  const message = { failed: reason, cancelled: 'Cancelled via API' }[String(view.state)]
  const cancel = endedAtMs === null ? { cancel: link('cancelJob') } : {}
  return {
    ...{ id: job.id, name, status: state },
    progress: running ? Math.round(100 * (grid?.fill_rate ?? 0)) : null,
    ...{ estimated_seconds_remaining: null, schema },
    ...{ document_count: documentsOf(job), completed_documents: view.rows, grid_stats: grid },
    current_phase: running ? `phase_${PHASES[phasesDone(view)]}` : view.state === 'failed' ? 'error' : null,
    error: message === undefined ? null : { code: 'job_failed', message },
    created_at: instant(job.createdAtMs),
    started_at: startedAtMs === null ? null : instant(startedAtMs),
    completed_at: endedAtMs === null ? null : instant(endedAtMs),
    links: { self: link('getJob'), ...cancel, dashboard: `https://app.talonic.com/jobs/${job.id}` },
  }
}

/** By status: the code, the code under `wire`, and the phrase of the status. */
const ERRORS: Readonly<Record<number, readonly [string, string, string]>> = {
  400: ['validation_error', 'VALIDATION_ERROR', 'Bad Request'],
  401: ['unauthorized', 'AUTH_REQUIRED', 'Unauthorized'],
  404: ['not_found', 'RESOURCE_NOT_FOUND', 'Not Found'],
  409: ['conflict', 'CONFLICT', 'Conflict'],
  429: ['rate_limited', 'RATE_LIMIT_EXCEEDED', 'Too Many Requests'],
}

/** What is said of broken JSON is ours: engines differ. */
function renderError({ code, status, message: plainly, issues, path, at, profile }: RefusalFacts): Json {
  const [flaw] = status === 400 ? issues : []
  const [usual, upper, error] = ERRORS[status] ?? [code, code.toUpperCase(), 'Error']
  const lower = status === 400 && path === '/v1/jobs' ? 'bad_request' : usual
  const where = flaw && ([flaw.name, ...flaw.path].filter((part) => part !== '').join('.') || 'the body')
  const told = flaw?.keyword === 'json' ? 'is not JSON' : flaw?.message
  const message = flaw?.keyword === 'mediaType' ? flaw.message : flaw ? `${where} ${told}` : plainly
  const head = { statusCode: status, code: profile === 'wire' ? upper : lower, error, message }
  return { ...head, retryable: status === 429 || status >= 500, timestamp: at, path }
}

/** The vendor has no word of its own for a job that succeeds in part. */
const COMPLETED = { succeeded: 'job.completed', partially_succeeded: 'job.completed' }

/** Talonic, as its pages and its clients tell of it. */
export const vendor: Vendor = {
  sources: ['https://talonic.com/docs/api/get-job-results', 'https://github.com/talonicdev/talonic-node'].map(
    (url) => ({ url, read: '2026-11-23' }),
  ),
  errors: renderError,
  headers: ({ status, nowMs, limit, retryAfterMs }) => {
    const midnightMs = (Math.floor(nowMs / 86_400_000) + 1) * 86_400_000 // its limits are those of a day, UTC
    const resetAtMs = limit?.resetAtMs ?? (retryAfterMs === null ? midnightMs : nowMs + retryAfterMs)
    return {
      'X-RateLimit-Limit': String(limit?.requests ?? 500),
      'X-RateLimit-Remaining': String(limit?.remaining ?? (status === 429 ? 0 : 499)),
      'X-RateLimit-Reset': new Date(resetAtMs).toISOString(),
      'Retry-After': String(Math.ceil((retryAfterMs ?? resetAtMs - nowMs) / 1_000)),
    }
  },
  columns: {
    id: { rises: 'index', read: (_, { id }) => id },
    document_id: { read: documentIdOf },
    filename: { read: (template, slot) => readingOf(template, slot).file.replace('#', numberOf(slot)) },
    status: { read: (template, slot) => verdictOf(template, slot).status },
    values: { read: valuesOf },
    confidence: { read: (template, slot) => verdictOf(template, slot).confidence },
    validation_flags: { read: (template, slot) => verdictOf(template, slot).flags },
  },
  answers: {
    getJobResults: ({ view: { job, rows: total_rows }, state: job_status, rows: data, link }) => {
      const links = { self: link('getJobResults'), job: link('getJob') }
      return { job_id: job.id, job_status, schema: briefOf(job).schema, total_rows, data, links }
    },
    ...{ getJob: renderJob, cancelJob: renderJob },
    createJob: ({ view, state: status, link }) => {
      const links = { self: link('getJob'), results: link('getJobResults') }
      return { id: view.job.id, status, message: `Documents queued: ${documentsOf(view.job)}`, links }
    },
  },
  webhooks: {
    events: { ...COMPLETED, failed: 'job.failed', cancelled: 'job.cancelled' },
    deliveryId: 'dlv_################',
    body: (facts) => {
      const { event, deliveryId: delivery_id, at: timestamp } = facts
      return { event, delivery_id, timestamp, data: renderJob(facts) }
    },
    headers: ({ event, deliveryId, at }) => ({
      ...{ 'User-Agent': 'Talonic-Webhook/1.0', 'X-Talonic-Event': event },
      ...{ 'X-Talonic-Delivery-Id': deliveryId, 'X-Talonic-Timestamp': at },
    }),
    signature: { hash: 'SHA-256', header: 'X-Talonic-Signature', prefix: 'sha256=' },
    ...{ retryDelaysMs: [60_000, 300_000, 1_800_000, 14_400_000], timeoutMs: 30_000 },
  },
  brief(body, drawn, operationId) {
    if (operationId === null) return drawn
    const id = String(body['schema_id']).toLowerCase()
    const documents = (body['document_ids'] ?? []) as readonly string[]
    const document_ids = [...new Set(documents.map((one) => one.toLowerCase()))]
    return { ...drawn, topic: topicFor(id), schema: schemaOf(id), name: body['name'] ?? null, document_ids }
  },
  rows: ({ document_ids }, drawn) => (document_ids as readonly string[]).length || drawn,
  fixture: {
    run: 1,
    kinds: { ordinary: 60, sparse: 8, unsure: 8, unicode: 8, long: 2 },
    mix: { ordinary: 3, sparse: 1, unsure: 1 },
    template: {
      trust: (draw) => {
        const [low, high, min, max] = draw.kind === 'unsure' ? [-0.1, 0.9, 0, 0.79] : [0.77, 1.02, 0.8, 1]
        return Math.min(max, Math.max(min, draw.number(low, high, 2)))
      },
      readings: (draw) => TOPICS.map(([name, read]) => drawReading(draw, name, read)),
    },
    brief: {
      topic: (draw) => draw.integer(0, TOPICS.length - 1),
      schema: (_, { topic }) => schemaOf(`${OURS}${topic}`),
      name: (draw) => (draw.chance(0.2) ? null : `Received in ${draw.day().slice(0, 7)}`),
      document_ids: () => [],
      unread: (draw) => draw.integer(1, 9),
      stuckIn: (draw) => draw.integer(2, 4),
      reason: (draw) => draw.pick(REASONS),
      unreadable: (draw) => draw.number(0.05, 0.25, 2),
    },
    jobs: {
      ...{ succeeded: { brief: { topic: 0 } }, 'null-heavy': { mix: { sparse: 9, ordinary: 1 } } },
      unicode: { mix: { unicode: 3, long: 1 }, brief: { topic: 1 } },
      'failed-rows': { outcome: 'partially_succeeded', brief: { unreadable: 0.5 } },
      ...{ 'low-confidence': { mix: { unsure: 1 } }, 'schema-null': { rows: 12, brief: { schema: null } } },
      huge: null,
    },
  },
}
