/**
 * Laws: what must hold inside one answer, each a sentence and one declarative kind, or an expression where
 * none of these can say it.
 *
 * @module
 */
import type { Json } from '../model/json.ts'

/**
 * What a law compares: a pointer into the answer (it starts with `/`; `*` stands for every item),
 * a literal, or something computed from operands.
 */
export type Operand = string | number | boolean | null | Computed

/** A computed operand. */
export type Computed =
  /** How many places: all, or those whose value is one of `are`, none of `not`, a text `like` a pattern. */
  | ({ readonly count: string } & Choice)
  /** The names of an object's members, chosen by their values; behind a prefix, where one is given. */
  | ({ readonly names: string; readonly prefix?: string } & Choice)
  /** The values that a pointer leads to, chosen. */
  | ({ readonly values: string } & Choice)
  /** The mean of the values that are not null, each by its weight; missing where there is none. */
  | { readonly mean: string; readonly weights?: string }
  /** The middle of the values that are not null, or the mean of its two; missing where there is none. */
  | { readonly median: string }
  | { readonly sum: readonly Operand[] }
  | { readonly product: readonly Operand[] }
  /** The first divided by the second; 0 when the second is 0. */
  | { readonly ratio: readonly [Operand, Operand] }
  /** An operand rounded to so many decimals. */
  | { readonly round: readonly [Operand, number] }

/** Which values count. */
export interface Choice {
  readonly are?: readonly Json[]
  readonly not?: readonly Json[]
  readonly like?: string
}

/** A law of one API. */
export type Law = LawBase &
  (
    | { readonly equals: readonly [Operand, Operand]; readonly tolerance?: number }
    /** Both hold or neither: false, null, 0, an empty text and an empty list do not hold. */
    | { readonly iff: readonly [Operand, Operand] }
    /** Every value of the operand lies between the bounds, both included; a bound that is null is none. */
    | { readonly within: { readonly value: Operand; readonly from?: Operand; readonly to?: Operand } }
    /** The values at the pointer never fall; `strictly`: they rise. */
    | { readonly ordered: { readonly values: string; readonly strictly?: boolean } }
    /** Every value of the first is among those of the second. */
    | { readonly subset: readonly [Operand, Operand] }
    /** No two values at the pointer are equal. */
    | { readonly unique: string }
    /** Every value at the pointer matches; `{/pointer}` in the pattern stands for that value, quoted. */
    | { readonly matches: { readonly value: string; readonly pattern: string } }
    /** What no other kind can say: true or nothing where it holds, else false or texts that say why. */
    | { readonly jsonata: string }
  )

/** What every law has. */
export interface LawBase {
  /** The law in one sentence: it is the finding's message. */
  readonly law: string
  /** The operations whose successful answers it binds, and with them the items of lists that repeat these. */
  readonly on: readonly string[]
  /**
   * It binds every value at this pointer, and its other pointers start there instead of at the answer.
   * Where that is the list of rows, it binds whole rows only: not those of a request that selects members.
   */
  readonly each?: string
  /** It binds only where each pointer leads to something, and to nothing but its values or what is chosen. */
  readonly when?: Readonly<Record<string, readonly Json[] | Choice>>
}

/** The names of the kinds of laws. */
export const LAW_KINDS = [
  'equals',
  'iff',
  'within',
  'ordered',
  'subset',
  'unique',
  'matches',
  'jsonata',
] as const
