/**
 * Expressions of laws, in JSONata, held to bounds that are counted and never timed: so many steps, so deep,
 * so long, patterns in linear time, and nothing that depends on time or chance. The library is loaded when
 * the first expression is read.
 *
 * @see https://docs.jsonata.org for the language.
 * @module
 */
import type jsonata from 'jsonata'
import type { Json } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Law } from './law.ts'

/** An expression that was read. */
export interface Expression {
  /**
   * What it says of a value; undefined where it says nothing.
   *
   * @throws {@link ExpressionFault} when it runs out of its bounds or cannot work with what it finds.
   */
  evaluate(value: Json, names: Readonly<Record<string, Json>>): Promise<unknown>
}

/** An expression that cannot be read, or not be worked out. */
export class ExpressionFault extends Error {
  override readonly name = 'ExpressionFault'
}

const MOST_CHARACTERS = 4000
const MOST_STEPS = 200_000
const MOST_DEPTH = 500
const MOST_ITEMS = 100_000
const MOST_TEXT = 1_000_000

/** Functions whose results differ from one time to the next, or that read code. */
const REFUSED: ReadonlySet<string> = new Set(['eval', 'millis', 'now', 'random', 'shuffle'])

/**
 * Reads an expression.
 *
 * @throws {@link ExpressionFault} that says what is wrong with it.
 */
export async function readExpression(text: string): Promise<Expression> {
  if (text.length > MOST_CHARACTERS) {
    throw new ExpressionFault(`is longer than ${MOST_CHARACTERS} characters`)
  }
  const [{ default: compile }, { createLinearPattern }] = await Promise.all([
    import('jsonata'),
    import('./linear-pattern.ts'),
  ])
  const options = { RegexEngine: createLinearPattern, stack: MOST_DEPTH, sequence: MOST_ITEMS }
  const read = (): jsonata.Expression => {
    const compiled = compile(text, options as unknown as jsonata.JsonataOptions)
    verifyParts(compiled.ast(), (pattern) => new createLinearPattern(pattern))
    return compiled
  }
  const compiled = attempt(read)
  keepBounds(compiled)
  return {
    evaluate: async (value, names) => {
      try {
        return await compiled.evaluate(value, { ...names })
      } catch (error) {
        throw faultOf(error)
      }
    },
  }
}

function attempt<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw faultOf(error)
  }
}

/** The library throws objects that are no errors, with a code, a message and a position. */
function faultOf(error: unknown): ExpressionFault {
  if (error instanceof ExpressionFault) return error
  if (error instanceof RangeError) return new ExpressionFault('is nested too deeply, or makes too much')
  const { message, code, position } = error as { message?: string; code?: string; position?: number }
  if (code === 'D1011') return new ExpressionFault(`nests more than ${MOST_DEPTH} deep`)
  if (code === 'D2014' || code === 'D2015') return new ExpressionFault(`makes more than ${MOST_ITEMS} items`)
  const where = position === undefined ? '' : ` (character ${position})`
  return new ExpressionFault(`${message ?? String(error)}${where}`)
}

/** Refuses functions that are not deterministic, and compiles every pattern. */
function verifyParts(ast: unknown, compile: (pattern: RegExp) => unknown): void {
  const seen = new Set<unknown>()
  const open: unknown[] = [ast]
  while (open.length > 0) {
    const part = open.pop()
    if (typeof part !== 'object' || part === null || seen.has(part)) continue
    seen.add(part)
    if (part instanceof RegExp) {
      compile(part)
      continue
    }
    const { type, value } = part as { type?: unknown; value?: unknown }
    if (type === 'variable' && typeof value === 'string' && REFUSED.has(value)) {
      throw new ExpressionFault(`$${value} is not deterministic, or reads code: it cannot be used here`)
    }
    open.push(...Object.values(part))
  }
}

interface Frame {
  readonly base: object
}

type Hook = (part: unknown, input: unknown, frame: Frame, result?: unknown) => void

/** Counts the steps of each evaluation by itself, and looks at the size of what each step makes. */
function keepBounds(compiled: jsonata.Expression): void {
  const steps = new WeakMap<object, number>()
  const enter: Hook = (_, __, { base }) => {
    const taken = (steps.get(base) ?? 0) + 1
    steps.set(base, taken)
    if (taken > MOST_STEPS) throw new ExpressionFault(`takes more than ${MOST_STEPS} steps`)
  }
  const leave: Hook = (_, __, ___, result) => {
    if (typeof result === 'string' && result.length > MOST_TEXT) {
      throw new ExpressionFault(`makes a text of more than ${MOST_TEXT} characters`)
    }
    if (Array.isArray(result) && result.length > MOST_ITEMS) {
      throw new ExpressionFault(`makes more than ${MOST_ITEMS} items`)
    }
  }
  const pad = (text: string | undefined, width: number, char = ' '): string | undefined => {
    if (Math.abs(width) > MOST_TEXT) throw new ExpressionFault(`pads to more than ${MOST_TEXT} characters`)
    return width < 0 ? text?.padStart(-width, char) : text?.padEnd(width, char)
  }
  compiled.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, enter)
  compiled.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, leave)
  compiled.registerFunction('pad', pad, '<s-ns?:s>')
}

/**
 * Reads every expression of a contract's laws.
 *
 * @param place - Names the place of a pointer, as `file:line:column`.
 * @throws {@link UsageError} that lists those that cannot be read.
 */
export async function verifyExpressions(
  laws: readonly (Law | Json)[],
  place: (pointer: string) => string,
): Promise<void> {
  const faults: string[] = []
  for (const [position, law] of laws.entries()) {
    const text = isObject(law as Json) ? (law as { readonly jsonata?: unknown }).jsonata : undefined
    if (typeof text !== 'string') continue
    try {
      await readExpression(text)
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error
      faults.push(`${place(pointerTo('/laws', position, 'jsonata'))}: the expression ${error.message}`)
    }
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
}
