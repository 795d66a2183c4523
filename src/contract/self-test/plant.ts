/**
 * Plants a mutant between a target and whoever asks.
 *
 * @module
 */
import type { Exchange, ReceivedResponse } from '../exchange.ts'
import { joinHeaders } from '../exchange.ts'
import type { Match } from '../matching.ts'
import type { Judge } from '../subject.ts'
import type { Target } from '../target.ts'
import { createView } from '../view.ts'
import type { Mutant, Scene, Spoilt } from './mutant.ts'

/** A target with a mutant in its answers. */
export interface Planted {
  readonly target: Target
  /** In how many answers the mutant was planted so far. */
  readonly count: () => number
}

/** Statuses whose answers have no body. */
const BODILESS = new Set([101, 103, 204, 205, 304])

/** Puts a mutant between a target and whoever asks; answers that it has no word on stay as they are. */
export function plant(judge: Judge, match: Match, target: Target, mutant: Mutant): Planted {
  const successes = new Map<string, ReceivedResponse>()
  const refusals = new Map<string, ReceivedResponse>()
  const scene: Scene = {
    success: (id) => successes.get(id) ?? null,
    refusal: (id) => refusals.get(id) ?? null,
  }
  const spoil = mutant.begin()
  let count = 0

  function spoilt(exchange: Exchange): Spoilt | null {
    const operation = match(exchange.request)
    if (operation === null) return mutant.stray?.(exchange) ?? null
    const { response } = exchange
    const made = spoil(createView(judge, operation, { ...exchange, operationId: operation.id }), scene)
    if (response.status >= 200 && response.status < 300 && response.body !== '') {
      successes.set(operation.id, response)
    }
    if (response.status >= 400 && response.status < 500) refusals.set(operation.id, response)
    return made
  }

  return {
    count: () => count,
    async target(request) {
      const sent = request.body === null ? null : await request.clone().text()
      const { method, url } = request
      const headers = joinHeaders(request.headers)
      const response = await target(request)
      if (url.includes('/_standin/')) return response
      const received = {
        status: response.status,
        headers: joinHeaders(response.headers),
        body: await response.clone().text(),
      }
      const asked = { method, url, headers, body: sent }
      const change = spoilt({ operationId: null, request: asked, response: received, purpose: '' })
      if (change === null) return response
      count += 1
      return changed(response, received, method, change)
    },
  }
}

/** An entity tag that told of the body as it was would tell of the fault, too. */
function changed(response: Response, received: ReceivedResponse, method: string, change: Spoilt): Response {
  const headers = new Headers(response.headers)
  const status = change.status ?? response.status
  const text = change.text ?? (change.body === undefined ? received.body : JSON.stringify(change.body))
  if (text !== received.body) {
    headers.delete('etag')
    headers.delete('content-length')
  }
  for (const [name, value] of Object.entries(change.headers ?? {})) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  const bodiless = BODILESS.has(status) || method === 'HEAD'
  return new Response(bodiless ? null : text, { status, headers })
}
