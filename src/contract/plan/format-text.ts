/**
 * Texts of the formats that documents name: right ones at the edges of each, and wrong ones. The validator
 * says in the end which of them are; nothing here is taken on trust.
 *
 * @module
 */

/** Right texts and wrong texts of one format. */
interface FormatTexts {
  readonly right: readonly string[]
  readonly wrong: readonly string[]
}

const UUID = '6f1c0c5a-93d4-4f07-8b7e-2d9a51e0c3b8'

const FORMATS: Readonly<Record<string, FormatTexts>> = {
  uuid: {
    right: [UUID, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
    wrong: ['not-well-formed', UUID.slice(1)],
  },
  date: { right: ['2026-01-31', '2024-02-29', '1970-01-01'], wrong: ['not-well-formed', '2026-02-30'] },
  'date-time': {
    right: ['2026-01-31T12:00:00Z', '2024-02-29T23:59:59.999Z', '1970-01-01T00:00:00+00:00'],
    wrong: ['not-well-formed', '2026-02-30T12:00:00Z'],
  },
  time: { right: ['12:00:00Z', '23:59:59.5+01:00'], wrong: ['not-well-formed', '25:00:00Z'] },
  duration: { right: ['PT30S', 'P1Y2M3DT4H5M6S'], wrong: ['not-well-formed', 'P'] },
  email: { right: ['a@b.example', 'long.name+tag@sub.domain.example'], wrong: ['not-well-formed', '@@'] },
  hostname: { right: ['a.example', 'xn--bcher-kva.example'], wrong: ['-not-well-formed-', 'a..b'] },
  ipv4: { right: ['192.0.2.1', '0.0.0.0', '255.255.255.255'], wrong: ['not-well-formed', '256.0.0.1'] },
  ipv6: { right: ['2001:db8::1', '::', '::ffff:192.0.2.1'], wrong: ['not-well-formed', '2001::db8::1'] },
  uri: { right: ['https://a.example/', 'urn:a:b'], wrong: ['not well formed', '//[', '%'] },
  url: { right: ['https://a.example/', 'https://a.example/b?c=d#e'], wrong: ['not well formed', '//['] },
  'uri-reference': { right: ['/a', 'https://a.example/'], wrong: ['not well \\ formed', '//['] },
  byte: { right: ['c3RhbmRpbg==', 'AA=='], wrong: ['not-well-formed!'] },
  'json-pointer': { right: ['/a/0', ''], wrong: ['not-well-formed', '/~2'] },
  regex: { right: ['^a+$'], wrong: ['(not well formed'] },
}

/** Texts that are perhaps right for a format, the plainest first. */
export function rightTexts(format: string): readonly string[] {
  return Object.hasOwn(FORMATS, format) ? (FORMATS[format]?.right ?? []) : []
}

/** Texts that are perhaps wrong for a format, the plainest first. */
export function wrongTexts(format: string): readonly string[] {
  return Object.hasOwn(FORMATS, format) ? (FORMATS[format]?.wrong ?? []) : ['not-well-formed', '!', '']
}
