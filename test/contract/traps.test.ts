import { describe, expect, it } from 'vitest'
import { judgeAnswer } from './raw-answer.ts'
import { DIALECT_TRAPS } from './trap/dialect.ts'
import { MEDIA_TYPE_TRAPS } from './trap/media-type.ts'
import { SHAPE_TRAPS } from './trap/shape.ts'
import { STATUS_TRAPS } from './trap/status.ts'
import { TEXT_TRAPS } from './trap/text.ts'
import type { Trap } from './trap/trap.ts'
import { CHECKS } from './trap/trap.ts'
import { VALUE_TRAPS } from './trap/value.ts'

const TRAPS: readonly Trap[] = [
  ...STATUS_TRAPS,
  ...MEDIA_TYPE_TRAPS,
  ...TEXT_TRAPS,
  ...VALUE_TRAPS,
  ...DIALECT_TRAPS,
  ...SHAPE_TRAPS,
]

/** Each answer of each trap in each dialect, with the only check that may speak. */
const CASES = TRAPS.flatMap((trap) =>
  trap.dialects.flatMap((dialect) => [
    ...(trap.right ?? []).map((answer) => ({ trap, dialect, answer, speaks: [] as string[] })),
    ...(trap.wrong ?? []).map(([check, answer]) => ({
      trap,
      dialect,
      answer,
      speaks: [CHECKS[check] as string],
    })),
  ]),
)

/** The public traps. */
const PUBLIC = [
  'status-undoc-4xx',
  'status-range-ok',
  'default-ok',
  'ctype-wrong',
  'ctype-charset',
  'wildcard-ct-bad',
  'hdr-type-bad',
  'hdr-array-ok',
  'empty-body',
  'dup-keys',
  'type-bad',
  'recursive-bad',
  'oneOf-ambiguous',
  'fmt-datetime-space',
  'fmt-datetime-hh',
  'fmt-uuid-urn',
  'fmt-email',
  'fmt-byte',
  '30-nullable-ok',
  '30-nullable-enum',
  '30-nullable-ref-sibling',
  '30-nullable-allOf',
  '30-exclMin-ok',
  '31-type-array-bad',
  '31-enum-null',
  '31-ref-sibling',
  '31-unevalProps-ok',
  '31-prefixItems-type',
  '31-if-then',
  '31-contains',
  '31-patternProps',
  '31-defs',
  'writeOnly-req-absent',
  'discriminator-nested-unknown',
  'discriminator-ok',
]

describe('traps', () => {
  it('hold every public one, and in all enough', () => {
    expect(TRAPS.map(({ name }) => name)).toEqual(expect.arrayContaining(PUBLIC))
    expect(CASES.length).toBeGreaterThan(1000)
  })

  it.each(
    CASES.map((each) => {
      const { status = 200, type = 'application/json', body = '' } = each.answer
      const verdict = each.speaks.length === 0 ? 'kept' : `broken, ${String(each.speaks[0])}`
      return [
        `${each.dialect} ${each.trap.name}: ${status} ${type} ${String(body)}: ${verdict}`,
        each,
      ] as const
    }),
  )('%s', (_, { trap, dialect, answer, speaks }) => {
    const { findings } = judgeAnswer(dialect, trap.responses, answer, trap.components ?? {})
    const others = findings.filter(({ check }) => check !== 'no_server_error')
    expect(
      [...new Set(others.map(({ check }) => check as string))],
      others.map(({ message }) => message).join(),
    ).toEqual(speaks)
    for (const { message, document } of others) {
      expect(message).not.toBe('')
      expect(document.pointer).toMatch(/^\/(?:paths|components)\//)
    }
  })
})
