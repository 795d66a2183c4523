/**
 * An exchange as a command that repeats it. Secrets are masked already; they must be filled in again.
 *
 * @module
 */
import type { Exchange } from '../exchange.ts'

/** A `curl` command, quoted for a POSIX shell. */
export function curlOf({ request }: Exchange): string {
  const { method, url, headers, body } = request
  const parts = ['curl -sS', ...(method === 'GET' ? [] : [`-X ${method}`]), quote(url)]
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body !== null) parts.push(`--data-raw ${quote(body)}`)
  return parts.join(' ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
