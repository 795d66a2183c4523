/**
 * The URL of a service, as flags give it.
 *
 * @module
 */
import { UsageError } from '../model/usage-error.ts'

/**
 * Reads what the document's paths follow. What is wrong is told without the URL where it may hold a password.
 *
 * @throws {@link UsageError} when it is no http or https URL, or holds what no base of paths can.
 */
export function readTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const shown = text.includes('@') ? '' : `, not \`${text}\``
    throw new UsageError(`--target must be an http or https URL${shown}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('--target must be a URL without credentials: give them as --header')
  }
  if (/[?#]/.test(text)) {
    throw new UsageError('--target must be a URL without a query or a fragment: a query is given as --query')
  }
  return url
}
