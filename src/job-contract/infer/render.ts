/**
 * A draft as YAML: each decision with its confidence, its line and its reason in a comment above it.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import type { Decision } from './decision.ts'

/** Names the place of a pointer, such as `openapi.yaml:12`. */
export type PlaceName = (pointer: string) => string

/** Renders a draft. */
export function renderDraft(draft: JsonObject, decisions: readonly Decision[], place: PlaceName): string {
  const byPath = new Map(decisions.map((decision) => [JSON.stringify(decision.path), decision]))

  function members(value: JsonObject, path: readonly string[], indent: string): readonly string[] {
    return Object.entries(value).flatMap(([name, member]) => {
      const at = [...path, name]
      const decision = byPath.get(JSON.stringify(at))
      const comment =
        decision === undefined
          ? []
          : [`${indent}# ${decision.confidence}: ${oneLine(decision.why)} (${place(decision.pointer)})`]
      const nested = isObject(member) && Object.keys(member).length > 0 && decision === undefined
      if (!nested) return [...comment, `${indent}${scalar(name)}: ${flow(member)}`]
      return [...comment, `${indent}${scalar(name)}:`, ...members(member, at, `${indent}  `)]
    })
  }

  return `${members(draft, [], '').join('\n')}\n`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

/** JSON is YAML, and short. */
function flow(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(flow).join(', ')}]`
  if (!isObject(value)) return typeof value === 'string' ? scalar(value) : JSON.stringify(value)
  const inner = Object.entries(value).map(([name, member]) => `${scalar(name)}: ${flow(member)}`)
  return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`
}

/** Words that YAML would read as something else than a text. */
const OTHER = /^(true|false|null|yes|no|on|off|y|n|~|[-+.\d].*)$/i

function scalar(text: string): string {
  return /^[A-Za-z_/][\w/.-]*$/.test(text) && !OTHER.test(text) ? text : JSON.stringify(text)
}
