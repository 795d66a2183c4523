/**
 * Requests to a standin on another origin, and its refusals in words. Knows no API; every vendor's error body
 * is read by the members it has.
 *
 * @module
 */

/** An answer that is no success, or none at all. */
export class RequestFailure extends Error {
  name = 'RequestFailure'

  constructor(title, reasons, body = null) {
    super(title)
    this.reasons = reasons
    this.body = body
  }
}

/**
 * Sends a request and reads its JSON. Credentials and a JSON body make browsers ask first (a CORS preflight);
 * standin answers that.
 */
export async function send(url, { method = 'GET', headers = {}, json, signal } = {}) {
  const withBody = json === undefined ? {} : { body: JSON.stringify(json) }
  const withType = json === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    signal,
    headers: { ...headers, ...withType },
    ...withBody,
  }).catch((error) => {
    if (error.name === 'AbortError') throw error
    throw new RequestFailure('No answer', [`${url} could not be reached. Is standin running there?`])
  })
  const text = await response.text()
  signal?.throwIfAborted()
  const body = readJson(text)
  if (!response.ok || body === undefined) {
    throw new RequestFailure(
      `${response.status} ${response.statusText}`.trim(),
      reasonsOf(body),
      body ?? text,
    )
  }
  return body
}

function readJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Says in the body's own words what is wrong. */
function reasonsOf(body) {
  if (body === undefined || body === null) return ['The answer is not JSON.']
  const { detail, message, title } = body
  if (Array.isArray(detail)) return detail.map(({ loc, msg }) => `${loc.join(' › ')}: ${msg}`)
  return [message ?? detail ?? title ?? 'The answer says no more.']
}
