/**
 * standin in Vitest: a matcher for single answers, and a test for each operation and check of an API. Vitest
 * itself is the caller's.
 *
 * @module
 */
import { describe, expect, it } from 'vitest'
import type { Contract, ContractSource } from './cli/contract-source.ts'
import { loadContract } from './cli/contract-source.ts'
import type { Exchange } from './contract/exchange.ts'
import type { Finding } from './contract/finding.ts'
import { isBreach } from './contract/finding.ts'
import type { JobRef } from './contract/plan/job-ref.ts'
import { receive } from './contract/receive.ts'
import { renderSingle } from './contract/report/single-text.ts'
import { checkTarget } from './contract/run.ts'
import { judgeSingle, reasonToPass } from './contract/single.ts'
import type { Target } from './contract/target.ts'
import type { CheckOutcome, Verdict } from './contract/verdict.ts'
import { isVacuous } from './contract/verdict.ts'
import { suggestion } from './model/suggestion.ts'
import { UsageError } from './model/usage-error.ts'
import type { Operation } from './openapi/operation.ts'

export type { ContractSource } from './cli/contract-source.ts'
export { UsageError } from './model/usage-error.ts'

/** A loaded contract; what is in it is nobody's business but the matcher's. */
export interface LoadedContract {
  readonly api: string
  readonly title: string
  readonly operations: readonly string[]
}

/** To which request an answer belongs; what is left out is taken from the answer, as far as it tells. */
export interface AnswerTo {
  /** The operation; found by method and URL where it is left out. */
  readonly operationId?: string
  /** The request that was answered. */
  readonly request?:
    | Request
    | {
        readonly method?: string
        readonly url: string | URL
        readonly headers?: Readonly<Record<string, string>>
        readonly body?: string
      }
}

/** How a whole API is judged. */
export interface DescribeOptions extends ContractSource {
  /** The title of the suite. */
  readonly name?: string
  /** Answers requests, in this process: an app's own `fetch`. */
  readonly fetch?: (request: Request) => Response | Promise<Response>
  /** The base URL of a service; with `fetch` what requests are made to. */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly jobs?: readonly JobRef[]
  readonly parameters?: Readonly<Record<string, string>>
  readonly allowWrites?: boolean
  readonly seed?: number
}

interface KeepsContract {
  /** Does this answer keep its contract? The answer's body is not consumed. */
  toKeepContract(contract: ContractSource | LoadedContract, to?: AnswerTo): Promise<void>
}

declare module 'vitest' {
  interface Matchers<T> extends KeepsContract {}
}

const contracts = new WeakMap<object, Contract>()

/**
 * Loads a contract once, to be handed to every matcher.
 *
 * @throws {@link UsageError} when there is none, or it is not sound.
 */
export async function contractOf(source: ContractSource): Promise<LoadedContract> {
  const contract = await loadContract(source)
  const { document } = contract.judge.subject
  const handle = {
    api: document.id,
    title: document.title,
    operations: document.operations.map(({ id }) => id),
  }
  contracts.set(handle, contract)
  return handle
}

expect.extend({
  async toKeepContract(received: unknown, source: ContractSource | LoadedContract, to: AnswerTo = {}) {
    const contract = contracts.get(source) ?? (await loadContract(source as ContractSource))
    if (!(received instanceof Response)) throw new TypeError('toKeepContract judges a Response')
    const exchange = await exchangeOf(received, to)
    const operation = operationOf(contract, exchange, to)
    const breaches = (await findingsOf(contract, operation, exchange)).filter(isBreach)
    const { method, url } = exchange.request
    const asked = `${method} ${url === '' ? operation.path : url} (${operation.id})`
    const answer = `${asked}, answered ${received.status},`
    return {
      pass: breaches.length === 0,
      message: () =>
        breaches.length === 0
          ? `${answer} keeps its contract, and was expected to break it`
          : renderSingle(answer, breaches, contract.lines),
    }
  },
})

async function exchangeOf(response: Response, { request }: AnswerTo): Promise<Exchange> {
  if (response.bodyUsed)
    throw new TypeError('the body of the answer was read before; judge it first, or a clone')
  const headers = new Headers(request?.headers)
  const sent =
    request instanceof Request ? (request.bodyUsed ? null : await request.clone().text()) : request?.body
  return {
    operationId: null,
    request: {
      method: (request?.method ?? 'GET').toUpperCase(),
      url: String(request?.url ?? response.url),
      headers: Object.fromEntries(headers),
      body: sent == null || sent === '' ? null : sent,
    },
    response: await receive(response.clone()),
    purpose: 'an answer in a test',
  }
}

function operationOf(
  { judge, match }: Contract,
  { request }: Exchange,
  { operationId }: AnswerTo,
): Operation {
  if (operationId !== undefined) {
    const named = judge.operations.get(operationId)
    if (named !== undefined) return named
    throw new UsageError(
      `there is no operation \`${operationId}\`${suggestion(operationId, [...judge.operations.keys()])}`,
    )
  }
  const found = match(request)
  if (found !== null) return found
  const hint = 'say which it belongs to: { operationId } or { request }'
  if (request.url === '') throw new UsageError(`the answer does not tell what was asked: ${hint}`)
  throw new UsageError(
    `${request.method} ${request.url} is no operation of ${judge.subject.document.id}; ${hint}`,
  )
}

/** Where only the operation is known, nothing is said of what depends on the request. */
async function findingsOf(
  { judge }: Contract,
  operation: Operation,
  exchange: Exchange,
): Promise<readonly Finding[]> {
  if (reasonToPass(operation, exchange) !== null) return []
  const method = exchange.request.url === '' ? operation.method : exchange.request.method
  const known = { ...exchange, request: { ...exchange.request, method } }
  return (await judgeSingle(judge, operation, known)).findings
}

/**
 * Judges an API and registers a test for each operation and check; await it at the top of a test file. What
 * had nothing to bite on is skipped, with the reason.
 *
 * @throws {@link UsageError} when the contract is not sound.
 */
export async function describeContract(options: DescribeOptions): Promise<void> {
  const { verdict, lines, inferred } = await judgeApi(options)
  const how = inferred ? ', as far as it is inferred for jobs' : ''
  describe(options.name ?? `${verdict.title} keeps its contract${how}`, () => {
    for (const outcome of verdict.checks) {
      it(`${outcome.operationId} ${outcome.check}`, (context) => {
        if (outcome.outcome === 'skipped')
          context.skip(outcome.reason?.replace('--allow-writes', 'allowWrites'))
        const breaches = breachesOf(verdict, outcome)
        if (breaches.length > 0) throw new Error(renderSingle(outcome.operationId, breaches, lines))
      })
    }
    it('was really looked at', () => {
      if (isVacuous(verdict)) throw new Error('nothing was validated: no answer was a success')
    })
  })
}

function breachesOf({ findings }: Verdict, { operationId, check }: CheckOutcome): readonly Finding[] {
  return findings.filter((each) => each.operationId === operationId && each.check === check && isBreach(each))
}

const IN_PROCESS = 'http://standin.test'

async function judgeApi(
  options: DescribeOptions,
): Promise<{ readonly verdict: Verdict; readonly lines: readonly string[]; readonly inferred: boolean }> {
  const { fetch: own, target, headers, jobs, parameters, allowWrites, seed } = options
  if (own === undefined && target === undefined)
    throw new UsageError('give `fetch` or `target`: who is judged?')
  const { judge, lines } = await loadContract(options)
  const { document } = judge.subject
  const answer: Target = own === undefined ? (request) => fetch(request) : async (request) => own(request)
  const verdict = await checkTarget(judge.subject, answer, {
    baseUrl: target ?? `${IN_PROCESS}${document.basePaths[0] ?? ''}`,
    label: target ?? 'in process',
    ...(headers === undefined ? {} : { credentials: headers }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(seed === undefined ? {} : { seed }),
    allowWrites: allowWrites ?? false,
  })
  return { verdict, lines, inferred: judge.subject.inferred === true }
}
