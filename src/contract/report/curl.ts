/**
 * An exchange as a command that repeats it. Secrets are masked already; they must be filled in again.
 *
 * @module
 */
import type { Exchange } from '../exchange.ts'

/** A `curl` command, quoted for a POSIX shell. */
export function curlOf({ request }: Exchange): string {
  const { method, url, headers, body } = request
  const parts = ['curl -sS', ...methodIn(method, body), quote(url)]
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body !== null) parts.push(`--data-raw ${quote(body)}`)
  return parts.join(' ')
}

/** After `-X HEAD` curl waits for a body that never comes. */
function methodIn(method: string, body: string | null): readonly string[] {
  if (method === 'HEAD' && body === null) return ['--head']
  return method === 'GET' && body === null ? [] : [`-X ${method}`]
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
