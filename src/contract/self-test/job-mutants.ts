/**
 * Mutants of jobs: states that go back, instants out of order, errors of jobs that did not fail, counters
 * that fall, links to another job. They strike where the job contract says that these stand.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { CheckName } from '../finding.ts'
import { statesOf } from '../job/sight.ts'
import type { Subject } from '../subject.ts'
import type { View } from '../view.ts'
import type { Mutant, Scene, Spoilt } from './mutant.ts'
import { changeAt, mutant } from './mutant.ts'
import { withMember } from './mutant-page.ts'
import type { Told } from './told.ts'
import { ended, later, put, spoilTold, told, toldBy } from './told.ts'
import { fullTooEarly, nonsenseToWait, rowsOfProgress } from './waiting-mutants.ts'

/** The mutants of an API's jobs. */
export function jobMutants(subject: Subject): readonly Mutant[] {
  if (subject.contract === null) return []
  const operations = Object.values(subject.contract.operations)
  const some = (has: (contract: OperationContract) => boolean): boolean => operations.some(has)
  return [
    ...stateMutants(subject, operations),
    ...(some(({ times }) => times !== null) ? instantMutants(subject) : []),
    ...(some(({ progress }) => progress !== null) ? progressMutants(subject) : []),
    ...(some(({ error, state }) => error !== null && state !== null) ? errorMutants(subject) : []),
    ...(some(({ links }) => Object.keys(links).length > 0) ? [elsewhere()] : []),
    ...(some(({ idempotency, role }) => idempotency !== null && role === 'create') ? [madeTwice()] : []),
    ...(some(({ role }) => role === 'cancel') ? [cancelledAgain(subject)] : []),
    ...(some(({ confidences }) => confidences.length > 0) ? confidenceMutants() : []),
    ...(some(({ echoes }) => Object.keys(echoes).length > 0) ? [wrongEcho()] : []),
    ...(some(({ role }) => role === 'results') ? [rereadMutant()] : []),
    ...(some(({ rows }) => rows !== null) ? [fullTooEarly(), ...rowsOfProgress(operations)] : []),
    nonsenseToWait(),
  ]
}

function stateMutants(subject: Subject, operations: readonly OperationContract[]): readonly Mutant[] {
  const running = subject.contract?.states.running
  const shows = operations.some(({ state, job }) => state !== null && job !== null)
  if (!shows || running === undefined) return []
  return [
    later('J01', 'a job that has ended runs again', (each) =>
      ended(subject, each) ? put(each, each.contract.state, () => running) : null,
    ),
    later('J01', 'a job is in a state that nobody knows', (each) =>
      put(each, each.contract.state, () => 'standin-unknown'),
    ),
    later('J02', 'a job that has ended changes', (each) =>
      ended(subject, each) ? { body: withMember(each.view.body, 'standin', 1) } : null,
    ),
    mutant('job_state', 'a job that is there is refused', (view, scene) =>
      toldBy(view) !== null && view.contract?.job != null && view.exchange.request.method === 'GET'
        ? refusal(scene, view)
        : null,
    ),
  ]
}

function refusal(scene: Scene, view: View): Spoilt {
  const known = scene.refusal(view.operation.id)
  if (known === null) return { status: 404, body: {} }
  return { status: known.status, text: known.body }
}

function instantMutants(subject: Subject): readonly Mutant[] {
  const moved = (text: Json, days: number): Json => {
    const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN
    return Number.isNaN(ms) ? text : new Date(ms + days * 86_400_000).toISOString()
  }
  const start = (value: Json | undefined): boolean => typeof value === 'string'
  return [
    told('J05', 'a job starts before it was made', (each) => {
      const { times } = each.contract
      const has = times?.created != null && start(readPointer(each.view.body, times.started ?? ''))
      return has ? put(each, times?.started ?? null, (text) => moved(text, -40)) : null
    }),
    told('J05', 'a job that has ended tells of no end', (each) => {
      const at = each.contract.times?.ended ?? null
      return at !== null && ended(subject, each) && start(readPointer(each.view.body, at))
        ? put(each, at, () => null)
        : null
    }),
    told('J05', 'a job that runs has ended', (each) => {
      const { times } = each.contract
      if (times?.ended == null || each.word === null || ended(subject, each)) return null
      const created = times.created === null ? undefined : readPointer(each.view.body, times.created)
      return put(each, times.ended, () => (typeof created === 'string' ? created : '2030-01-01T00:00:00Z'))
    }),
  ]
}

function progressMutants(subject: Subject): readonly Mutant[] {
  const more = (name: string, at: (contract: OperationContract) => string | null, check: CheckName): Mutant =>
    told(check, name, (each) => {
      const total = readNumber(each, each.contract.progress?.total ?? null)
      return total === null ? null : put(each, at(each.contract), () => total + 1)
    })
  return [
    more('more is done than there is', ({ progress }) => progress?.done ?? null, 'J03'),
    more('more has failed than was done', ({ progress }) => progress?.failed ?? null, 'J03'),
    later('J03', 'the whole changes', (each) =>
      put(each, each.contract.progress?.total ?? null, (total) => Number(total) + 1),
    ),
    told('J04', 'a job that succeeded has something left to do', (each) => {
      const { progress } = each.contract
      const states = statesOf(subject, each.word ?? undefined)
      const done = readNumber(each, progress?.done ?? null)
      const succeeded = states.length === 1 && states[0] === 'succeeded'
      return succeeded && done !== null && done > 0 ? put(each, progress?.done ?? null, () => done - 1) : null
    }),
  ]
}

function readNumber({ view }: Told, pointer: string | null): number | null {
  const value = pointer === null ? undefined : readPointer(view.body, pointer)
  return typeof value === 'number' ? value : null
}

function errorMutants(subject: Subject): readonly Mutant[] {
  const is = (each: Told, state: string): boolean => {
    const states = statesOf(subject, each.word ?? undefined)
    return states.length > 0 && states.every((one) => one === state)
  }
  return [
    told('J06', 'a failed job says nothing of why', (each) =>
      is(each, 'failed') ? put(each, each.contract.error?.at ?? null, () => null) : null,
    ),
    {
      check: 'J06',
      name: 'a job that succeeded has an error',
      begin: () => {
        let error: Json = { code: 'failed', message: 'it failed' }
        return spoilTold((each) => {
          const at = each.contract.error?.at ?? null
          const own = at === null ? undefined : readPointer(each.view.body, at)
          if (own !== undefined && own !== null) error = own
          return is(each, 'succeeded') ? put(each, at, () => error) : null
        })
      },
    },
  ]
}

function elsewhere(): Mutant {
  return told('J07', 'a link leads to another job', (each) => {
    const [at] = Object.keys(each.contract.links)
    const id = each.contract.id === null ? each.id : readPointer(each.view.body, each.contract.id)
    if (at === undefined || typeof id !== 'string' || id === '') return null
    const swap = id.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0'))
    return put(each, at, (url) => (typeof url === 'string' ? url.replaceAll(id, swap) : url))
  })
}

/** A request that comes again with its key makes another job. */
function madeTwice(): Mutant {
  return {
    check: 'J08',
    name: 'a request that comes again makes another job',
    begin: () => {
      const keys = new Set<string>()
      return spoilTold((each) => {
        const name = each.contract.idempotency?.parameter.toLowerCase() ?? ''
        const key = each.view.exchange.request.headers[name]
        if (key === undefined || each.contract.role !== 'create') return null
        if (!keys.has(key)) {
          keys.add(key)
          return null
        }
        return put(
          each,
          each.contract.id,
          (id) => `${String(id).slice(0, -1)}${String(id).endsWith('0') ? '1' : '0'}`,
        )
      })
    },
  }
}

/** What has ended is cancelled all the same. */
function cancelledAgain({ contract }: Subject): Mutant {
  return mutant('J09', 'a job that has ended is cancelled', (view) => {
    const { status } = view.exchange.response
    if (view.contract?.role !== 'cancel' || status < 400 || status >= 500 || status === 401) return null
    const word = contract?.states.cancelled ?? 'cancelled'
    const { id, state, job } = view.contract
    const body = [
      [id, job === null ? '' : (view.path[job] ?? '')],
      [state, word],
    ].reduce<Json>((made, [at, value]) => (at == null ? made : grow(made, at, value ?? '')), {})
    return { status: 200, body }
  })
}

function grow(body: Json, pointer: string, value: Json): Json {
  const [, first = '', ...rest] = pointer.split('/')
  const own = isObject(body) ? body : {}
  return { ...own, [first]: rest.length === 0 ? value : grow(own[first] ?? {}, `/${rest.join('/')}`, value) }
}

function confidenceMutants(): readonly Mutant[] {
  const each = (name: string, value: Json): Mutant =>
    told('C01', name, (seen) => {
      for (const { each: at, confidence } of seen.contract.confidences) {
        const body = changeEach(seen.view.body, `${at ?? ''}${confidence}`, (old) =>
          typeof old === 'number' ? value : old,
        )
        if (JSON.stringify(body) !== JSON.stringify(seen.view.body)) return { body }
      }
      return null
    })
  return [each('a confidence is above 1', 1.2), each('a confidence is below 0', -0.1)]
}

/** Changes every place of a pointer in which `*` stands for any member. */
function changeEach(value: Json, pointer: string, change: (old: Json) => Json): Json {
  const star = pointer.indexOf('/*')
  if (star < 0) return changeAt(value, pointer, change)
  return changeAt(value, pointer.slice(0, star), (inner) => {
    const go = (item: Json): Json => changeEach(item, pointer.slice(star + 2), change)
    if (Array.isArray(inner)) return (inner as readonly Json[]).map(go)
    if (!isObject(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, go(item)]))
  })
}

function wrongEcho(): Mutant {
  return told('id_echo', 'an answer is of another id', (each) => {
    const [at] = Object.keys(each.contract.echoes)
    return put(each, at ?? null, (id) => `${String(id)}-other`)
  })
}

/** The same request is answered otherwise, though nothing happened. */
function rereadMutant(): Mutant {
  return {
    check: 'S03',
    name: 'a job that stands still reads otherwise each time',
    begin: () => {
      let times = 0
      return spoilTold(({ view }) => {
        if (view.contract?.job == null || view.exchange.request.method !== 'GET') return null
        times += 1
        return { text: `${' '.repeat(times % 50)}${view.exchange.response.body}` }
      })
    },
  }
}
