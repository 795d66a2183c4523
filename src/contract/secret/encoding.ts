/**
 * Secrets in disguise: patterns that find a secret plain, in a URL, in JSON, in HTML, as hex and inside
 * base64, with every character in whichever of these ways it was written.
 *
 * @module
 */

/** Shorter values are words that stand in many texts. */
export const SHORTEST_SECRET = 4
/** A piece of base64 that is shorter is found by chance. */
const SHORTEST_PIECE = 5

/** Longer secrets are found piece by piece. */
const PIECE_LENGTH = 120

/** What is looked for of a secret; nothing where it is too short to be told from other text. */
export function piecesOf(secret: string): readonly string[] {
  const chars = [...secret.trim()]
  if (chars.length < SHORTEST_SECRET) return []
  const size = Math.ceil(chars.length / Math.ceil(chars.length / PIECE_LENGTH))
  return Array.from({ length: Math.ceil(chars.length / size) }, (_, at) =>
    chars.slice(at * size, (at + 1) * size).join(''),
  )
}

/** The pattern of a piece, wherever and however it stands. */
export function patternOf(piece: string): RegExp {
  const spellings = [piece, ...misread(piece)]
  const forms = spellings.flatMap((each) => [plain(each), ...bytesOf(each).flatMap(encodings)])
  const whole = new Set(forms.map(({ lead, units, tail }) => lead + units.join('') + tail))
  return new RegExp([...whole, ...forms.flatMap(begunPattern)].join('|'), 'gu')
}

/** A secret as it is written in one way: a pattern for each of its characters, and for what is around. */
interface Form {
  readonly lead: string
  readonly units: readonly string[]
  readonly tail: string
}

/** What was shown of a secret when the text around it was cut. */
function begunPattern({ lead, units }: Form): readonly string[] {
  if (units.length <= SHORTEST_SECRET) return []
  const rest = units.slice(SHORTEST_SECRET)
  const optional = rest.map((unit) => `(?:${unit}`).join('') + ')?'.repeat(rest.length)
  const half = '(?:%[0-9a-fA-F]?|\\\\{1,4}u?[0-9a-fA-F]{0,3}|&[#a-z0-9]{0,5})?'
  return [`${lead}${units.slice(0, SHORTEST_SECRET).join('')}${optional}${half}(?=…)`]
}

/** Header values are bytes: a text beyond ASCII comes back as one character for each of its bytes. */
function misread(text: string): readonly string[] {
  return /^[ -~]*$/.test(text) ? [] : [String.fromCharCode(...new TextEncoder().encode(text))]
}

/** The bytes of a text in UTF-8, and in Latin-1 where it has them. */
function bytesOf(text: string): readonly Uint8Array[] {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0)
  const utf8 = new TextEncoder().encode(text)
  const isAscii = codes.every((code) => code < 0x80)
  return isAscii || codes.some((code) => code > 0xff) ? [utf8] : [utf8, Uint8Array.from(codes)]
}

/** Each character as itself, percent-encoded, escaped for JSON once or twice, or as an HTML entity. */
function plain(text: string): Form {
  return { lead: '', units: [...text].map(charPattern), tail: '' }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
  '"': '"',
  '\\': '\\\\',
  '/': '/',
  "'": "'",
}
const ENTITIES: Readonly<Record<string, string>> = {
  '"': 'quot',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  "'": 'apos',
}

function charPattern(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at))
  const wellFormed = !/\p{Cs}/u.test(char)
  const percent = wellFormed ? [[...new TextEncoder().encode(char)].map(percentPattern).join('')] : []
  const latin = code >= 0x80 && code <= 0xff ? [percentPattern(code)] : []
  const short = ESCAPES[char]
  const entity = ENTITIES[char]
  const ways = [
    literal(char),
    ...percent,
    ...latin,
    ...(char === ' ' ? ['\\+'] : []),
    `\\\\{1,4}u${units.map((unit) => anyCase(unit.toString(16).padStart(4, '0'))).join('\\\\{1,4}u')}`,
    ...(short === undefined ? [] : [`\\\\{1,4}${short}`]),
    ...(entity === undefined ? [] : [`&${entity};`]),
    `&#0*${code};`,
    `&#[xX]0*${anyCase(code.toString(16))};`,
  ]
  return `(?:${ways.join('|')})`
}

/** `%2f` and `%2F`, and what became of them where they were encoded again. */
function percentPattern(byte: number): string {
  return `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Bytes as hex, and the pieces that are the same in every base64 text which holds them. */
function encodings(bytes: Uint8Array): readonly Form[] {
  const hex = [...bytes].map((byte) => anyCase(byte.toString(16).padStart(2, '0')))
  return [{ lead: '', units: hex, tail: '' }, ...[0, 1, 2].flatMap((before) => base64Piece(bytes, before))]
}

/** The digits of base64 that are made of bytes alone, behind so many others, and whether more are. */
export function digitsOf(
  bytes: Uint8Array,
  before: number,
): { readonly piece: string; readonly more: boolean } {
  const all = new Uint8Array(before + bytes.length)
  all.set(bytes, before)
  const digits = btoa(String.fromCharCode(...all)).replace(/=+$/, '')
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor((all.length * 8) / 6)
  return { piece: digits.slice(first, last), more: last < digits.length }
}

/** Before the bytes stand so many others; digits that are made of those too are any digits. */
function base64Piece(bytes: Uint8Array, before: number): readonly Form[] {
  const { piece, more } = digitsOf(bytes, before)
  if (piece.length < SHORTEST_PIECE) return []
  const edge = '(?:[A-Za-z0-9_-]|\\+)?'
  return [
    {
      lead: before === 0 ? '' : edge,
      units: [...piece].map(digitPattern),
      tail: more ? edge : '',
    },
  ]
}

/** A digit of base64, of its form for URLs, and of either in a URL or in JSON. */
function digitPattern(digit: string): string {
  if (digit === '+') return '(?:\\+|-|%2[bB]|\\\\u002[bB])'
  if (digit === '/') return '(?:\\\\?\\/|_|%2[fF]|\\\\u002[fF])'
  return digit
}
