/**
 * Which operation a request belongs to that the judge did not plan itself: recorded, or passing by.
 *
 * @module
 */
import { basesFor } from '../openapi/document.ts'
import type { Operation } from '../openapi/operation.ts'
import type { SentRequest } from './exchange.ts'
import { pathOf } from './exchange.ts'
import type { Subject } from './subject.ts'
import { matchTemplate } from './view.ts'

/** A request as far as it says where it goes. */
type Asked = Pick<SentRequest, 'method' | 'url'>

/** Finds the operation of a request; null where none matches. */
export type Match = (request: Asked) => Operation | null

/**
 * Looks for operations where their paths stand behind one of these bases.
 *
 * @param bases - Paths, or URLs with an origin that must be the request's; where there is none, the paths of
 * the document's servers count, at whatever origin.
 */
export function createMatch({ document }: Subject, bases: readonly string[]): Match {
  const known = bases.length === 0 ? [...document.basePaths, ''] : bases
  const plain = [...new Set(known.map((base) => base.replace(/\/+$/, '')))]
  const prefixes = new Map<string, Prefix>()
  for (const operation of document.operations) {
    for (const base of new Set(plain.flatMap((each) => basesFor(document, operation, each)))) {
      const prefix = prefixes.get(base) ?? { ...readBase(base), byLength: new Map<string, Operation[]>() }
      const key = `${operation.method} ${operation.path.split('/').length}`
      prefix.byLength.set(key, [...(prefix.byLength.get(key) ?? []), operation])
      prefixes.set(base, prefix)
    }
  }

  return ({ method, url }) => {
    const path = pathOf(url)
    const origin = originOf(url)
    const methods = method === 'HEAD' ? ['HEAD', 'GET'] : [method]
    const found = [...prefixes.values()].flatMap((base) => {
      if (!path.startsWith(base.path) || (base.origin !== null && base.origin !== origin)) return []
      const rest = path.slice(base.path.length)
      const length = rest.split('/').length
      const candidates = methods.flatMap((each) => base.byLength.get(`${each} ${length}`) ?? [])
      return candidates.filter((operation) => matchTemplate(operation.path, rest) !== null)
    })
    return [...found].sort((a, b) => braces(a) - braces(b))[0] ?? null
  }
}

/** Of several the one whose path says most. */
function braces({ path }: Operation): number {
  return path.split('{').length
}

/** What may stand before paths, and the operations behind it by method and number of segments. */
interface Prefix extends Base {
  readonly byLength: Map<string, Operation[]>
}

interface Base {
  readonly origin: string | null
  readonly path: string
}

function readBase(base: string): Base {
  return { origin: originOf(base), path: pathOf(base) }
}

function originOf(url: string): string | null {
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url).origin : null
}

/** Where requests went that belong to no operation: host and path, ids left out, the most frequent first. */
export function placesOf(
  requests: readonly Asked[],
): readonly { readonly place: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const { method, url } of requests) {
    const host = originOf(url) === null ? '' : new URL(url).host
    const place = `${method} ${host}${pathOf(url).slice(0, 200)}`
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  const places = [...counts].map(([place, count]) => ({ place, count }))
  return places.sort((a, b) => b.count - a.count || (a.place < b.place ? -1 : 1))
}
