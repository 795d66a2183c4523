/**
 * A JSON text read sign by sign for what parsers keep silent about: names that stand twice, numbers that
 * lose digits, halves of surrogate pairs, and where exactly a text stops being JSON. It is slow beside
 * `JSON.parse` and is asked only where something looks amiss; `json-text.ts` decides that.
 *
 * @module
 */
import { pointerTo } from '../model/pointer.ts'
import { cut } from './display.ts'
import { asDouble, isWide, survives } from './json-number.ts'

/** What may be wrong with a JSON text. */
export type JsonDefectKind = 'mark' | 'encoding' | 'syntax' | 'depth' | 'name' | 'number' | 'surrogate'

/** One defect of a JSON text. */
export interface JsonDefect {
  readonly kind: JsonDefectKind
  /** Pointer to the value it belongs to. */
  readonly at: string
  /** How many UTF-16 units stand before it. */
  readonly offset: number
  /** The rest of a sentence that begins with the value. */
  readonly says: string
  /** For a name that stands twice, how many UTF-16 units stand before the first of them. */
  readonly first?: number
}

/** What a scan brought. */
export interface JsonScan {
  /** The first of them, in the order of the text. */
  readonly defects: readonly JsonDefect[]
  /** How many there are, those left out included. */
  readonly count: number
  /** Whole numbers beyond 2^53 as they are written, by pointer. */
  readonly wide: ReadonlyMap<string, string>
}

/** Deeper than this nobody nests on purpose, and readers that keep a stack fall over. */
export const DEPTH_LIMIT = 1000

/** How many defects of one text are kept; the rest is counted. */
const DEFECT_LIMIT = 1000

const SPACE = /[ \t\n\r]+/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const LONE = /\p{Cs}/u
const QUOTE = 34
const BACKSLASH = 92
const BLANK = 32

/** An object or list that is still open. */
interface Frame {
  /** Names seen, with where each stood first; null in a list. */
  readonly names: Map<string, number> | null
  segment: string | number
}

type Expected = 'value' | 'first item' | 'first name' | 'name' | 'end'

/** Ends a scan early; what was wrong is noted before. */
class Stopped extends Error {}

/** Reads a JSON text to its end, or to where it stops being JSON. */
export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text)
  try {
    scanner.run()
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
  return scanner
}

/** Where a scan is, and what it has seen. */
class Scanner implements JsonScan {
  readonly defects: JsonDefect[] = []
  readonly wide: Map<string, string> = new Map()
  count = 0
  readonly #text: string
  readonly #frames: Frame[] = []
  #offset = 0
  #expected: Expected = 'value'

  constructor(text: string) {
    this.#text = text
  }

  run(): void {
    this.#take(SPACE)
    while (this.#offset < this.#text.length || this.#frames.length > 0 || this.#expected !== 'end') {
      this.#step()
      this.#take(SPACE)
    }
  }

  #step(): void {
    const sign = this.#text.charAt(this.#offset)
    if (this.#expected === 'first item' && sign === ']') this.#close()
    else if (this.#expected === 'first name' && sign === '}') this.#close()
    else if (this.#expected === 'end') this.#readEnd(sign)
    else if (this.#expected === 'value' || this.#expected === 'first item') this.#readValue(sign)
    else this.#readName(sign)
  }

  #readValue(sign: string): void {
    const start = this.#offset
    if (sign === '{' || sign === '[') {
      this.#open(sign)
      return
    }
    this.#expected = 'end'
    if (sign === '"') {
      this.#noteSurrogate(start, this.#takeString())
      return
    }
    if (this.#take(WORD) !== '') return
    const literal = this.#take(NUMBER)
    if (literal === '') this.#stop(this.#strange('where a value is expected'))
    if (isWide(literal)) this.wide.set(this.#pointer(), literal)
    if (survives(literal)) return
    this.#note('number', start, `is ${cut(literal)}, which many readers take for ${asDouble(literal)}`)
  }

  #readName(sign: string): void {
    if (sign !== '"') this.#stop(this.#strange('where a member name is expected'))
    const start = this.#offset
    const name = this.#takeString()
    this.#noteName(start, name)
    this.#noteSurrogate(start, name)
    this.#take(SPACE)
    if (this.#text.charAt(this.#offset) !== ':') this.#stop(this.#strange('where a colon is expected'))
    this.#offset += 1
    this.#expected = 'value'
  }

  /** After a value: the next one, the end of what holds it, or the end of the text. */
  #readEnd(sign: string): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) this.#stop(`it goes on after its value with ${this.#sign()}`)
    const bracket = frame.names === null ? ']' : '}'
    if (sign === bracket) {
      this.#close()
      return
    }
    if (sign !== ',') this.#stop(this.#strange(`where a comma or ${bracket} is expected`))
    this.#offset += 1
    if (typeof frame.segment === 'number') frame.segment += 1
    this.#expected = frame.names === null ? 'value' : 'name'
  }

  #open(sign: string): void {
    if (this.#frames.length >= DEPTH_LIMIT) {
      this.#stop(`is nested more than ${DEPTH_LIMIT} levels deep`, 'depth')
    }
    this.#offset += 1
    const list = sign === '['
    this.#frames.push({ names: list ? null : new Map(), segment: list ? 0 : '' })
    this.#expected = list ? 'first item' : 'first name'
  }

  #close(): void {
    this.#offset += 1
    this.#frames.pop()
    this.#expected = 'end'
  }

  #takeString(): string {
    const text = this.#text
    const start = this.#offset
    this.#offset += 1
    for (;;) {
      const code = text.charCodeAt(this.#offset)
      if (code === QUOTE) break
      if (code >= BLANK && code !== BACKSLASH) this.#offset += 1
      else if (code < BLANK) this.#stop(`it has the control character ${codeOf(code)} in a string, unescaped`)
      else if (code !== BACKSLASH) this.#stop('it ends inside a string')
      else if (this.#take(ESCAPE) === '') this.#stop(`it has the unknown escape ${this.#escape()}`)
    }
    this.#offset += 1
    const inner = text.slice(start + 1, this.#offset - 1)
    return inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner
  }

  /** Takes what a sticky pattern matches here; the empty text where it matches nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#offset
    const [found = ''] = pattern.exec(this.#text) ?? []
    this.#offset += found.length
    return found
  }

  /** A name that stood before is a defect of the object; the member that comes is at that name. */
  #noteName(start: number, name: string): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined || frame.names === null) return
    const first = frame.names.get(name)
    if (first === undefined) frame.names.set(name, start)
    else {
      this.#frames.pop()
      this.#note('name', start, `has the member ${cut(JSON.stringify(name))} twice`, { first })
      this.#frames.push(frame)
    }
    frame.segment = name
  }

  #noteSurrogate(start: number, value: string): void {
    const [lone] = LONE.exec(value) ?? []
    if (lone === undefined) return
    this.#note('surrogate', start, `has half of a surrogate pair, ${codeOf(lone.charCodeAt(0))}`)
  }

  #note(kind: JsonDefectKind, offset: number, says: string, more: Pick<JsonDefect, 'first'> = {}): void {
    this.count += 1
    if (this.defects.length >= DEFECT_LIMIT) return
    this.defects.push({ kind, at: this.#pointer(), offset, says, ...more })
  }

  #stop(says: string, kind: JsonDefectKind = 'syntax'): never {
    this.#note(kind, this.#offset, says)
    throw new Stopped()
  }

  #pointer(): string {
    return pointerTo('', ...this.#frames.map(({ segment }) => segment))
  }

  #strange(where: string): string {
    return this.#offset >= this.#text.length ? `it ends ${where}` : `it has ${this.#sign()} ${where}`
  }

  #sign(): string {
    return JSON.stringify(String.fromCodePoint(this.#text.codePointAt(this.#offset) ?? 0))
  }

  #escape(): string {
    return JSON.stringify(this.#text.slice(this.#offset, this.#offset + 2))
  }
}

function codeOf(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** `line 3, column 7`, both from 1. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}
