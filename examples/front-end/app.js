/**
 * The page: connects to a standin, lists its named jobs, and opens one. The chosen job stands in the address
 * (`#deepset/many-pages`), the standin's own address in `?base=`.
 *
 * @module
 */
import { closeDeepset, openDeepset } from './deepset.js'
import { find, make, numbers, showFailure, showState } from './element.js'
import { send } from './request.js'
import { closeSkop, openSkop, openSkopForm } from './skop.js'

const DEFAULT_BASE = 'http://127.0.0.1:4010'
const NEW_JOB = 'new'

/** What opens a job of an API; an API that is not here is not listed. */
const VIEWS = { deepset: openDeepset, skop: openSkop }

const narrow = matchMedia('(max-width: 52rem)')
const list = find('#jobs-list')
const drawer = find('#jobs')
const base = find('#base')

let jobs = []

async function connect() {
  jobs = []
  list.replaceChildren()
  find('#jobs-hint').textContent = 'Connecting…'
  try {
    const body = await send(`${address()}/_standin/jobs`)
    jobs = body.jobs.filter((job) => Object.hasOwn(VIEWS, job.api))
    find('#jobs-hint').textContent = jobs.length === 0 ? 'No jobs of deepset or skop here.' : ''
    showFailure(null)
    list.replaceChildren(...makeCreation(), ...Object.keys(VIEWS).flatMap(makeGroup))
  } catch (failure) {
    find('#jobs-hint').textContent = 'Not connected.'
    showFailure(failure)
  }
  await open()
}

/** The address without a slash at its end; without a scheme it is taken to be http. */
function address() {
  const text = base.value.trim().replace(/\/+$/, '') || DEFAULT_BASE
  return /^https?:/.test(text) ? text : `http://${text}`
}

/** A link to the form, where there is an API that makes jobs. */
function makeCreation() {
  if (!jobs.some(({ api }) => api === 'skop')) return []
  return [make('a', { href: `#skop/${NEW_JOB}`, class: 'create' }, 'New skop job')]
}

function makeGroup(api) {
  const named = jobs.filter((job) => job.api === api)
  if (named.length === 0) return []
  const entries = named.map((job) => {
    const under = make('span', { class: 'under' })
    showState(under, job.state)
    under.append(` · ${numbers.format(job.rows)} ${job.rows === 1 ? 'row' : 'rows'}`)
    return makeEntry(`${api}/${job.name}`, job.name, under)
  })
  return [make('h2', {}, api), make('ul', {}, ...entries)]
}

function makeEntry(hash, name, under) {
  return make('li', {}, make('a', { href: `#${hash}` }, make('span', {}, name), under))
}

/** Opens what the address names, or the welcome. */
async function open() {
  closeDeepset()
  closeSkop()
  const hash = decodeURIComponent(location.hash.slice(1))
  const [api, name] = hash.split('/')
  const job = jobs.find((one) => one.api === api && (one.name === name || name === NEW_JOB))
  for (const id of ['welcome', 'deepset', 'skop']) find(`#${id}`).hidden = id !== (job?.api ?? 'welcome')
  for (const link of list.querySelectorAll('a')) {
    if (job !== undefined && link.hash === `#${hash}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  if (job === undefined) return
  if (narrow.matches) drawer.open = false
  if (name === NEW_JOB) openSkopForm(job, address())
  else await VIEWS[api](job, address())
}

find('#connect').addEventListener('submit', (event) => {
  event.preventDefault()
  const here = new URL(location.href)
  here.searchParams.set('base', address())
  history.replaceState(null, '', here)
  void connect()
})

addEventListener('hashchange', () => {
  void open()
  if (narrow.matches) find('#main').focus()
})
narrow.addEventListener('change', () => {
  drawer.open = !narrow.matches
})

base.value = new URL(location.href).searchParams.get('base') ?? DEFAULT_BASE
void connect()
