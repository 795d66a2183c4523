/**
 * Pages through the results of a deepset job with cursors: `after` the last row, or `before` the first one.
 * `has_more` looks in the direction of travel; the other way there is always the page one came from.
 *
 * @module
 */
import { find, makeBadge, makeRow, makeTime, numbers, showFailure, showState } from './element.js'
import { send } from './request.js'

const query = find('#deepset-query')
const rows = find('#deepset-rows')
const buttons = { first: find('#first'), previous: find('#previous'), next: find('#next') }

let job = null
let base = ''
let page = { items: [], start: 0, total: 0, hasNext: false, hasPrevious: false }
let running = new AbortController()

/** Shows the first page of a job. */
export async function openDeepset(listed, at) {
  job = listed
  base = at
  find('#deepset-title').textContent = `deepset · ${job.name ?? job.id}`
  showState(find('#deepset-state'), job.state)
  query.reset()
  await load('first')
}

/** Stops what is on its way. */
export function closeDeepset() {
  running.abort()
}

async function load(move) {
  running.abort()
  running = new AbortController()
  const { signal } = running
  const parameters = parametersOf(move)
  rows.setAttribute('aria-busy', 'true')
  markPreset()
  find('#deepset-request').textContent = `GET ${job.url}?${parameters}`
  try {
    const body = await send(`${base}${job.url}?${parameters}`, { headers: job.headers, signal })
    page = turn(move, body)
    showFailure(null)
    render()
    if (rows.getBoundingClientRect().top < 0) rows.scrollIntoView()
  } catch (failure) {
    if (signal.aborted) return
    page = { items: [], start: 0, total: 0, hasNext: false, hasPrevious: false }
    render()
    find('#deepset-range').textContent = ''
    showFailure(failure)
  }
  rows.removeAttribute('aria-busy')
}

/** Blank parameters are left out; a cursor only stands where there is a row to go on from. */
function parametersOf(move) {
  const form = new FormData(query)
  const parameters = new URLSearchParams()
  for (const name of ['limit', 'field', 'order', 'filter']) {
    const value = String(form.get(name)).trim()
    if (value !== '') parameters.set(name, value)
  }
  if (move === 'next') parameters.set('after', page.items.at(-1).job_result_id)
  if (move === 'previous') parameters.set('before', page.items[0].job_result_id)
  return parameters
}

/** The page that an answer makes, and where it stands among all rows. */
function turn(move, { data, has_more: hasMore, total }) {
  if (move === 'previous') {
    const start = Math.max(0, page.start - data.length)
    return { items: data, total, start, hasNext: true, hasPrevious: hasMore }
  }
  const start = move === 'next' ? page.start + page.items.length : 0
  return { items: data, total, start, hasNext: hasMore, hasPrevious: move === 'next' }
}

function render() {
  const { items, start, total, hasNext, hasPrevious } = page
  rows.replaceChildren(...items.map((item, index) => toRow(item, start + index + 1)))
  const focused = document.activeElement
  buttons.first.disabled = !hasPrevious
  buttons.previous.disabled = !hasPrevious
  buttons.next.disabled = !hasNext
  // A button that goes out of use would take the keyboard's place on the page with it.
  if (focused?.disabled) (hasNext ? buttons.next : buttons.previous).focus()
  find('#deepset-range').textContent =
    items.length === 0
      ? `No rows of ${numbers.format(total)}`
      : `Rows ${numbers.format(start + 1)}–${numbers.format(start + items.length)} of ${numbers.format(total)}`
}

function toRow(item, number) {
  const badges = []
  if (item.failed) badges.push(makeBadge('bad', 'failed'))
  else if (item.no_answer) badges.push(makeBadge('mixed', 'no answer'))
  return makeRow({
    id: item.job_result_id,
    number,
    title: item.query ?? 'No query',
    text: item.answer || null,
    badges,
    facts: [
      ['Index', item.query_index === null ? null : String(item.query_index)],
      ['Group', item.group_name],
      ['Label', item.query_label],
      ['File', item.file],
      ['Duration', item.duration === null ? null : `${numbers.format(item.duration)} s`],
      ['Created', makeTime(item.created_at)],
    ],
  })
}

function markPreset() {
  const current = query.elements.filter.value.trim()
  for (const button of query.querySelectorAll('[data-filter]')) {
    button.setAttribute('aria-pressed', String(button.dataset.filter === current))
  }
}

query.addEventListener('submit', (event) => {
  event.preventDefault()
  void load('first')
})

query.addEventListener('change', (event) => {
  if (event.target.name !== 'filter') void load('first')
})

query.addEventListener('click', ({ target }) => {
  if (target.dataset.filter === undefined) return
  query.elements.filter.value = target.dataset.filter
  void load('first')
})

for (const [move, button] of Object.entries(buttons)) {
  button.addEventListener('click', () => void load(move))
}
