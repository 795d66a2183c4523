/**
 * What the servers of a document put before its paths. Hosts are left out: a document says where its API is
 * in production, and it is judged wherever it answers.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { listAt, memberOf, objectAt, textAt } from '../model/json.ts'

/** Variables of many values could make more paths than anyone serves. */
const MAX_PATHS = 32

/**
 * The path prefixes of the `servers` of a document, a path item or an operation, without a trailing slash.
 *
 * @returns An empty list where it names none; those of default values first.
 */
export function serverPaths(owner: Json): readonly string[] {
  const paths = listAt(owner, 'servers').flatMap((server) => {
    const urls = urlsOf(textAt(server, 'url'), objectAt(server, 'variables'))
    return urls.map((url) => url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/\/+$/, ''))
  })
  return [...new Set(paths)].slice(0, MAX_PATHS)
}

/** A URL with each of the values that its variables may have. */
function urlsOf(url: string, variables: Json): readonly string[] {
  const [whole, name = ''] = /\{([^}]*)\}/.exec(url) ?? []
  if (whole === undefined) return [url]
  const variable = memberOf(variables, name) ?? {}
  const values = [textAt(variable, 'default'), ...listAt(variable, 'enum').map(String)]
  const filled = [...new Set(values)].map((value) => url.replace(whole, () => value.replaceAll('{', '%7B')))
  return filled
    .slice(0, MAX_PATHS)
    .flatMap((each) => urlsOf(each, variables))
    .slice(0, MAX_PATHS)
}
