/**
 * Two opinions on one answer: what our judge finds by looking at the exchange alone, and what Prism has said
 * of it on the way.
 *
 * @module
 */
import { judgeExchange } from '../src/contract/check/check.ts'
import { createBook } from '../src/contract/evidence.ts'
import type { Exchange } from '../src/contract/exchange.ts'
import { createMatch } from '../src/contract/matching.ts'
import type { Judge } from '../src/contract/subject.ts'
import type { Target } from '../src/contract/target.ts'
import { createView } from '../src/contract/view.ts'
import type { Prism } from './prism.ts'
import { violationsOf } from './prism.ts'

/** An exchange with what each of the two says against it, a sentence each. */
export interface Opinions {
  readonly exchange: Exchange
  readonly ours: readonly string[]
  readonly prism: readonly string[]
}

/** Prism waits for ever for the end of a JSON body that does not parse: these go round it. */
function breaksPrism(body: string): boolean {
  if (body === '') return false
  try {
    JSON.parse(body)
    return false
  } catch {
    return true
  }
}

/** What Prism answers by itself, without asking the server: HEAD, and methods that nobody documents. */
function isOfPrism(judge: Judge, { method, url }: Request): boolean {
  return method === 'HEAD' || createMatch(judge.subject, [''])({ method, url }) === null
}

/** A target behind Prism; every answer that came through is written down with both opinions. */
export function targetBehind(prism: Prism, judge: Judge, direct: Target, seen: Opinions[]): Target {
  return async (request) => {
    const body = request.body === null ? '' : await request.clone().text()
    if (request.url.includes('/_standin/') || breaksPrism(body) || isOfPrism(judge, request)) {
      return direct(request)
    }
    const { method, url } = request
    const headers = Object.fromEntries(
      [...request.headers].map(([name, value]) => [name.toLowerCase(), value]),
    )
    const response = await prism.ask(request)
    const text = await response.clone().text()
    const received = { status: response.status, headers: Object.fromEntries(response.headers), body: text }
    const sent = { method, url, headers, body: body === '' ? null : body }
    const exchange = { operationId: null, request: sent, response: received, purpose: '' }
    seen.push({
      exchange,
      ours: ourFindings(judge, exchange),
      prism: violationsOf(response).map(
        ({ location, code, message }) => `${location.slice(1).join('.')} ${code}: ${message}`,
      ),
    })
    return response
  }
}

function ourFindings(judge: Judge, exchange: Exchange): readonly string[] {
  const operation = createMatch(judge.subject, [''])(exchange.request)
  if (operation === null) throw new Error(`${exchange.request.url} belongs to no operation`)
  const book = createBook()
  judgeExchange(createView(judge, operation, { ...exchange, operationId: operation.id }), book)
  return [...book.entries.values()].flatMap(({ findings }) =>
    [...findings.values()].map(({ check, message }) => `${check}: ${message}`),
  )
}
