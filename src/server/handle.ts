/**
 * The life of a request, top to bottom. Start reading here.
 *
 *   bounds → route → preference → authenticate → read input → find job → query rows → render
 *
 * Each step is a function of its arguments that refuses by throwing {@link ApiError}, and the one `catch`
 * turns a refusal into the API's own error shape. Anything else that is thrown is a bug: it goes up, whole,
 * to the one place that answers 500.
 *
 * @module
 */
import { ApiError, refusalOf } from '../model/refusal.ts'
import { parseQuery } from '../openapi/parameter.ts'
import { responseFor, successStatus } from '../openapi/response.ts'
import type { Validator } from '../openapi/validator.ts'
import type { Answer } from './answer.ts'
import { withHeaders } from './answer.ts'
import { answerFromDocument } from './answer-document.ts'
import { answerOperation, worldStatus } from './answer-operation.ts'
import { answerProblem, answerRefusal, vendorHeaders } from './answer-refusal.ts'
import { authenticate, challengeOf } from './authenticate.ts'
import type { Call } from './call.ts'
import { checkBounds } from './call.ts'
import type { Preference } from './preference.ts'
import { NO_PREFERENCE, readPreference } from './preference.ts'
import type { Input, RawInput } from './read-input.ts'
import { readInput } from './read-input.ts'
import type { Match } from './route.ts'
import type { Server } from './server.ts'

/** Answers a call; throws only what is a bug. */
export async function handle(call: Call, server: Server): Promise<Answer> {
  let match: Match | null = null
  let preference = NO_PREFERENCE
  try {
    checkBounds(call)
    match = server.router.match(call.method, call.path)
    const query = parseQuery(call.query)
    preference = readPreference(call.header, query)
    const delay = server.wait(preference.delayMs)
    if (delay !== undefined) await delay
    const compiled = server.validatorOf(match.route.api)
    const validator = compiled instanceof Promise ? await compiled : compiled
    const body = match.route.operation.body === null ? null : await call.readBody()
    const raw: RawInput = { path: match.path, query, header: call.header, body }
    const answer = answerMatch({ call, server, match, preference, validator, raw })
    return applied(answer, preference)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (match === null) return answerProblem(error, call.path, server.epochMs)
    const validator = await server.validatorOf(match.route.api)
    const answer = answerRefusal(error, contextOf({ call, server, match, preference, validator }))
    return error.code === 'example_not_found' ? answer : applied(answer, preference)
  }
}

/** A call that has found its operation. */
interface Matched {
  readonly call: Call
  readonly server: Server
  readonly match: Match
  readonly preference: Preference
  readonly validator: Validator
}

function answerMatch(matched: Matched & { readonly raw: RawInput }): Answer {
  const { call, server, match, preference, validator, raw } = matched
  const { api, operation } = match.route
  if (preference.code !== null || preference.example !== null || preference.dynamic === false) {
    return answerPreferred(matched)
  }
  if (server.options.auth) {
    const source = { header: call.header, query: (name: string) => raw.query.get(name)?.at(-1) ?? null }
    authenticate(source, api, operation.security)
  }
  return answerInput(matched, readInput(raw, operation, api, validator))
}

function answerInput(matched: Matched, input: Input): Answer {
  const { server, match, preference } = matched
  const { route } = match
  const world = server.worlds.of(route.api, preference.seed ?? server.options.seed)
  const contract = route.api.contract?.operations[route.operation.id]
  if (world === undefined || contract === undefined)
    return answerDocumented(matched, successStatus(route.operation))
  const { answers } = server
  return answerOperation({
    route,
    world,
    contract,
    input,
    nowMs: server.now(),
    answers,
    document: () => contextOf(matched),
  })
}

/**
 * What a client asks for by name, before credentials and look-up, so it changes nothing. A success that the
 * world has is its own; what it cannot give is the document's.
 */
function answerPreferred(matched: Matched & { readonly raw: RawInput }): Answer {
  const { match, preference, validator, raw } = matched
  const { operation, api } = match.route
  const code = preference.code ?? successStatus(operation)
  if (responseFor(operation, code) === undefined) {
    const documented = [...operation.responses.keys()].join(', ')
    throw new ApiError(
      'example_not_found',
      `${operation.id} documents no ${code}; it documents ${documented}`,
    )
  }
  if (preference.example !== null || preference.dynamic === false) return answerDocumented(matched, code)
  const role = api.contract?.operations[operation.id]?.role
  const changes = role === 'create' || role === 'cancel'
  if (code >= 200 && code < 300 && (changes || code !== worldStatus(operation, role))) {
    return answerDocumented(matched, code)
  }
  if (code === worldStatus(operation, role)) {
    try {
      const answer = answerInput(matched, readInput(raw, operation, api, validator))
      if (answer.status === code) return answer
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    return answerDocumented(matched, code)
  }
  const refusal = api.vendor?.errors === undefined ? null : refusalOf(code)
  if (refusal === null) return answerDocumented(matched, code)
  const headers = refusal === 'unauthenticated' ? challengeOf(api, operation.security) : {}
  return answerRefusal(new ApiError(refusal, undefined, [], headers), contextOf(matched), code)
}

function answerDocumented(matched: Matched, status: number): Answer {
  const { match } = matched
  const { api, operation } = match.route
  const spec = responseFor(operation, status)
  if (spec === undefined) return { status, headers: {}, body: null }
  const answer = answerFromDocument({ ...contextOf(matched), api, spec, status })
  return withHeaders(answer, vendorHeaders(match.route, status))
}

function contextOf({
  call,
  server,
  match,
  preference,
  validator,
}: Matched): Parameters<typeof answerRefusal>[1] {
  const seed = preference.seed ?? server.options.seed
  return {
    route: match.route,
    path: call.path,
    atMs: match.route.api.fixture?.epochMs ?? server.epochMs,
    key: `${match.route.operation.id} ${JSON.stringify(match.path)}`,
    seed,
    words: server.words,
    preference,
    validator,
  }
}

function applied(answer: Answer, preference: Preference): Answer {
  if (preference.applied.length === 0) return answer
  return withHeaders(answer, { 'Preference-Applied': preference.applied.join(', ') })
}
