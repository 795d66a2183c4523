/**
 * Skop: a crawl that finds documents and downloads most of them. Results and status are two views of one job.
 * Which operations there are and what must hold of them stands in the document and the job contract.
 *
 * @module
 */
import type { JobView, Slot, Template } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Draw } from '../../src/vendor/draw.ts'
import type { AnswerFacts, RefusalFacts, Vendor } from '../../src/vendor/vendor.ts'

/** What a request that leaves parameters out gets, as the document says. */
const DEFAULTS = {
  single_page: false,
  timeout: 1800,
  confidence_threshold: 0.1,
  file_type: 'document',
  max_file_size_mb: 100,
}

/** What a job was asked for, and what befalls it; nothing after `parameters` is sent as it is. */
interface Brief extends JsonObject {
  readonly website: string
  readonly prompt: string
  readonly parameters: typeof DEFAULTS
  /** How many pages are read in the end, and the paths of those that link to documents. */
  readonly pages: number
  readonly paths: readonly string[]
  /** How many documents are found and never downloaded, unless all goes well; `errors` has one for each. */
  readonly losses: number
  readonly errors: readonly Mishap[]
  readonly warnings: readonly string[]
}

/** What goes wrong, and on which page; null where it is the end of the job. */
type Mishap = Readonly<Record<'error_type' | 'error_message', string>> & { readonly page: number | null }

/** The agents in their order: the third once a document is found, until the job completes. */
const AGENTS = ['coordinator', 'navigator', 'scraper']
const FAILURE: Mishap = { error_type: 'crawl_failed', error_message: 'The site went silent', page: null }
const MISHAPS = [
  { error_type: 'download_failed', error_message: 'The connection closed before the file was complete' },
  { error_type: 'file_not_found', error_message: 'The link leads to a file that is no longer there' },
  { error_type: 'access_denied', error_message: 'The file is for members of the site only' },
]
const WARNINGS = ['Links to other sites were not followed', 'Some pages answered slowly']
const SUBJECTS = ['All public files', 'Minutes, plans, tables and notices', 'Council documents of every kind']
const PATHS = ['/council', '/finance', '/planning', '/news', '/schools', '/works', '/forms']
const TITLES: Readonly<Record<string, readonly string[]>> = {
  pdf: ['Council minutes', 'Annual report', 'Zoning plan', 'Bridge inspection report', 'Noise map'],
  docx: ['Planning committee agenda', 'School board minutes', 'Draft parking by-law'],
  xlsx: ['Budget tables', 'Water quality measurements', 'Register of grants'],
  doc: ['Building permit form', 'Tender for street lighting'],
  txt: ['Public notice', 'Press release'],
}
/** An accent apart from its letter, right to left, and an emoji of several code points. */
const UNICODE_TITLES = ['„Größen“ – Re\u0301union', 'محضر جلسة المجلس', '市議会議事録 👩🏽‍🌾']
const MONTHS = ['January', 'February', 'March', 'May', 'June', 'September', 'October', 'November']
const MAX_MB: Readonly<Record<string, number>> = { pdf: 40, docx: 8, xlsx: 6, doc: 4, txt: 0.3 }

function drawTitle(draw: Draw, type: string): string {
  const year = draw.integer(2019, 2025)
  if (draw.kind === 'unicode') return `${draw.pick(UNICODE_TITLES)} ${year}`
  const title = draw.pick(TITLES[type] ?? [])
  if (draw.kind !== 'long') return `${title}, ${draw.pick(MONTHS)} ${year}`
  return `${title} ${year}: ${Array.from({ length: draw.integer(60, 120) }, () => draw.city()).join(', ')}`
}

/** A file's name from its title; letters beyond ASCII stand in it as their UTF-8 bytes. */
function fileOf({ name, document_type: type }: Template): string {
  const slug = String(name)
    .slice(0, 80)
    .replaceAll(/[ ,:]+/g, '-')
  return `${encodeURIComponent(slug.toLowerCase())}.${type}`
}

const twoDecimals = (value: number): number => Math.round(value * 100) / 100

/** Scheme and host as the request gave them. */
const originOf = ({ website }: JsonObject): string => /^https?:\/\/[^/?#]*/.exec(String(website))?.[0] ?? ''

function pageUrl({ website, parameters, paths }: Brief, page: number): string {
  return parameters.single_page ? website : `${originOf({ website })}${paths[page % paths.length]}`
}

/** Templates without trust stay within a tenth of the threshold, the others keep away from it. */
function confidenceOf({ trust }: Template, slot: Slot): number {
  const { confidence_threshold: threshold } = (slot.brief as Brief).parameters
  if (trust === 0) return slot.number('confidence', threshold, Math.min(1, twoDecimals(threshold + 0.1)), 2)
  const from = Math.max(threshold, twoDecimals(threshold + Number(trust) * (1 - threshold)))
  return slot.number('confidence', from, 1, 2)
}

function sizeOf({ document_type: type }: Template, slot: Slot): number {
  const limit = (slot.brief as Brief).parameters.max_file_size_mb
  return slot.number('size', 0.02, Math.min(limit, MAX_MB[String(type)] ?? 1), 2)
}

/** How many of so many events have happened that are spread evenly over a run, none at its ends. */
const reached = (progress: number, of: number): number => Math.min(of, Math.floor(progress * (of + 1)))

/** Each lost document is an error that the job survives; a job that fails has one more, which ended it. */
function errorsOf({ view, instant }: AnswerFacts, lost: number, losses: number): readonly JsonObject[] {
  const { job, startedAtMs, endedAtMs, nowMs } = view
  const brief = job.brief as Brief
  const mishaps = [...brief.errors.slice(0, lost), ...(view.state === 'failed' ? [FAILURE] : [])]
  return mishaps.map(({ page, ...what }, position) => {
    const afterMs = Math.floor((job.runMs * (position + 1)) / (losses + 1))
    return {
      error_id: `err_${job.id.replace('job_', '')}_${position + 1}`,
      agent_name: 'scraper',
      ...what,
      page_url: page === null ? null : pageUrl(brief, page),
      timestamp: instant(Math.min((startedAtMs ?? job.createdAtMs) + afterMs, endedAtMs ?? nowMs)),
      is_recoverable: page !== null,
    }
  })
}

const isCompleted = ({ state }: JobView): boolean => state === 'succeeded' || state === 'partially_succeeded'

/** What results and status both say, in groups whose order is the document's. */
function standingOf(facts: AnswerFacts) {
  const { view, instant } = facts
  const { job, startedAtMs, endedAtMs } = view
  const { website, prompt, parameters, pages, paths, warnings, losses: drawn } = job.brief as Brief
  const progress = startedAtMs === null ? 0 : view.progress
  const losses = job.outcome === 'succeeded' ? 0 : Math.max(job.outcome === 'cancelled' ? 0 : 1, drawn)
  const lost = reached(progress, losses)
  const found = view.rows + lost
  const done = isCompleted(view) ? 3 : found > 0 || progress >= 0.15 ? 2 : progress >= 0.05 ? 1 : 0
  const allPages = parameters.single_page ? 1 : pages
  const times = {
    created_at: instant(job.createdAtMs),
    started_at: startedAtMs === null ? null : instant(startedAtMs),
    completed_at: endedAtMs === null ? null : instant(endedAtMs),
    estimated_completion: instant(job.createdAtMs + job.queueMs + job.runMs),
  }
  const request = { original_website: website, original_prompt: prompt, parameters }
  const work = {
    current_agent: view.state === 'running' ? (AGENTS[done] ?? null) : null,
    agents_completed: AGENTS.slice(0, done),
    // Never fewer pages than documents and errors name.
    total_pages_crawled: Math.max(Math.ceil(allPages * progress), Math.min(allPages, found, paths.length)),
    total_documents_found: found,
  }
  const errors = errorsOf(facts, lost, losses)
  const notes = { errors, warnings: warnings.slice(0, reached(progress, warnings.length)) }
  return { times, request, work, notes }
}

function messageOf({ view, state }: AnswerFacts, count: number, deed: string): string {
  const tail = view.endedAtMs === null ? `${deed} so far` : deed
  return `Job ${state.replace('_', ' ')}: ${count} ${count === 1 ? 'document' : 'documents'} ${tail}.`
}

function renderResults(facts: AnswerFacts): Json {
  const { view, state } = facts
  const { id, createdAtMs } = view.job
  const { times, request, work, notes } = standingOf(facts)
  const found = work.total_documents_found
  const untilMs = view.endedAtMs ?? (view.state === 'queued' ? createdAtMs : view.nowMs)
  const seconds = Math.floor((untilMs - createdAtMs) / 1000)
  const end = view.endedAtMs === null ? {} : { final_status: state }
  return {
    job_id: id,
    status: state,
    message: messageOf(facts, view.rows, 'downloaded'),
    documents: facts.rows,
    metadata: { job_id: id, ...times, ...request, ...work, ...notes, ...end },
    total_documents_found: found,
    total_documents_downloaded: view.rows,
    total_pages_crawled: work.total_pages_crawled,
    success_rate: found === 0 ? 0 : view.rows / found,
    cost: (view.rows * 18) / 100,
    total_runtime_seconds: seconds,
    runtime_minutes: twoDecimals(seconds / 60),
    has_errors: notes.errors.length > 0,
    ...notes,
  }
}

function renderStatus(facts: AnswerFacts): Json {
  const { view, state } = facts
  const { times, work, notes } = standingOf(facts)
  const percent = view.startedAtMs === null ? null : Math.min(99.9, Math.round(view.progress * 1000) / 10)
  return {
    job_id: view.job.id,
    status: state,
    message: messageOf(facts, work.total_documents_found, 'found'),
    progress: isCompleted(view) ? 100 : percent,
    ...times,
    ...work,
    is_active: view.endedAtMs === null,
    has_errors: notes.errors.length > 0,
    ...notes,
  }
}

/** In words of ours; those for broken JSON would differ between engines. */
const OWN: Readonly<Record<string, string>> = { required: 'is required', json: 'is not JSON' }

function renderError({ status, message, issues, path, at }: RefusalFacts): Json {
  if (status === 402) {
    const amounts = { estimated_cost: 3.6, current_credits: 2.5, shortfall: 1.1 }
    return { error: 'insufficient_credits', message, ...amounts, suggested_action: 'Add credits' }
  }
  const flaw = issues.find((issue) => issue.in === 'body')
  const details = flaw && { field: flaw.path.join('.') || 'body', reason: OWN[flaw.keyword] ?? flaw.message }
  const plain = status === 404 ? `No job ${path.split('/').at(-1)} is visible to this key` : message
  return {
    error: true,
    message: details ? `The request is not valid: ${details.field} ${details.reason}` : plain,
    status_code: status,
    path,
    timestamp: at,
    ...(details ? { details } : {}),
  }
}

/** Skop, as its pages and its OpenAPI file tell of it. */
export const vendor: Vendor = {
  sources: [
    { url: 'https://docs.skop.dev/api-reference/endpoint/job-results', read: '2026-11-23' },
    { url: 'https://github.com/Arman-Luthra/docs', read: '2026-11-23' },
  ],
  errors: renderError,
  headers: ({ status, nowMs, limit, retryAfterMs: waitMs }) => ({
    'X-Rate-Limit-Remaining': String(limit?.remaining ?? (status === 429 ? 0 : 99)),
    'X-Rate-Limit-Reset': `${Math.ceil((limit ? limit.resetAtMs - nowMs : (waitMs ?? 3_600_000)) / 1_000)}`,
  }),
  columns: {
    name: 'template',
    url: { read: ({ file }, { brief, index }) => `${originOf(brief)}/files/${1001 + index}/${file}` },
    source_page: { read: (_, slot) => pageUrl(slot.brief as Brief, slot.integer('page', 0, 999)) },
    document_type: 'template',
    confidence_score: { read: confidenceOf },
    file_size_mb: { read: sizeOf },
    extracted_at: { rises: 'rank', read: (_, slot) => new Date(slot.atMs).toISOString() },
  },
  answers: {
    createJob: ({ view, instant }) => ({
      job_id: view.job.id,
      status: 'pending',
      message: 'Job created and queued',
      estimated_completion: instant(view.job.createdAtMs + view.job.queueMs + view.job.runMs),
      created_at: instant(view.job.createdAtMs),
    }),
    getJobStatus: renderStatus,
    getJobResults: renderResults,
    cancelJob: ({ view, state, instant }) => ({
      job_id: view.job.id,
      status: state,
      message: `Job ${view.job.id} is cancelled`,
      cancelled_at: instant(view.endedAtMs ?? view.nowMs),
    }),
  },
  brief: (body, drawn) => ({
    ...drawn,
    website: body['website'] ?? drawn['website'] ?? '',
    prompt: body['prompt'] ?? drawn['prompt'] ?? '',
    parameters: { ...DEFAULTS, ...(body['parameters'] as JsonObject | undefined) },
  }),
  fixture: {
    run: 1,
    kinds: { ordinary: 72, unsure: 12, unicode: 10, long: 6 },
    mix: { ordinary: 1 },
    template: {
      document_type: (draw) => draw.pick(['pdf', 'pdf', 'pdf', 'pdf', 'docx', 'docx', 'xlsx', 'doc', 'txt']),
      name: (draw, { document_type }) => drawTitle(draw, String(document_type)),
      file: (_, soFar) => fileOf(soFar),
      trust: (draw) => (draw.kind === 'unsure' ? 0 : draw.number(0.3, 0.9, 2)),
    },
    brief: {
      website: (draw) => `https://www.${draw.domain()}/`,
      prompt: (draw) => `${draw.pick(SUBJECTS)} of the town since ${draw.integer(2010, 2019)}`,
      parameters: (draw) => ({
        ...DEFAULTS,
        single_page: draw.chance(0.1),
        confidence_threshold: draw.pick([0.1, 0.3, 0.5, 0.7]),
        max_file_size_mb: draw.pick([10, 25, 100]),
      }),
      pages: (draw) => draw.integer(3, 60),
      paths: (draw, { pages }) => draw.some(PATHS, Math.min(6, Number(pages))),
      losses: (draw) => draw.integer(0, 4),
      errors: (draw) => [1, 2, 3, 4].map(() => ({ ...draw.pick(MISHAPS), page: draw.integer(0, 999) })),
      warnings: (draw) => draw.some(WARNINGS, draw.integer(0, 2)),
    },
    jobs: {
      running: { rows: 30, progress: 0.4 },
      succeeded: { rows: 12 },
      tied: { rows: 12, ties: 3 },
      'null-heavy': null,
      unicode: { rows: 16, mix: { unicode: 3, long: 1 } },
      'failed-rows': { rows: 20, outcome: 'partially_succeeded' },
      'low-confidence': { rows: 20, mix: { unsure: 1 } },
      huge: null,
    },
  },
}
