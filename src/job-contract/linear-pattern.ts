/**
 * Regular expressions that take time in proportion to the text, whatever the pattern: no look-around and no
 * back references. They stand where the library of expressions would make JavaScript's own.
 *
 * @module
 */
import { RE2JS } from 're2js'

/** What the library asks of a pattern. */
interface LinearPattern {
  lastIndex: number
  exec(text: string): RegExpExecArray | null
}

/** Compiles a pattern; called with `new`, as the library calls what makes patterns. */
export const createLinearPattern: new (pattern: RegExp) => LinearPattern = class implements LinearPattern {
  lastIndex = 0
  readonly #pattern: RE2JS

  constructor({ source, flags }: RegExp) {
    const lines = flags.includes('m') ? RE2JS.MULTILINE : 0
    const cases = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0
    try {
      this.#pattern = RE2JS.compile(RE2JS.translateRegExp(source), lines | cases)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`has the pattern /${source}/, which cannot be matched in linear time: ${why}`)
    }
  }

  exec(text: string): RegExpExecArray | null {
    const matcher = this.#pattern.matcher(text)
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0
      return null
    }
    this.lastIndex = matcher.end()
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? undefined)
    return Object.assign(groups as string[], { index: matcher.start(), input: text }) as RegExpExecArray
  }
}
