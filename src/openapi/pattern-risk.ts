/**
 * Which patterns can make a backtracking engine try exponentially many ways. Better one too many than one too
 * few: those found are only run by another engine.
 *
 * @module
 */
import type { PatternPart } from './pattern-tree.ts'

/** Characters that stand for all others of their kind. */
const SAMPLES: readonly string[] = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\u00a0é߀٣Ωж中😀\u2028\ufeff',
]

/** Can it? */
export function canExplode(part: PatternPart, unicode: boolean): boolean {
  switch (part.kind) {
    case 'repeat':
      return (part.max > 1 && isAmbiguous(part.part, unicode)) || canExplode(part.part, unicode)
    case 'sequence':
      return part.parts.some((each) => canExplode(each, unicode))
    case 'choice':
      return part.options.some((each) => canExplode(each, unicode))
    case 'look':
      return part.part !== null && canExplode(part.part, unicode)
    default:
      return false
  }
}

/** Could a pattern that was not understood? A repetition of a group that holds another is enough. */
export function mayExplode(source: string): boolean {
  return /\)(?:[*+]|\{\d+,)/.test(source) && /[*+}?].*\)(?:[*+]|\{\d+,)|\|.*\)(?:[*+]|\{\d+,)/.test(source)
}

/** Has it two repetitions without end, so that long texts can take quadratic time? */
export function isSlow(part: PatternPart): boolean {
  return countEndless(part) > 1
}

function countEndless(part: PatternPart): number {
  if (part.kind === 'repeat') return countEndless(part.part) + (part.max > 100 ? 1 : 0)
  const parts = part.kind === 'sequence' ? part.parts : part.kind === 'choice' ? part.options : []
  return parts.reduce((sum, each) => sum + countEndless(each), 0)
}

/** Can what is repeated take one text in more than one way? */
function isAmbiguous(body: PatternPart, unicode: boolean): boolean {
  const parts = body.kind === 'sequence' ? body.parts : [body]
  const free = parts.filter((part) => part.kind !== 'place' && !isFixed(part))
  if (free.length === 0) return false
  const [only] = free
  if (free.length > 1 || only === undefined) return true
  if (only.kind === 'choice') return parts.length > 1 || !isSplit(only.options, unicode)
  if (only.kind !== 'repeat' || only.part.kind !== 'character') return true
  // One repetition is told apart by a character that always stands beside it and is none of its own.
  const inner = samplesOf(only.part.source, unicode)
  return !parts.some(
    (part) => part.kind === 'character' && isDisjoint(samplesOf(part.source, unicode), inner),
  )
}

/** Does it take the same number of characters whatever they are, each in one way? */
function isFixed(part: PatternPart): boolean {
  if (part.kind === 'character') return true
  if (part.kind === 'sequence') return part.parts.every((each) => each.kind === 'place' || isFixed(each))
  return part.kind === 'repeat' && part.min === part.max && isFixed(part.part)
}

/** Do the options begin with characters of which none can begin two of them? */
function isSplit(options: readonly PatternPart[], unicode: boolean): boolean {
  const starts = options.map((option) => {
    const [first] = option.kind === 'sequence' ? option.parts : [option]
    return isFixed(option) && first?.kind === 'character' ? samplesOf(first.source, unicode) : null
  })
  return starts.every((start, at) =>
    starts.every(
      (other, position) => start !== null && other !== null && (at === position || isDisjoint(start, other)),
    ),
  )
}

function samplesOf(source: string, unicode: boolean): ReadonlySet<string> {
  const expression = new RegExp(`^(?:${source})$`, unicode ? 'u' : '')
  return new Set(SAMPLES.filter((sample) => expression.test(sample)))
}

function isDisjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  // What takes no sample takes something that none of them stands for.
  if (a.size === 0 && b.size === 0) return false
  return ![...a].some((each) => b.has(each))
}
