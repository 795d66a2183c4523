/**
 * Patterns said to an engine that takes linear time. Its syntax is another one: what differs is written in
 * other words, and what it cannot say is left to the native engine.
 *
 * @module
 */
import { RE2JS } from 're2js'
import type { PatternPart } from './pattern-tree.ts'

const BREAKS = '\\n\\r\\x{2028}\\x{2029}'
const WIDE_SPACES = '\\x{1680}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const SPACES = `\\t${BREAKS}\\x0b\\x0c \\x{a0}${WIDE_SPACES}`
const COUNT_LIMIT = 1000

/** The expression as a test in linear time; null where it cannot be said so. */
export function linearTest(tree: PatternPart): ((text: string) => boolean) | null {
  const source = written(tree)
  if (source === null) return null
  try {
    const expression = RE2JS.compile(source)
    return (text) => expression.test(text)
  } catch {
    return null
  }
}

function written(part: PatternPart): string | null {
  switch (part.kind) {
    case 'look':
      return null
    case 'place':
      return part.source
    case 'character':
      return character(part.source)
    case 'sequence':
      return joined(part.parts, '')
    case 'choice':
      return joined(part.options, '|')
    case 'repeat': {
      const inner = written(part.part)
      if (inner === null || part.min > COUNT_LIMIT || (part.max > COUNT_LIMIT && part.max < Infinity))
        return null
      return `(?:${inner})${part.sign}`
    }
  }
}

function joined(parts: readonly PatternPart[], mark: string): string | null {
  const texts = parts.map(written)
  return texts.includes(null) ? null : `(?:${texts.join(mark)})`
}

function character(source: string): string | null {
  if (source === '.') return `[^${BREAKS}]`
  if (source.startsWith('[')) return characterClass(source)
  if (!source.startsWith('\\')) return /^[{}\]/]$/.test(source) ? `\\${source}` : source
  if (source === '\\s') return `[${SPACES}]`
  if (source === '\\S') return `[^${SPACES}]`
  return escaped(source)
}

/** An escape that means the same inside and outside of classes; null where it cannot be said. */
function escaped(source: string): string | null {
  const code = /^\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))$/.exec(source)
  if (code !== null) {
    const digits = code[1] ?? code[2] ?? code[3] ?? ''
    return /^d[89a-f]/i.test(digits) && digits.length === 4 ? null : `\\x{${digits}}`
  }
  if (/^\\[dDwW]$/.test(source) || /^\\[tnrfv]$/.test(source)) return source === '\\v' ? '\\x0b' : source
  if (source === '\\0') return '\\x00'
  if (/^\\[pP]\{[A-Z][a-z]?\}$/.test(source)) return source
  return /^\\[^A-Za-z0-9\s]$/.test(source) ? source : null
}

const CLASS_PART = /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|[\s\S])|[\s\S]/gu

function characterClass(source: string): string | null {
  const negated = source.startsWith('[^')
  const inner = source.slice(negated ? 2 : 1, -1)
  if (inner === '') return null
  let text = ''
  for (const [part] of inner.matchAll(CLASS_PART)) {
    const said =
      part === '\\s'
        ? SPACES
        : part === '\\b'
          ? '\\x08'
          : part.startsWith('\\')
            ? escaped(part)
            : /^[[^&~]$/.test(part)
              ? `\\${part}`
              : part
    if (said === null) return null
    text += said
  }
  return `[${negated ? '^' : ''}${text}]`
}
