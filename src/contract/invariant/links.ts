/**
 * J07: the links of an answer, and the Location of one that made a job, lead to that job. Only the target's
 * own origin is asked; of links to elsewhere the path is compared, since credentials stay where they
 * belong.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Sight } from '../job/sight.ts'
import { remarkOnSight, sightsOf, valueAt } from '../job/sight.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, matchTemplate, remarkOn } from '../view.ts'

/** A link, where it stands, and what makes a finding of a fault. */
interface Link {
  readonly url: URL | null
  readonly text: string
  /** The operation that it must lead to; null for any that answers for the job. */
  readonly operation: Operation | null
  readonly fault: (message: string, answer?: View) => Finding
}

/** Follows what an answer about one job links to. */
export async function judgeLinks(recorder: Recorder, aim: Aim, view: View): Promise<void> {
  const sight = sightsOf(view).find(({ base }) => base === '')
  if (sight === undefined) return
  for (const link of [...locationOf(view, sight), ...linksIn(aim, sight)]) {
    const findings = await follow(recorder, aim, sight, link)
    if (findings === null) continue
    const entry = { check: 'J07', operationId: view.operation.id, exchanges: 1, reason: null } as const
    recorder.book.add({ ...entry, findings })
  }
}

function urlOf({ exchange }: View, text: string): URL | null {
  return URL.canParse(text, exchange.request.url) ? new URL(text, exchange.request.url) : null
}

function locationOf(view: View, { id }: Sight): readonly Link[] {
  const { status, headers } = view.exchange.response
  const text = headers['location']
  if (text === undefined || (status !== 201 && status !== 202)) return []
  const header = view.spec?.headers.find(({ name }) => name.toLowerCase() === 'location')
  const place = header?.schema == null ? {} : { pointer: header.schema }
  const topic = `${view.operation.id} location`
  const fault = (message: string, answer?: View): Finding => {
    const beside = answer === undefined ? {} : { beside: answer.exchange }
    return remarkOn(view, {
      check: 'J07',
      message: `Location ${show(text)} of job ${id} ${message}`,
      topic,
      ...place,
      ...beside,
    })
  }
  return [{ url: urlOf(view, text), text, operation: null, fault }]
}

function linksIn(aim: Aim, sight: Sight): readonly Link[] {
  const { view, contract, id } = sight
  return Object.entries(contract.links).flatMap(([at, operationId]) => {
    const text = valueAt(sight, at)
    const operation = aim.judge.operations.get(operationId)
    if (typeof text !== 'string' || operation === undefined) return []
    const fault = (message: string, answer?: View): Finding => {
      const finding = remarkOnSight(sight, {
        check: 'J07',
        at,
        message: `${at} ${show(text)} of job ${id} ${message}`,
      })
      return answer === undefined ? finding : { ...finding, exchanges: [view.exchange, answer.exchange] }
    }
    return [{ url: urlOf(view, text), text, operation, fault }]
  })
}

/** What is wrong with a link; null where it cannot be known. */
async function follow(
  recorder: Recorder,
  aim: Aim,
  sight: Sight,
  { url, operation: wanted, fault }: Link,
): Promise<readonly Finding[] | null> {
  if (url === null) return [fault('is no URL')]
  const base = new URL(aim.baseUrl)
  const own = url.origin === base.origin
  const operation = wanted ?? operationAt(aim, own ? base.pathname : null, url.pathname)
  const values = operation === null ? null : valuesAt(operation, own ? base.pathname : null, url.pathname)
  if (operation === null || values === null) {
    return [fault(wanted === null ? 'leads to no documented operation' : `does not lead to ${wanted.path}`)]
  }
  const contract = contractOf(aim.judge.subject, operation.id)
  const named = contract?.job == null ? undefined : values[contract.job]
  if (named !== undefined && named !== sight.id) return [fault(`leads to job ${named}`)]
  if (!own || operation.method !== 'GET') return []
  const purpose = `where job ${sight.id} links to`
  const planned = aimAt(aim, { operation, purpose, path: values, expects: { kind: 'documented' } })
  const query = aim.query.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
  const joined = [url.search.slice(1), ...query].filter((part) => part !== '').join('&')
  const target = `${url.origin}${url.pathname}${joined === '' ? '' : `?${joined}`}`
  return judgeAnswer(await recorder.ask({ ...planned, url: target }), sight, fault)
}

function judgeAnswer(answer: View, { id, states }: Sight, fault: Link['fault']): readonly Finding[] | null {
  const { status } = answer.exchange.response
  if (!isSuccess(answer)) {
    // A job that cannot be asked for its rows yet has the link all the same.
    const early = states.some((state) => answer.contract?.allowedIn.includes(state) === false)
    if (early || [0, 401, 403, 429].includes(status) || status >= 500) return null
    return [fault(`is answered ${status}`, answer)]
  }
  const found = sightsOf(answer).find(({ base }) => base === '')
  return found === undefined || found.id === id ? [] : [fault(`is answered with job ${found.id}`, answer)]
}

/** The values of a path under a base; under any base where it is null. */
function valuesAt({ path }: Operation, base: string | null, asked: string): Record<string, string> | null {
  const prefix = base === null ? null : base.replace(/\/+$/, '')
  if (prefix === null) return matchTemplate(path, asked)
  if (!asked.startsWith(prefix)) return null
  const rest = asked.slice(prefix.length)
  return rest.split('/').length === path.split('/').length ? matchTemplate(path, rest) : null
}

/** The reading operation of a job at a path; of several the one whose path says most. */
function operationAt(aim: Aim, base: string | null, asked: string): Operation | null {
  const { document } = aim.judge.subject
  const fits = document.operations.filter(
    (operation) => operation.method === 'GET' && valuesAt(operation, base, asked) !== null,
  )
  const braces = ({ path }: Operation): number => path.split('{').length
  return [...fits].sort((a, b) => braces(a) - braces(b))[0] ?? null
}
