import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/contract/finding.ts'
import { patternOf, piecesOf } from '../../../src/contract/secret/encoding.ts'
import { maskText, maskVerdict, secretsIn } from '../../../src/contract/secret/mask.ts'
import { isSecretName } from '../../../src/contract/secret/secret-name.ts'

/** A key of characters that every encoding treats in its own way. */
const SECRET = `k3y/+"&<ä>\\ '%=${'\u{1f511}'}z`
const SECRETS = { names: new Set<string>(), values: [SECRET] }

const bytes = (text: string): number[] => [...new TextEncoder().encode(text)]
const base64 = (text: string): string => btoa(String.fromCharCode(...bytes(text)))
const json = (text: string): string => JSON.stringify(text).slice(1, -1)
const percent = (text: string, upper: boolean): string =>
  bytes(text)
    .map((byte) => {
      const hex = byte.toString(16).padStart(2, '0')
      return `%${upper ? hex.toUpperCase() : hex}`
    })
    .join('')
const escaped = (text: string, upper: boolean): string =>
  Array.from(text, (char) => [...Array(char.length).keys()].map((at) => char.charCodeAt(at)))
    .flat()
    .map((code) => {
      const hex = code.toString(16).padStart(4, '0')
      return `\\u${upper ? hex.toUpperCase() : hex}`
    })
    .join('')

describe('a secret value', () => {
  it.each([
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL, with lower-case digits', percent(SECRET, false)],
    ['in a URL, every byte', percent(SECRET, true)],
    ['in a URL in a URL', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in a URL as browsers write it', encodeURI(SECRET)],
    ['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['in JSON', json(SECRET)],
    ['in JSON in JSON', json(json(SECRET))],
    ['in JSON with every slash escaped', json(SECRET).replaceAll('/', '\\/')],
    ['in JSON with every unit escaped', escaped(SECRET, false)],
    ['in JSON with every unit escaped, in capitals', escaped(SECRET, true)],
    ['in HTML', SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')],
    ['in base64', base64(SECRET)],
    ['in base64 after one byte', base64(`x${SECRET}yy`)],
    ['in base64 after two bytes', base64(`xx${SECRET}`)],
    ['in base64 as a password', base64(`user:${SECRET}`)],
    ['in base64 for URLs', base64(`?${SECRET}`).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')],
    ['in base64 in a URL', encodeURIComponent(base64(SECRET))],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in hex, in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['as bytes read as Latin-1', Buffer.from(SECRET).toString('latin1')],
  ])('is masked %s', (_, text) => {
    const masked = maskText(SECRETS, `before ${text} after, ${text}`)
    expect(masked).toMatch(/^before \S{0,10}\*\*\*\S{0,4} after, \S{0,10}\*\*\*\S{0,4}$/)
    for (let at = 0; at + 8 <= text.length; at += 1) expect(masked).not.toContain(text.slice(at, at + 8))
  })

  it('is masked where the text around it was cut', () => {
    for (const form of [SECRET, json(SECRET), encodeURIComponent(SECRET), base64(SECRET)]) {
      for (let length = 24; length < form.length; length += 1) {
        expect(maskText(SECRETS, `is "${form.slice(0, length)}…`)).toBe('is "***…')
      }
    }
  })

  it('is masked whole when it is long, and left when it is too short to be told from words', () => {
    const long = Array.from({ length: 3000 }, (_, at) => 'abcdefg-hij.klm'[(at * 7) % 15]).join('')
    const masked = maskText({ names: new Set(), values: [long] }, `a ${long} b ${base64(long)} c`)
    expect(masked).toMatch(/^a (?:\*\*\*)+ b (?:\*\*\*)+=* c$/)
    expect(maskText({ names: new Set(), values: ['abc', '', '   '] }, 'abc   d')).toBe('abc   d')
  })

  it('is looked for only where it may stand, and missed nowhere', () => {
    const secret = fc.oneof(
      fc.stringMatching(/^[\w.~\-/+=]{4,40}$/),
      fc.string({ minLength: 4, maxLength: 20, unit: 'binary' }),
      fc.constant(SECRET),
    )
    const writing = fc.constantFrom<(text: string) => string>(
      ...[json, base64, encodeURIComponent, (text: string) => percent(text, false)],
      ...[(text: string) => escaped(text, true), (text: string) => Buffer.from(text).toString('hex')],
      ...[(text: string) => json(encodeURIComponent(text)), (text: string) => base64(`x${text}y`)],
      (text) => Array.from(text, (char) => `&#x${char.codePointAt(0)?.toString(16)};`).join(''),
      (text) => base64(`xx${text}`).replaceAll('+', '-').replaceAll('/', '_'),
    )
    const texts = fc.tuple(secret, writing, fc.string(), fc.boolean(), fc.nat(60))
    fc.assert(
      fc.property(texts, ([value, write, around, isCut, length]) => {
        if (!value.isWellFormed()) return
        const text = isCut ? `${around}${write(value).slice(0, length)}…` : around + write(value) + around
        const byPatterns = piecesOf(value).reduce((all, piece) => all.replace(patternOf(piece), '***'), text)
        expect(maskText({ names: new Set(), values: [value] }, text)).toBe(byPatterns)
      }),
      { seed: 7, numRuns: 150 },
    )
  })

  it('costs little however many there are', () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => ({
      id: at,
      upload_token: `token-${at * 7919}-xyz`,
    }))
    const values = rows.map(({ upload_token: token }) => token)
    const text = JSON.stringify(rows.slice(0, 3))
    const before = performance.now()
    expect(maskText({ names: new Set(), values }, text + 'x'.repeat(100_000))).not.toContain('token-7919-xyz')
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  it('does not slow down on long texts', () => {
    const text = 'k3y/k3y/+'.repeat(500_000)
    const before = performance.now()
    expect(maskText(SECRETS, text)).toBe(text)
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})

describe('a credential header', () => {
  it('holds its token, its password and its cookies', () => {
    expect(secretsIn(`Basic ${base64('user:pass')}`)).toContain('pass')
    expect(secretsIn('Bearer abc')).toEqual(['Bearer abc', 'abc'])
    expect(secretsIn('sid=0123456789; theme=dark')).toContain('0123456789')
  })
})

describe('a name', () => {
  it.each([
    ['Authorization', true],
    ['X-Api-Key', true],
    ['api_key', true],
    ['accessToken', true],
    ['token', true],
    ['X-Amz-Signature', true],
    ['client_secret', true],
    ['Set-Cookie', true],
    ['next_page_token', false],
    ['nextToken', false],
    ['max_tokens', false],
    ['total_tokens', false],
    ['token_type', false],
    ['author', false],
    ['authority', false],
    ['key', false],
    ['side', false],
  ])('%s tells of a secret: %s', (name, secret) => {
    expect(isSecretName(name)).toBe(secret)
  })
})

function finding(
  parts: Partial<Finding>,
  headers: Record<string, string>,
  body: string,
  url = '/a',
): Finding {
  return {
    ...({ id: 'x', check: 'law', level: 'error', operationId: 'read', method: 'GET', path: '/a' } as const),
    ...{ status: 200, message: 'm', at: '', count: 1, topic: 't' },
    document: { file: 'a.yaml', pointer: '', line: 1, column: 1 },
    exchanges: [
      {
        operationId: 'read',
        request: { method: 'GET', url, headers: {}, body: null },
        response: { status: 200, headers, body },
        purpose: 'p',
      },
    ],
    ...parts,
  }
}

describe('a verdict', () => {
  it('loses what its answers call secret, by name and wherever it comes again', () => {
    const open = { names: new Set<string>(), values: [] }
    const body = '{"a":1,"access_token": "tok\\"en-123456","next_page_token":"page-2-of-9"'
    const findings = [
      finding({}, { 'set-cookie': 'sid=cookie-value-1; Path=/', location: '/b?token=in-the-query' }, body),
      finding({ message: 'had tok"en-123456', replay: 'x --header cookie-value-1' }, {}, 'cookie-value-1'),
    ]
    const masked = maskVerdict(open, { findings, target: 'http://a/?api_key=1&token=in%2Dthe' })
    const text = JSON.stringify(masked)
    expect(text).not.toMatch(/cookie-value|en-123456|in-the-query/)
    expect(text).toContain('page-2-of-9')
    expect(masked.findings[0]?.exchanges[0]?.response.body).toContain('"access_token": "***"')
    expect(masked.findings[1]?.message).toBe('had ***')
    expect(masked.findings[1]?.replay).toBe('x --header ***')
  })

  it('keeps the words that it is sorted by', () => {
    const secrets = { names: new Set<string>(), values: ['error', 'response_schema_conformance', 'passed'] }
    const known = finding({ check: 'response_schema_conformance' }, {}, '')
    const masked = maskVerdict(secrets, { findings: [known], checks: [{ outcome: 'passed' }] })
    expect(masked.findings[0]).toMatchObject({ check: 'response_schema_conformance', level: 'error' })
    expect(masked.checks).toEqual([{ outcome: 'passed' }])
  })

  it('survives long and broken bodies', () => {
    const body = `{"password":"${'\\'.repeat(2_000_000)}`
    const text = JSON.stringify(
      maskVerdict({ names: new Set(), values: [] }, { findings: [finding({}, {}, body)] }),
    )
    expect(text.length).toBeLessThan(2000)
  })
})
