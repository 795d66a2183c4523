/**
 * Creates a Skop job, polls its status until it has ended, and lists its documents.
 *
 * @module
 */
import {
  find,
  make,
  makeBadge,
  makeRow,
  makeTime,
  numbers,
  showFailure,
  showState,
  toneOf,
} from './element.js'
import { send } from './request.js'

const POLL_MS = 500

const creation = find('#skop-create')
const documents = find('#skop-documents')

let at = { base: '', mount: '', headers: {} }
let running = new AbortController()

/** Shows a named job once: it is held, so there is nothing to wait for. */
export async function openSkop(job, base) {
  begin(job, base, job.name ?? job.id)
  const { signal } = running
  await guarded(signal, async () => {
    const status = await showStatus(job.id, signal)
    find('#skop-note').textContent = status.is_active
      ? 'A named job is held in its state: it stays like this however long one waits.'
      : ''
    await showDocuments(job.id, signal)
  })
}

/** Shows the form for a new job; `job` is any listed one, which says where the API is and what key it takes. */
export function openSkopForm(job, base) {
  begin(job, base, 'new job')
  creation.hidden = false
}

/** Stops polling. */
export function closeSkop() {
  running.abort()
}

function begin(job, base, title) {
  running.abort()
  running = new AbortController()
  at = { base, mount: job.url.slice(0, job.url.indexOf('/scrape/')), headers: job.headers }
  find('#skop-title').textContent = `skop · ${title}`
  creation.hidden = true
  clear()
}

function clear() {
  showState(find('#skop-state'), null)
  find('#skop-status').hidden = true
  find('#skop-documents-title').hidden = true
  documents.replaceChildren()
  find('#skop-note').textContent = ''
  find('#skop-request').textContent = ''
  showFailure(null)
}

/** Does something and shows its failure, unless it was stopped because something else was chosen. */
async function guarded(signal, action) {
  try {
    await action()
  } catch (failure) {
    if (!signal.aborted) showFailure(failure)
  }
}

function call(path, options) {
  find('#skop-request').textContent = `${options.method ?? 'GET'} ${at.mount}${path}`
  return send(`${at.base}${at.mount}${path}`, { headers: at.headers, ...options })
}

async function create() {
  running.abort()
  running = new AbortController()
  const { signal } = running
  clear()
  const form = new FormData(creation)
  const json = { website: form.get('website'), prompt: form.get('prompt') }
  await guarded(signal, async () => {
    const created = await call('/scrape/', { method: 'POST', json, signal })
    await poll(created.job_id, signal)
    await showDocuments(created.job_id, signal)
  })
}

/** Asks until the job is no longer active; a failed or a cancelled job has ended too. */
async function poll(id, signal) {
  for (;;) {
    const status = await showStatus(id, signal)
    if (!status.is_active) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    signal.throwIfAborted()
  }
}

async function showStatus(id, signal) {
  const status = await call(`/scrape/status/${id}`, { signal })
  const percent = status.progress ?? 0
  showState(find('#skop-state'), status.status)
  find('#skop-status').hidden = false
  find('#skop-message').textContent = status.message
  find('#skop-progress').value = percent
  find('#skop-progress').dataset.tone = toneOf(status.status)
  find('#skop-progress-label').textContent = `Progress ${numbers.format(percent)} %`
  showCounts([
    ['Documents found', numbers.format(status.total_documents_found)],
    ['Pages crawled', numbers.format(status.total_pages_crawled)],
    ['Agent at work', status.current_agent ?? 'none'],
    ['Created', makeTime(status.created_at)],
    ...(status.completed_at === null ? [] : [['Ended', makeTime(status.completed_at)]]),
  ])
  showTroubles(status)
  return status
}

function showCounts(counts) {
  const entries = counts.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value)))
  find('#skop-counts').replaceChildren(...entries)
}

function showTroubles({ errors, warnings }) {
  find('#skop-troubles').replaceChildren(
    ...errors.map(({ error_message: text, agent_name: agent }) =>
      make('li', {}, makeBadge('bad', 'error'), ` ${text} (${agent})`),
    ),
    ...warnings.map((text) => make('li', {}, makeBadge('mixed', 'warning'), ` ${text}`)),
  )
}

async function showDocuments(id, signal) {
  const result = await call(`/scrape/results/${id}`, { signal })
  const { total_documents_downloaded: downloaded, total_documents_found: found } = result
  const title = find('#skop-documents-title')
  title.hidden = false
  title.textContent = `${numbers.format(downloaded)} of ${numbers.format(found)} documents downloaded`
  documents.replaceChildren(...result.documents.map((document, index) => toRow(document, index + 1)))
}

function toRow(document, number) {
  return makeRow({
    id: document.url,
    number,
    title: document.name,
    text: null,
    badges: [makeBadge('quiet', document.document_type)],
    facts: [
      ['Confidence', `${Math.round(document.confidence_score * 100)} %`],
      ['Size', `${numbers.format(document.file_size_mb)} MB`],
      ['Found on', document.source_page],
      ['Extracted', makeTime(document.extracted_at)],
    ],
  })
}

creation.addEventListener('submit', (event) => {
  event.preventDefault()
  void create()
})
