/**
 * What is decided about a request in one turn of its sandbox, without waiting:
 *
 *   fault → preference → authenticate → read input → find job → query rows → render
 *
 * Each step is a function of its arguments that refuses by throwing {@link ApiError}, and the one `catch`
 * turns a refusal into the API's own error shape. A decision changes nothing: what happens is told as events.
 *
 * @module
 */
import { ApiError, refusalOf } from '../model/refusal.ts'
import { responseFor, successStatus } from '../openapi/response.ts'
import type { Validator } from '../openapi/validator.ts'
import type { SandboxEvent } from '../world/event.ts'
import type { Strike } from '../world/fault-plan.ts'
import type { Decision, Turn } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import { datedBy, withHeaders } from './answer.ts'
import { answerFromDocument } from './answer-document.ts'
import { answerOperation, worldStatus } from './answer-operation.ts'
import { answerRefusal, vendorHeaders } from './answer-refusal.ts'
import { authenticate, challengeOf } from './authenticate.ts'
import type { Call } from './call.ts'
import {
  answerFault,
  countedBy,
  FaultRefusal,
  headersAt,
  headersOf,
  passingOf,
  refusedBy,
  staleMsOf,
  strikeAt,
  troubled,
  unsteered,
} from './fault.ts'
import type { JournalEntry } from './journal.ts'
import type { HeaderContext, OperationCall } from './operation-call.ts'
import type { Outcome } from './outcome.ts'
import type { Preference } from './preference.ts'
import type { Input, RawInput } from './read-input.ts'
import { readInput } from './read-input.ts'
import type { Match } from './route.ts'
import type { Server } from './server.ts'
import { tickOf } from './tick.ts'

/** A request that has found its operation, with all that had to be waited for. */
export interface Asked {
  readonly call: Call
  readonly server: Server
  readonly match: Match
  readonly preference: Preference
  readonly validator: Validator
  /** Its body broke off, or is too large, where it is a refusal. */
  readonly raw: Omit<RawInput, 'body'> & { readonly body: string | null | ApiError }
}

/** What was decided, and why. */
export interface Verdict extends Told {
  readonly answer: Answer
}

/** What the journal tells of a decision. */
type Told = Pick<JournalEntry, 'atMs' | 'strike' | 'refusal' | 'about' | 'honoured' | 'again'>

/** A request on its turn. */
interface Moment extends Asked {
  readonly turn: Turn
  /** The instant that is answered for; a stale answer is for one before the turn's. */
  readonly nowMs: number
  readonly headers: HeaderContext
}

/** Decides what to answer, and what happens by it. */
export function decide(asked: Asked, turn: Turn): Decision<Verdict> {
  const { call, server, match, preference, validator, raw } = asked
  const strike = strikeAt(call, match.route, turn)
  const headers = headersOf(strike, turn.nowMs)
  const nowMs = turn.nowMs - staleMsOf(strike, match.route)
  const moment: Moment = { call, server, match, preference, validator, raw, turn, nowMs, headers }
  const events: SandboxEvent[] = countedBy(strike)
  const { answer, outcome, refusal } = answerMoment(moment, strike, events)
  let atMs = turn.nowMs
  for (const event of events) if (event.type === 'clock_moved') atMs = event.toMs
  const dated = datedBy(answer, turn.sandbox.clock.mode, atMs)
  const passing = passingOf(strike, turn, atMs)
  const happened = outcome?.events ?? NONE
  const more = passing.length === 0 ? happened : [...happened, ...passing]
  return {
    result: {
      answer: troubled(dated, strike, turn),
      atMs,
      strike,
      refusal,
      about: outcome?.about ?? null,
      honoured: outcome?.honoured ?? NONE,
      again: outcome?.again === true,
    },
    events: more.length === 0 ? events : [...events, ...more],
  }
}

const NONE: readonly never[] = []

/** @param events - Told of a clock that is moved by the request, also where it is refused in the end. */
function answerMoment(
  moment: Moment,
  strike: Strike | null,
  events: SandboxEvent[],
): { readonly answer: Answer; readonly outcome: Outcome | null; readonly refusal: ApiError | null } {
  const { preference } = moment
  try {
    const refused = refusedBy(strike, moment.match.route)
    if (refused !== null) throw refused
    const outcome = answerAsked(moment, events)
    return { answer: applied(outcome.result, preference, outcome), outcome, refusal: null }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error instanceof FaultRefusal) {
      const answer = answerFault(error, contextOf(moment))
      return { answer: applied(answer, unsteered(preference), null), outcome: null, refusal: error }
    }
    const answer = answerRefusal(error, contextOf(moment))
    const refused = error.code === 'example_not_found' ? answer : applied(answer, preference, null)
    return { answer: refused, outcome: null, refusal: error }
  }
}

function answerAsked(moment: Moment, events: SandboxEvent[]): Outcome {
  const { call, server, match, preference, raw } = moment
  const { api, operation } = match.route
  if (preference.code !== null || preference.example !== null || preference.dynamic === false) {
    return { result: answerPreferred(moment), events: [], about: null }
  }
  if (server.options.auth) {
    const source = { header: call.header, query: (name: string) => raw.query.get(name)?.at(-1) ?? null }
    authenticate(source, api, operation.security)
  }
  return answerInput(moment, inputOf(moment), events)
}

function inputOf({ match, raw, validator }: Moment): Input {
  const { body } = raw
  if (body instanceof ApiError) throw body
  return readInput({ ...raw, body }, match.route.operation, match.route.api, validator)
}

/** @param events - Null where the request must change nothing. */
function answerInput(moment: Moment, input: Input, events: SandboxEvent[] | null): Outcome {
  const { call, server, match, turn, preference, headers } = moment
  const { route } = match
  const world = server.worlds.of(route.api, turn.sandbox)
  const contract = route.api.contract?.operations[route.operation.id]
  if (world === undefined || contract === undefined) {
    const result = answerDocumented(moment, successStatus(route.operation))
    return { result, events: [], about: null }
  }
  // Who sees the past waits for the next change in it: its time goes by as the sandbox's does.
  const seen = moment.nowMs === turn.nowMs ? turn : { ...turn, nowMs: moment.nowMs }
  const tick = events === null ? null : tickOf(seen, world, contract, input, () => server.nextMomentMs(seen))
  const movedMs = tick === null ? 0 : tick.toMs - seen.nowMs
  const asked: OperationCall = {
    route,
    world,
    contract,
    input,
    steering: preference.steering,
    prefix: call.prefix,
    headers: movedMs === 0 ? headers : headersAt(headers, turn.nowMs + movedMs),
    nowMs: moment.nowMs + movedMs,
    answers: server.answers,
    document: () => contextOf(moment),
  }
  if (tick === null) return answerOperation(asked)
  return answerTicking(asked, () => events?.push({ ...tick, toMs: turn.nowMs + movedMs }))
}

/** A read moves the clock, be it told that the job has no results yet; any other refusal leaves it. */
function answerTicking(asked: OperationCall, move: () => void): Outcome {
  try {
    const outcome = answerOperation(asked)
    move()
    return outcome
  } catch (error) {
    if (error instanceof ApiError && error.code === 'job_not_finished') move()
    throw error
  }
}

/**
 * What a client asks for by name, before credentials and look-up, so it changes nothing. A success that the
 * world has is its own; what it cannot give is the document's.
 */
function answerPreferred(moment: Moment): Answer {
  const { match, preference } = moment
  const { operation, api } = match.route
  const code = preference.code ?? successStatus(operation)
  if (responseFor(operation, code) === undefined) {
    const documented = [...operation.responses.keys()].join(', ')
    throw new ApiError(
      'example_not_found',
      `${operation.id} documents no ${code}; it documents ${documented}`,
    )
  }
  if (preference.example !== null || preference.dynamic === false) return answerDocumented(moment, code)
  const role = api.contract?.operations[operation.id]?.role
  const changes = role === 'create' || role === 'cancel'
  if (code >= 200 && code < 300 && (changes || code !== worldStatus(operation, role))) {
    return answerDocumented(moment, code)
  }
  if (code === worldStatus(operation, role)) {
    try {
      const { result } = answerInput(moment, inputOf(moment), null)
      if (result.status === code) return result
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    return answerDocumented(moment, code)
  }
  const refusal = api.vendor?.errors === undefined ? null : refusalOf(code)
  if (refusal === null) return answerDocumented(moment, code)
  const headers = refusal === 'unauthenticated' ? challengeOf(api, operation.security) : {}
  return answerRefusal(new ApiError(refusal, undefined, [], headers), contextOf(moment), code)
}

function answerDocumented(moment: Moment, status: number): Answer {
  const { match, headers } = moment
  const { api, operation } = match.route
  const spec = responseFor(operation, status)
  if (spec === undefined) return { status, headers: {}, body: null }
  const answer = answerFromDocument({ ...contextOf(moment), api, spec, status })
  return withHeaders(answer, vendorHeaders(match.route, { ...headers, status }))
}

/** Error bodies of a real clock are stamped with the epoch, so that equal requests have equal answers. */
function contextOf(moment: Moment): Parameters<typeof answerRefusal>[1] {
  const { call, server, match, preference, validator, turn, headers } = moment
  const epochMs = match.route.api.fixture?.epochMs ?? server.epochMs
  return {
    route: match.route,
    path: call.path,
    atMs: turn.sandbox.clock.mode === 'real' ? epochMs : turn.nowMs,
    key: `${match.route.operation.id} ${JSON.stringify(match.path)}`,
    seed: turn.sandbox.seed,
    words: server.words,
    preference,
    validator,
    headers,
  }
}

function applied(answer: Answer, preference: Preference, outcome: Outcome | null): Answer {
  const granted = outcome?.honoured?.flatMap((wish) => preference.wishes[wish] ?? []) ?? []
  const all = [...preference.applied, ...granted]
  return all.length === 0 ? answer : withHeaders(answer, { 'Preference-Applied': all.join(', ') })
}
