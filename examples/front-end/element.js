/**
 * Small pieces of the page. Text goes in as text, never as HTML: rows hold whatever a job was given.
 *
 * @module
 */

/** Finds what the page must have. */
export function find(selector) {
  const element = document.querySelector(selector)
  if (element === null) throw new Error(`the page has no ${selector}`)
  return element
}

/** Makes an element; a null child is left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children.filter((child) => child !== null))
  return element
}

/** A row of a list: a title, a text, badges and small facts; facts that are null are left out. */
export function makeRow({ id, number, title, text, badges, facts }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
  const row = make(
    'li',
    { class: 'row' },
    make('span', { class: 'number', 'aria-hidden': 'true' }, String(number)),
    make('div', { class: 'head' }, make('h3', { dir: 'auto' }, title), ...badges),
    text === null ? null : make('p', { class: 'text', dir: 'auto' }, text),
    make(
      'dl',
      { class: 'facts' },
      ...known.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
    ),
  )
  row.dataset.id = id
  return row
}

/** A word on a coloured ground; the word alone says all. */
export function makeBadge(tone, text) {
  return make('span', { class: 'state', 'data-tone': tone }, text)
}

const TONES = {
  queued: 'quiet',
  pending: 'quiet',
  running: 'busy',
  in_progress: 'busy',
  succeeded: 'good',
  completed: 'good',
  partially_succeeded: 'mixed',
  failed: 'bad',
  cancelled: 'quiet',
}

/** The colour of a state, in the vendor's words or in standin's. */
export function toneOf(state) {
  return TONES[state] ?? 'quiet'
}

/** Shows a state as a word; null shows none. */
export function showState(element, state) {
  element.hidden = state === null
  element.dataset.tone = toneOf(state)
  element.textContent = (state ?? '').replaceAll('_', ' ')
}

const instants = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** An instant in the reader's own zone; the exact one stands in `datetime`. */
export function makeTime(text) {
  return make('time', { datetime: text, title: text }, instants.format(new Date(text)))
}

export const numbers = new Intl.NumberFormat()

/** Shows what went wrong, in the vendor's words and whole; null takes it away. */
export function showFailure(failure) {
  const box = find('#failure')
  box.replaceChildren()
  box.hidden = failure === null
  if (failure === null) return
  box.append(
    make('strong', {}, failure.message),
    make('ul', {}, ...(failure.reasons ?? []).map((reason) => make('li', {}, reason))),
  )
  if (failure.body !== null && failure.body !== undefined) {
    const body = typeof failure.body === 'string' ? failure.body : JSON.stringify(failure.body, null, 2)
    box.append(make('details', {}, make('summary', {}, 'The whole answer'), make('pre', {}, body)))
  }
  box.scrollIntoView({ block: 'nearest' })
}
