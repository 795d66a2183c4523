/**
 * A target with a fault planted between it and whoever asks.
 *
 * @module
 */
import type { Target } from '../../src/contract/target.ts'
import type { Body, Fault } from './fault.ts'

/** The target with a fault in its JSON answers; what the control API answers stays as it is. */
export function plantBetween(target: Target, plant: Fault['plant']): Target {
  return async (request) => {
    const response = await target(request.clone())
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    const { status, headers } = response
    if (text === '' || request.url.includes('/_standin/') || !type.includes('json')) {
      return new Response([204, 304].includes(status) ? null : text, { status, headers })
    }
    const planted = plant({ request, status, headers, body: JSON.parse(text) as Body })
    const changed = new Headers(headers)
    if (planted?.body !== undefined || planted?.type !== undefined) changed.delete('etag')
    if (planted?.type !== undefined) changed.set('content-type', planted.type)
    const body = planted?.body === undefined ? text : JSON.stringify(planted.body)
    return new Response(body, { status: planted?.status ?? status, headers: changed })
  }
}
