/**
 * Pages that nobody planned, among exchanges that were recorded or pass by: put to those of the same query,
 * in bounded memory. Which of them follow each other is told by `found-walk.ts` and `found-list.ts`.
 *
 * @module
 */
import { NAMES, snake } from '../job-contract/infer/words.ts'
import type { Json } from '../model/json.ts'
import type { Evidence } from './evidence.ts'
import type { Way } from './invariant/walk.ts'
import { hasEnded, statesOf } from './job/sight.ts'
import { credentialNames } from './plan/aim.ts'
import type { Judge } from './subject.ts'
import type { View } from './view.ts'

/** Pages that belong to one query, as they are met. */
export interface FoundPages {
  /** Puts a page to those of its query, which it names; null where the view is no page that counts. */
  add(view: View): string | null
  /** What the pages of a query say together. */
  judge(key: string): readonly Evidence[]
  /** Every query that pages were met of. */
  keys(): readonly string[]
}

/** Above these the oldest are forgotten, so that hours of traffic are judged in the memory of minutes. */
const MOST_PAGES = 100
const MOST_QUERIES = 300

/** Pages by query and by where they begin; one that is met again takes the place of the older. */
export interface PageGroups<Page> {
  put(key: string, position: string, page: Page): void
  pagesOf(key: string): readonly Page[]
  keys(): readonly string[]
}

/** Opens empty groups. */
export function createPageGroups<Page>(): PageGroups<Page> {
  const groups = new Map<string, Map<string, Page>>()
  return {
    put(key, position, page) {
      const group = groups.get(key) ?? new Map<string, Page>()
      remember(groups, key, group, MOST_QUERIES)
      remember(group, position, page, MOST_PAGES)
    },
    pagesOf: (key) => [...(groups.get(key)?.values() ?? [])],
    keys: () => [...groups.keys()],
  }
}

/** Sets a value as the newest, and forgets the oldest of more than so many. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

const SANDBOX = 'standin-sandbox'

/** Headers that say on whose behalf a request is made, though no document calls them credentials. */
const ON_BEHALF = new RegExp(
  '(?:^|[-_])(?:tenant|org|organi[sz]ation|account|workspace|project|customer|team|subscription|namespace|' +
    'user|realm|auth|authorization|authentication|impersonate|behalf[-_]of|api[-_]?key|' +
    '(?:access|auth|id|session)[-_]?token)(?:[-_]?(?:id|name|key|slug|uuid))?$',
)

/** Who asks, by the credentials, the tenant and the sandbox that a request names. */
export function askerOf({ subject }: Judge, { exchange }: View): string {
  const names = credentialNames(subject)
  const own = Object.entries(exchange.request.headers).filter(
    ([name]) => names.has(name) || name === SANDBOX || ON_BEHALF.test(name),
  )
  return JSON.stringify(own.sort())
}

/** What a query asks for, apart from the parameters that say where its page begins. */
export function queryKey({ view, positions }: { view: View; positions: readonly (string | null)[] }): string {
  const own = new Set(positions)
  const rest = [...view.query].filter(([name]) => !own.has(name))
  const where = view.exchange.request.url.replace(/[?#].*$/s, '')
  return `${view.operation.id} ${where} ${JSON.stringify(rest.sort())}`
}

/** How a page is told from those beside it, the surest first. */
export const WAYS: readonly Way[] = ['token', 'after', 'offset', 'page', 'before']
const WAY_NAMES: ReadonlySet<string> = new Set(WAYS.flatMap((way) => NAMES[way]))

/** Does a request say in a way that the job contract does not know where its page begins? */
export function asksElsewhere({ query }: View, known: readonly (string | null)[]): boolean {
  return [...query.keys()].some((name) => WAY_NAMES.has(snake(name)) && !known.includes(name))
}

/** Does a vendor's word say that a job has not ended? Null where it is not known. */
export function isMovingWord({ subject }: Judge, word: Json | undefined): boolean | null {
  const states = statesOf(subject, word)
  return states.length === 0 ? null : !hasEnded(states)
}
