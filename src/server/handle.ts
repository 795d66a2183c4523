/**
 * The life of a request, top to bottom. Start reading here.
 *
 *   bounds → route → preference → body and validator → a turn of its sandbox → journal
 *
 * Here is what must be waited for. The turn itself is `decide.ts`, and waits for nothing. Anything that is
 * thrown and is no {@link ApiError} is a bug: it goes up, whole, to the one place that answers 500.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import { parseQuery } from '../openapi/parameter.ts'
import { look } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import { datedBy } from './answer.ts'
import { answerProblem } from './answer-refusal.ts'
import type { Call } from './call.ts'
import { checkBounds } from './call.ts'
import type { Verdict } from './decide.ts'
import { decide } from './decide.ts'
import type { JournalEntry } from './journal.ts'
import type { Preference } from './preference.ts'
import { NO_PREFERENCE, readPreference } from './preference.ts'
import type { Match } from './route.ts'
import type { Server } from './server.ts'

/** Answers a call; throws only what is a bug. */
export async function handle(call: Call, server: Server): Promise<Answer> {
  let match: Match | null = null
  let preference = NO_PREFERENCE
  const given = call.header('standin-request-id')
  try {
    checkBounds(call)
    match = server.router.match(call.method, call.path)
    const { api, operation } = match.route
    const query = parseQuery(call.query)
    preference = readPreference(call.header, query)
    const delay = server.wait(preference.delayMs ?? 0)
    if (delay !== undefined) await delay
    const compiled = server.validatorOf(api)
    const validator = compiled instanceof Promise ? await compiled : compiled
    const body = operation.body === null ? null : await call.readBody().catch(refusalOnly)
    const raw = { path: match.path, query, header: call.header, body }
    const asked = { call, server, match, preference, validator, raw }
    const deciding = server.sandboxes.turn({ name: call.sandbox, seed: preference.seed }, (turn) =>
      decide(asked, turn),
    )
    const verdict: Verdict = deciding instanceof Promise ? await deciding : deciding
    const { answer } = verdict
    server.journal.add(entryOf(call, match, preference, verdict), given)
    const latency = server.pause(answer.trouble?.waitMs ?? 0)
    if (latency !== undefined) await latency
    return answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const answer = await datedBySandbox(answerProblem(error, call.path, server.epochMs), call, server)
    const told = { answer, atMs: null, strike: null, refusal: error }
    const verdict = { ...told, about: null, honoured: [], again: false }
    server.journal.add(entryOf(call, match, preference, verdict), given)
    return answer
  }
}

/** What is refused before its turn is dated by the clock of its sandbox too, where that can be seen. */
async function datedBySandbox(answer: Answer, call: Call, { sandboxes }: Server): Promise<Answer> {
  try {
    return await look(sandboxes, { name: call.sandbox, seed: null }, ({ sandbox, nowMs }) =>
      datedBy(answer, sandbox.clock.mode, nowMs),
    )
  } catch (error) {
    if (error instanceof ApiError) return answer
    throw error
  }
}

/** What the journal keeps: not what hangs on a request, and no body. */
function entryOf(
  { method, path, query, sandbox, prefix, header }: Call,
  match: Match | null,
  preference: Preference,
  { answer, atMs, refusal, strike, about, honoured, again }: Verdict,
): Omit<JournalEntry, 'id'> {
  const call = { method, path, query, sandbox, prefix }
  const { status } = answer
  const prefer = header('prefer')
  return { atMs, call, match, preference, prefer, status, refusal, strike, about, honoured, again }
}

/** A body that cannot be had is refused as the API does, once it is its turn. */
function refusalOnly(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  throw error
}
