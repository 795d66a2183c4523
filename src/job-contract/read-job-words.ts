/**
 * Reads what a job contract says of a job beyond its id and its state, with every default filled in.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt, textOrNull } from '../model/json.ts'
import type {
  ConfidenceContract,
  ErrorContract,
  JobWords,
  ProgressContract,
  TimesContract,
  Transitions,
} from './job-words.ts'
import { USUAL_TRANSITIONS } from './job-words.ts'

/** Reads the words of an operation from its part of the contract. */
export function readJobWords(data: Json): JobWords {
  return {
    times: optional(data, 'times', toTimes),
    progress: optional(data, 'progress', toProgress),
    error: optional(data, 'error', toError),
    links: objectAt(data, 'links') as Record<string, string>,
    volatile: listAt(data, 'volatile') as readonly string[],
    confidences: listAt(data, 'confidences').map(toConfidence),
  }
}

/** The transitions of a contract: what it says of a state replaces what is usual for that state. */
export function readTransitions(data: Json): Transitions {
  return { ...USUAL_TRANSITIONS, ...(objectAt(data, 'transitions') as Partial<Transitions>) }
}

function optional<Value>(data: Json, name: string, to: (value: JsonObject) => Value): Value | null {
  const value = memberOf(data, name)
  return isObject(value) ? to(value) : null
}

function toTimes(data: JsonObject): TimesContract {
  return {
    created: textOrNull(data, 'created'),
    started: textOrNull(data, 'started'),
    updated: textOrNull(data, 'updated'),
    ended: textOrNull(data, 'ended'),
  }
}

function toProgress(data: JsonObject): ProgressContract {
  return {
    total: textOrNull(data, 'total'),
    done: textOrNull(data, 'done'),
    failed: textOrNull(data, 'failed'),
    percent: textOrNull(data, 'percent'),
    whole: numberOrNull(data, 'whole') ?? 100,
  }
}

function toError(data: JsonObject): ErrorContract {
  return { at: textAt(data, 'at'), code: textOrNull(data, 'code'), message: textOrNull(data, 'message') }
}

function toConfidence(data: Json): ConfidenceContract {
  return {
    each: textOrNull(data, 'each'),
    confidence: textAt(data, 'confidence'),
    value: textOrNull(data, 'value'),
    flagged: textOrNull(data, 'flagged'),
    threshold: numberOrNull(data, 'threshold'),
    overall: textOrNull(data, 'overall'),
  }
}

function numberOrNull(data: Json, name: string): number | null {
  const value = memberOf(data, name)
  return typeof value === 'number' ? value : null
}
