/**
 * What an answer says anew at each reading, by its names and formats: links, which may be signed for a while,
 * and what tells of the time that is left.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Decide } from './decision.ts'
import type { Part } from './role.ts'
import type { Member } from './shape.ts'
import { admits, itemsOf, keywordOf, membersAt } from './shape.ts'
import { snake } from './words.ts'

const LINK = /(?:^|_)(?:url|urls|uri|uris|href|link|signature|signed)(?:_|$)/
const LEFT = /^expir(?:es|y|ation)|(?:^|_)(?:ttl|remaining|age|eta|now|server_time)$/
const FORMATS: readonly unknown[] = ['uri', 'url', 'uri-reference', 'iri']

const MOST_DEPTH = 3
const MOST = 50

/** Decides which members may differ though the job stands still. */
export function decideVolatile(
  json: JsonObject,
  { members }: Part,
  path: readonly string[],
  decide: Decide,
): void {
  const found = volatileIn(json, members, 0).slice(0, MOST)
  const [first] = found
  if (first === undefined) return
  const why = `\`${first.name}\` may be told anew at each reading, by its name or format`
  const places = found.map(({ at }) => at)
  decide([...path, 'volatile'], [...new Set(places)], 'likely', why, first.pointer)
}

function volatileIn(json: JsonObject, members: readonly Member[], depth: number): readonly Member[] {
  return members.flatMap((member) => {
    if (isVolatile(json, member)) return [member]
    if (depth >= MOST_DEPTH) return []
    const items = admits('array')(member) ? itemsOf(json, member.pointer) : null
    const inner =
      items === null
        ? membersAt(json, member.pointer, member.at)
        : membersAt(json, items, pointerTo(member.at, '*'))
    return volatileIn(json, inner, depth + 1)
  })
}

function isVolatile(json: JsonObject, { name, pointer }: Member): boolean {
  const word = snake(name)
  if (LEFT.test(word) || LINK.test(word)) return true
  return FORMATS.includes(keywordOf(json, pointer, 'format'))
}
