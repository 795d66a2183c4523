/**
 * `id_echo`: a successful answer repeats the ids that it was asked by, where the job contract says so.
 *
 * @module
 */
import { isScalar } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import { schemaPlace } from '../schema-place.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'

/** Reports ids in an answer that are not those of the request. */
export function checkIdEcho(view: View): readonly Finding[] | null {
  const echoes = echoesOf(view)
  const { body, path, media } = view
  if (echoes.length === 0 || !isSuccess(view) || body === undefined) return null
  return echoes.flatMap(([at, name]) => {
    const sent = path[name] ?? view.query.get(name)?.at(-1)
    const answered = readPointer(body, at)
    if (sent === undefined || answered === undefined) return []
    if (isScalar(answered) && isSameId(String(answered), sent)) return []
    // What a path may say instead of an id, nobody wrote down.
    if (view.judge.subject.inferred === true && ALIAS.test(sent)) return []
    const schema = media?.schema ?? null
    const json = view.judge.subject.document.json
    return [
      remarkOn(view, {
        check: 'id_echo',
        message: `${at} must repeat the ${name} of the request, ${show(sent)}, is ${show(answered)}`,
        at,
        ...(schema === null ? {} : { pointer: schemaPlace(json, schema, at) }),
      }),
    ]
  })
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const ALIAS = /^(?:latest|last|newest|current|active|default|me|self)$/i

/** A UUID is the same in capitals (RFC 9562, 4). */
function isSameId(answered: string, sent: string): boolean {
  return answered === sent || (UUID.test(sent) && answered.toLowerCase() === sent.toLowerCase())
}

/** The declared echoes, and the job's own id where the path names the job. */
function echoesOf({ contract }: View): readonly (readonly [string, string])[] {
  if (contract === null) return []
  const { id, job, echoes } = contract
  const own: [string, string][] = id === null || job === null ? [] : [[id, job]]
  return [...new Map([...own, ...Object.entries(echoes)])]
}
