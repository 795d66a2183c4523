/**
 * deepset: each row is a query put to a file, with the answer, its passage and the pipeline's own response.
 * What the document and the job contract say of paging, sorting and filtering is not said again.
 *
 * @module
 */

import type { Template } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Draw } from '../../src/vendor/draw.ts'
import type { Column, Drawing, FixtureRecipe, Vendor } from '../../src/vendor/vendor.ts'

/** What is asked of one sort of file; `{name}` stands for a fact, in queries for one that a run shares. */
interface Topic {
  readonly group: string
  readonly file: string
  readonly query: string
  /** The sentence of the file that answers the query. */
  readonly answer: string
}

const TOPICS: Readonly<Record<string, Topic>> = {
  notice: {
    group: 'Contracts',
    file: '{company} supply agreement {number}.pdf',
    query: 'With what notice can the supply agreement with {company} be terminated?',
    answer: 'Either party may end the agreement in writing with {days} days of notice, first on {day}.',
  },
  liability: {
    group: 'Contracts',
    file: '{company} service contract {number}.docx',
    query: 'Up to which amount is {company} liable under the service contract?',
    answer: '{company} is liable for up to EUR {amount} a year, and without limit for injury and intent.',
  },
  signature: {
    group: 'Contracts',
    file: '{company} framework agreement {number}.pdf',
    query: 'Who signed the framework agreement with {company}, when, and for how long?',
    answer: '{person} signed the agreement on {day}, for a term of {few} years.',
  },
  total: {
    group: 'Invoices',
    file: '{company} invoice {number}.pdf',
    query: 'What did {company} invoice in total, and when is it due?',
    answer: 'Invoice {number} of {company} comes to EUR {amount} in total and is due on {day}.',
  },
  discount: {
    group: 'Invoices',
    file: '{company} payment terms {number}.txt',
    query: 'Which discount does {company} grant for early payment?',
    answer: '{company} grants {few} percent if an invoice is paid {days} days before it is due.',
  },
  leave: {
    group: 'HR policies',
    file: '{city} leave policy {number}.docx',
    query: 'How many days of leave may employees in {city} carry over, and who grants more?',
    answer: 'Employees in {city} may carry over {few} days of leave a year; {person} grants more.',
  },
  remote: {
    group: 'HR policies',
    file: '{department} remote work {number}.pdf',
    query: 'How often may staff of the {department} department work from home?',
    answer: 'Staff of the {department} department may work from home on {few} days a month.',
  },
  hotel: {
    group: 'Travel expenses',
    file: '{city} travel rules {number}.docx',
    query: 'Up to which price are hotels in {city} refunded without approval?',
    answer: 'Hotels in {city} are refunded up to EUR {price} a night; {person} approves higher costs.',
  },
  seals: {
    group: 'Maintenance manuals',
    file: '{machine} maintenance manual {number}.pdf',
    query: 'How often must the seals of the {machine} be replaced?',
    answer: 'The seals of the {machine} are replaced every {days} days or after {number} hours of work.',
  },
  warranty: {
    group: 'Product sheets',
    file: '{machine} data sheet {number}.pdf',
    query: 'How long is the warranty on the {machine}, and when must a fault be reported?',
    answer: 'The warranty on the {machine} runs for {few} years; faults are reported within {days} days.',
  },
  price: {
    group: 'Product sheets',
    file: '{machine} price list {number}.txt',
    query: 'What does the {machine} cost, and since when?',
    answer: 'Since {day} the {machine} has been listed at EUR {price}, less {few} percent for dealers.',
  },
  water: {
    group: 'Insurance',
    file: '{company} policy {number}.pdf',
    query: 'Up to which amount does the policy of {company} cover water damage?',
    answer: 'Water damage is covered up to EUR {amount} a year; {company} bears EUR {price} of each claim.',
  },
  audit: {
    group: 'Audits',
    file: '{city} audit report {number}.pdf',
    query: 'Who audited the site in {city}, and how many findings were there?',
    answer: '{person} audited the site in {city} on {day} and recorded {few} findings, none of them grave.',
  },
}

const SCRIPTS = '契約 عقد חוזה'
/** Joined emoji, letters beyond the BMP, combining marks, three scripts, U+2028, quotes, backslash, tab. */
const MEDLEY =
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u{1F44D}\u{1F3FD} \u{1D518}\u{1D52B}\u{1D526} e\u0301 Z\u0351' +
  `\u2028"C:\\temp"\tO'Neil '' ${SCRIPTS}`

const UNICODE_TOPICS: Readonly<Record<string, Topic>> = {
  german: {
    group: `O'Neil \\ "Söhne" \u{1F469}\u200D\u{1F527} ${SCRIPTS}`,
    file: `C:\\Maße\\O'Neil – Übersicht \u{1F4C1}\t{number} ${SCRIPTS}.pdf`,
    query: `Wer prüft bei {company} die Maße für „O'Neil“? ${MEDLEY}`,
    answer: `Die Maße prüft {person} alle {days} Tage. ${MEDLEY}`,
  },
  japanese: {
    group: `契約書 O'Neil \u{20BB7} e\u0301 ${SCRIPTS}`,
    file: `O'Neil契約書（最終版\u{1F4C1}）{number} ${SCRIPTS}.docx`,
    query: `{company}の保証期間は何日ですか？${MEDLEY}`,
    answer: `保証期間は納品日から{days}日間です。${MEDLEY}`,
  },
  arabic: {
    group: `عقود O'Neil \u{1F91D}\u{1F3FD} ${SCRIPTS}`,
    file: `عقد O'Neil {number} \u{1F4C1} ${SCRIPTS}.txt`,
    query: `ما هي مدة الضمان لدى {company}؟ ${MEDLEY}`,
    answer: `مدة الضمان {days} يوما. תקופת האחריות: {days} ימים. ${MEDLEY}`,
  },
}

const MACHINES = ['air compressor', 'heat pump', 'hydraulic press', 'conveyor', 'filling line']
/** What stands in front of the answer in a file. */
const BEFORE = [
  'This section replaces all earlier versions.',
  'Amounts are net; days are calendar days.',
  'Exceptions are recorded in the last annex.',
]
const HEDGES = ['The file does not say so clearly, but perhaps: ', 'I am not certain, but it may be this: ']

/** The range of a passage's score. */
const SCORES = { sure: [0.55, 0.98], unsure: [0.04, 0.34], unanswered: [0.02, 0.2] } as const

function topicsOf({ kind }: Draw): Readonly<Record<string, Topic>> {
  return kind === 'unicode' ? UNICODE_TOPICS : TOPICS
}

function drawFacts(draw: Draw): JsonObject {
  const { shared } = draw
  return {
    company: shared.company(),
    city: shared.city(),
    department: shared.department(),
    machine: `${shared.pick(MACHINES)} ${shared.pick(['A', 'K', 'T'])}-${shared.integer(100, 999)}`,
    number: draw.turn * 2_000 + draw.integer(1_000, 2_999), // no two files of a run have the same name
    person: draw.person(),
    day: draw.day(),
    days: draw.integer(21, 60),
    few: draw.integer(2, 12),
    price: draw.integer(80, 480),
    amount: String(draw.integer(21, 4_800) * 50).replace(/\B(?=(\d{3})+$)/g, ','),
  }
}

/** A text of the template's topic, its facts filled in. */
function say(draw: Draw, { topic, facts }: Template, member: keyof Topic): string {
  const known = facts as JsonObject
  const pattern = topicsOf(draw)[String(topic)]?.[member] ?? ''
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(known[name]))
}

/** Null in sparse templates and in those of the given kinds. */
function nullable(drawing: Drawing, ...kinds: readonly string[]): Drawing {
  return (draw, soFar) => (draw.kind === 'sparse' || kinds.includes(draw.kind) ? null : drawing(draw, soFar))
}

function drawFile(draw: Draw, soFar: Template): string {
  const name = say(draw, soFar, 'file')
  return draw.kind === 'unicode' ? name : name.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
}

function drawAnswer(draw: Draw, soFar: Template): string {
  if (draw.kind === 'unanswered' || draw.kind === 'failed') return ''
  const answer = say(draw, soFar, 'answer')
  if (draw.kind === 'unsure') return draw.pick(HEDGES) + answer
  return draw.kind === 'long' ? lengthen(answer, draw, 20_000) : answer
}

function drawContext(draw: Draw, soFar: Template): string {
  const context = `${draw.pick(BEFORE)} ${say(draw, soFar, 'answer')}`
  return draw.kind === 'long' ? lengthen(context, draw, 60_000) : context
}

function lengthen(text: string, draw: Draw, length: number): string {
  let longer = text
  while (longer.length < length) longer += `\n\n${draw.paragraph(8)}`
  return longer
}

function drawResponse(draw: Draw, { answer = '', context = null, file = null }: Template): JsonObject {
  if (draw.kind === 'failed') return {}
  const [low, high] = draw.kind === 'unsure' || draw.kind === 'unanswered' ? SCORES[draw.kind] : SCORES.sure
  const score = draw.number(low, high, 3)
  const page = draw.integer(1, 40)
  const files = file === null ? [] : [{ id: draw.uuid(), name: file }]
  const quote = typeof context === 'string' ? context.slice(0, 600) : null
  return {
    query_id: draw.uuid(),
    model: draw.shared.pick(['reader-large', 'reader-small']),
    answers:
      answer === '' ? [] : [{ answer, type: 'generative', score, context: quote, files, meta: { page } }],
    documents: file === null ? [] : [{ id: draw.hex(32), score, meta: { file_name: file, page } }],
  }
}

/** `topic`, `facts` and `indexed` are no members of a row; the others read them. */
const template: FixtureRecipe['template'] = {
  topic: (draw) => draw.shared.pick(Object.keys(topicsOf(draw))),
  facts: drawFacts,
  indexed: ({ kind }) => kind !== 'sparse',
  query: (draw, soFar) => say(draw, soFar, 'query'),
  answer: drawAnswer,
  no_answer: nullable(({ kind, chance }) => kind === 'unanswered' || (chance(0.1) ? null : false), 'failed'),
  failed: ({ kind }) => kind === 'failed',
  file: nullable(drawFile),
  context: nullable(drawContext, 'failed', 'unanswered'),
  group_name: nullable((draw, soFar) => say(draw, soFar, 'group')),
  query_label: nullable(({ shared }) => shared.pick(['critical', 'standard', 'follow-up', null])),
  prompt: nullable((_, { query }) => `Answer from the passages only: ${query}`, 'failed'),
  prompts: nullable((_, { prompt = '' }) => ({ generator: prompt }), 'failed'),
  params: nullable(({ shared }) => ({ top_k: shared.pick([5, 10, 20]), generator: { temperature: 0.2 } })),
  filters: nullable(({ shared }, { group_name }) => ({
    category: String(group_name).toLowerCase(),
    year: shared.integer(2023, 2025),
  })),
  response: drawResponse,
}

const columns: Readonly<Record<string, Column>> = {
  job_result_id: { rises: 'index', read: (_, { id }) => id },
  query_index: { rises: 'rank', read: ({ indexed }, { rank }) => (indexed === false ? null : rank) },
  absolute_query_index: {
    rises: 'index',
    read: ({ indexed }, { index }) => (indexed === false ? null : index),
  },
  query: 'template',
  answer: 'template',
  no_answer: 'template',
  failed: 'template',
  duration: { read: ({ failed }, slot) => slot.number('duration', 0.3, failed === true ? 0.9 : 9.9, 2) },
  created_at: { rises: 'rank', read: (_, { atMs }) => new Date(atMs).toISOString() },
  file: 'template',
  context: 'template',
  group_name: 'template',
  query_label: 'template',
  prompt: 'template',
  prompts: 'template',
  params: 'template',
  filters: 'template',
  response: 'template',
}

const DOCS = 'https://docs.cloud.deepset.ai'

/** What standin knows of deepset's jobs. */
export const vendor: Vendor = {
  sources: [
    `${DOCS}/docs/api/jobs/get-job-results-api-v-2-workspaces-workspace-id-jobs-job-id-results-get.md`,
    `${DOCS}/docs/api/jobs/create-job-api-v-2-workspaces-workspace-id-jobs-post.md`,
    `${DOCS}/reference/status-and-error-codes`,
  ].map((url) => ({ url, read: '2026-11-23' })),
  errors: 'fastapi',
  columns,
  answers: {
    getJobResults: ({ rows, total, more }) => ({ data: rows, has_more: more, total }),
    createJob({ view, dryRun }) {
      const { name = null, pipeline_id = null, execution_mode = null, description = null } = view.job.brief
      if (dryRun) return { valid: true, name }
      return { job_id: view.job.id, name, pipeline_id, execution_mode, description }
    },
  },
  brief: (body) => body,
  fixture: {
    run: 4,
    kinds: { ordinary: 28, unanswered: 4, failed: 4, sparse: 5, unicode: 4, long: 1, unsure: 4 },
    mix: { ordinary: 1, unanswered: 1, failed: 1, sparse: 1 },
    template,
    jobs: {
      succeeded: { rows: 25 },
      'one-page': { rows: 10 },
      'many-pages': { rows: 321 },
      tied: { rows: 160, ties: 4 },
      'null-heavy': { rows: 120, mix: { sparse: 22, ordinary: 1 } },
      unicode: { rows: 60, mix: { unicode: 4, long: 1 } },
      'failed-rows': { rows: 40, mix: { failed: 21, ordinary: 1 } },
      'low-confidence': { rows: 40, mix: { unsure: 1 } },
      huge: { mix: { ordinary: 1, unanswered: 1, failed: 1 } },
    },
  },
}
