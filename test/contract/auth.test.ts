/**
 * Credentials that must not be let in: none, malformed, of another scheme, wrong by the contract's own
 * pattern, one where two are needed; and those that must be, each alternative by itself.
 */
import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Subject } from '../../src/contract/subject.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { judge, planOf, RESPONSES, subjectOf } from './planned.ts'

const SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  certificate: { type: 'mutualTLS' },
}

const CREDENTIALS = Object.fromEntries(
  Object.keys(SCHEMES).map((name) => [name, { example: `sk-${name}`, pattern: '^sk-' }]),
)

function secured(security: Json, credentials: JsonObject = CREDENTIALS): Subject {
  const get = { operationId: 'read', responses: RESPONSES }
  const own = Object.fromEntries(
    Object.entries(credentials).filter(([name]) => JSON.stringify(security).includes(name)),
  )
  return subjectOf(
    { '/things': { get } },
    { security, components: { securitySchemes: SCHEMES } },
    { credentials: own, operations: {} },
  )
}

function refusedOf(subject: Subject): readonly string[] {
  return planOf(subject)
    .cases.filter(({ expects }) => expects.kind === 'refused' && expects.check === 'ignored_auth')
    .map(({ url, headers }) => {
      const shown = Object.entries(headers).map(([name, text]) => `${name.toLowerCase()}: ${text}`)
      return [new URL(url).search, ...shown].filter((part) => part !== '').join(' ')
    })
}

describe('a certificate of the connection', () => {
  it.each<[string, Json]>([
    ['alone', [{ certificate: [] }]],
    ['in place of a token', [{ bearer: [] }, { certificate: [] }]],
  ])('%s cannot be left out, and the report says so', (_, security) => {
    const subject = secured(security)
    expect(refusedOf(subject)).toEqual([])
    const reasons = planOf(subject).skipped.flatMap(({ check, reason }) =>
      check === 'ignored_auth' ? [reason] : [],
    )
    expect(reasons).toEqual([expect.stringMatching(/^a certificate \(mutualTLS\) comes with the connection/)])
  })

  it('that is needed beside a token does not stand for it', () => {
    const refused = refusedOf(secured([{ bearer: [], certificate: [] }]))
    expect(refused).toContain('')
    expect(refused).toContain('authorization: Bearer')
    expect(refused.filter((text) => text.endsWith('Bearer sk-bearer'))).toEqual([])
  })
})

describe('credentials', () => {
  it.each<[string, Json, readonly string[]]>([
    [
      'a bearer token',
      [{ bearer: [] }],
      [
        '',
        'authorization: Bearer',
        'authorization: standin',
        'authorization: Basic c3RhbmRpbjp3cm9uZw==',
        'authorization: Bearer reraeb-ks',
      ],
    ],
    ['a key in a header', [{ header: [] }], ['', 'x-key: ', 'x-key: redaeh-ks']],
    ['a key in the query', [{ query: [] }], ['', '?key=', '?key=yreuq-ks']],
    ['a key in a cookie', [{ cookie: [] }], ['', 'cookie: sid=', 'cookie: sid=eikooc-ks']],
  ])('are asked to be refused that are not %s', (_, security, expected) => {
    expect(refusedOf(secured(security))).toEqual(expected)
  })

  it('are not said to be wrong where nothing proves it', () => {
    const asked = refusedOf(secured([{ header: [] }], { header: { example: 'anything' } }))
    expect(asked).toEqual(['', 'x-key: '])
  })

  it('that are needed together are not enough one by one', () => {
    const asked = refusedOf(secured([{ header: [], query: [] }]))
    expect(asked).toContain('x-key: sk-header')
    expect(asked).toContain('?key=sk-query')
  })

  it('that are enough for another alternative are no half of one', () => {
    const asked = refusedOf(secured([{ header: [], query: [] }, { header: [] }]))
    expect(asked).not.toContain('x-key: sk-header')
    expect(asked).toContain('?key=sk-query')
  })

  it.each<[Json]>([[[]], [[{}, { bearer: [] }]]])(
    'are not asked for where none are needed: %j',
    (security) => {
      expect(refusedOf(secured(security))).toEqual([])
    },
  )

  it('stay with every request that does not test them', () => {
    const { cases } = planOf(secured([{ header: [] }]))
    const others = cases.filter(
      ({ expects }) => expects.kind !== 'refused' || expects.check !== 'ignored_auth',
    )
    expect(others.length).toBeGreaterThan(3)
    for (const { headers } of others) expect(headers['X-Key']).toBe('sk-header')
  })
})

describe('a key that is given for every query', () => {
  const key = 'own-key-0123456789'
  const given = { baseUrl: 'http://small.test', query: [['key', key] as const, ['v', '7'] as const] }

  it('opens doors, is left out where its lack is tested, and stands in no report', async () => {
    const urls: string[] = []
    const verdict = await checkTarget(
      secured([{ query: [] }], {}),
      ({ url }) => {
        urls.push(url)
        const isOpen = new URL(url).searchParams.get('key') === key
        const status = isOpen ? 500 : 401
        return Promise.resolve(new Response(`no ${key}`, { status }))
      },
      given,
    )
    const asked = urls.filter((url) => !url.includes('_standin'))
    expect(asked.some((url) => url.includes(`key=${key}`))).toBe(true)
    expect(asked.filter((url) => !url.includes('key='))).not.toEqual([])
    expect(asked.every((url) => url.includes('v=7'))).toBe(true)
    expect(verdict.findings.map(({ check }) => check)).toContain('no_server_error')
    expect(JSON.stringify(verdict)).not.toContain(key)
    expect(JSON.stringify(verdict)).toContain('key=***')
  })
})

describe('a parameter that is given for every query', () => {
  it('is left out, or another, where a request says so itself', async () => {
    const urls: string[] = []
    const schema = { type: 'integer', minimum: 3 }
    const parameters = [{ name: 'v', in: 'query', required: true, schema }]
    await checkTarget(
      subjectOf({ '/things': { get: { parameters, responses: RESPONSES } } }),
      ({ url }) => {
        urls.push(new URL(url).search)
        return Promise.resolve(new Response(''))
      },
      { baseUrl: 'http://small.test', query: [['v', '7']] },
    )
    expect(urls).toEqual(expect.arrayContaining(['?v=7', '', '?v=2', '?v=3']))
    expect(urls.filter((text) => text.split('v=').length > 2)).toEqual([])
  })
})

/** Answers 401 to requests that a test lets in by none of its ways. */
function guarded(letsIn: (request: Request) => boolean, challenge: string | null = 'Bearer') {
  return (request: Request): Promise<Response> => {
    if (letsIn(request)) return Promise.resolve(new Response('', { status: 200 }))
    const headers = challenge === null ? {} : { 'www-authenticate': challenge }
    return Promise.resolve(new Response('', { status: 401, headers }))
  }
}

const found = async (
  subject: Subject,
  target: (request: Request) => Promise<Response>,
): Promise<readonly string[]> => {
  const { findings } = await judge(subject, target)
  return findings
    .filter(({ check }) => check === 'ignored_auth' || check === 'positive_data_acceptance')
    .map(({ level, message }) => `${level}: ${message}`)
}

describe('a server', () => {
  const right = (request: Request): boolean => request.headers.get('authorization') === 'Bearer sk-bearer'

  it('that keeps its doors has no finding', async () => {
    expect(await found(secured([{ bearer: [] }]), guarded(right))).toEqual([])
  })

  it.each<[string, (request: Request) => boolean, RegExp]>([
    ['lets everybody in', () => true, /^error: no credentials were sent: must be 401 or 403, is 200/],
    [
      'lets in whoever says Bearer',
      (request) => /^Bearer/.test(request.headers.get('authorization') ?? ''),
      /the word Bearer was sent without a credential/,
    ],
    [
      'lets in whoever sends a header',
      (request) => request.headers.has('authorization'),
      /credentials of another scheme were sent/,
    ],
    [
      'lets in every key',
      (request) => /^Bearer ./.test(request.headers.get('authorization') ?? ''),
      /a wrong bearer was sent/,
    ],
  ])('that %s is found', async (_, letsIn, message) => {
    const messages = await found(secured([{ bearer: [] }]), guarded(letsIn))
    expect(
      messages.some((each) => message.test(each)),
      messages.join('\n'),
    ).toBe(true)
  })

  it('that takes one of two keys for both is found', async () => {
    const subject = secured([{ header: [], bearer: [] }])
    const letsIn = (request: Request): boolean => request.headers.get('x-key') === 'sk-header'
    expect(await found(subject, guarded(letsIn))).toContainEqual(
      expect.stringMatching(/header without bearer were sent: must be 401/),
    )
  })

  it('that knows but one of its alternatives is found', async () => {
    const subject = secured([{ bearer: [] }, { header: [] }])
    expect(await found(subject, guarded(right))).toEqual([
      'error: header alone was sent: must be let in, is answered 401 ',
    ])
    const both = (request: Request): boolean => right(request) || request.headers.get('x-key') === 'sk-header'
    expect(await found(subject, guarded(both))).toEqual([])
  })

  it('that does not say how to authenticate is warned of, which breaks nothing', async () => {
    const verdict = await judge(secured([{ bearer: [] }]), guarded(right, null))
    const own = verdict.findings.filter(({ check }) => check === 'ignored_auth')
    expect(own.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: the 401 lacks WWW-Authenticate/),
    ])
    expect(exitCode([{ ...verdict, findings: own }])).toBe(0)
  })
})
