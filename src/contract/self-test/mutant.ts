/**
 * Mutants: small faults, each made for one check, that are planted in the answers of a target on their way to
 * the judge. They follow from the document and the job contract, so every API has its own.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { pointerTo, segmentsOf } from '../../model/pointer.ts'
import type { Exchange, ReceivedResponse } from '../exchange.ts'
import type { CheckName } from '../finding.ts'
import type { View } from '../view.ts'

/** What becomes of an answer; what is left out stays as it is. */
export interface Spoilt {
  readonly status?: number
  /** By lower-case name; null takes a header away. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: Json
  /** The body as it is sent, in place of `body`. */
  readonly text?: string
}

/** What a fault may look at beside the answer that it is planted in. */
export interface Scene {
  /** The last answer of an operation in the 2xx family, before anything was planted. */
  readonly success: (operationId: string) => ReceivedResponse | null
  /** The last answer of an operation in the 4xx family, before anything was planted. */
  readonly refusal: (operationId: string) => ReceivedResponse | null
}

/** Plants a fault in an answer; null leaves it as it is. */
export type Spoil = (view: View, scene: Scene) => Spoilt | null

/** A fault that one check is there to find. */
export interface Mutant {
  readonly check: CheckName
  /** What is wrong, in a few words. */
  readonly name: string
  /** Begins a run: faults that follow one another may remember what they did. */
  readonly begin: () => Spoil
  /** Plants the fault in answers to requests of no operation instead. */
  readonly stray?: (exchange: Exchange) => Spoilt | null
}

/** A mutant that remembers nothing. */
export function mutant(check: CheckName, name: string, spoil: Spoil): Mutant {
  return { check, name, begin: () => spoil }
}

/** A copy of a value in which the place that a pointer leads to was changed; undefined takes it away. */
export function changeAt(value: Json, pointer: string, change: (old: Json) => Json | undefined): Json {
  const [first, ...rest] = segmentsOf(pointer)
  if (first === undefined) return change(value) ?? null
  const inner = pointerTo('', ...rest)
  const descend = (old: Json): Json | undefined =>
    rest.length === 0 ? change(old) : changeAt(old, inner, change)
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, at) => {
      const next = String(at) === first ? descend(item) : item
      return next === undefined ? [] : [next]
    })
  }
  if (!isObject(value) || !Object.hasOwn(value, first)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const next = name === first ? descend(member) : member
      return next === undefined ? [] : [[name, next]]
    }),
  )
}

/** Is it an answer of the 2xx family with a JSON body? */
export function isAnswered(view: View): view is View & { readonly body: Json } {
  const { status } = view.exchange.response
  return status >= 200 && status < 300 && view.body !== undefined
}
