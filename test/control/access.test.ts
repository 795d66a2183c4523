import { describe, expect, it } from 'vitest'
import type { Access } from '../../src/control/access.ts'
import { IN_PROCESS, isPreflight, originHeaders, readAccess, verifyCaller } from '../../src/control/access.ts'
import { ApiError } from '../../src/model/refusal.ts'

const LOCAL: Access = { ...IN_PROCESS, listensOn: '127.0.0.1' }

interface Asked {
  readonly method?: string
  readonly hosts?: readonly string[]
  readonly origin?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly isOpen?: boolean
}

/** What becomes of a caller: `in`, or the code of its refusal. */
function fateOf(
  access: Access,
  { method = 'GET', hosts, origin, headers = {}, isOpen = false }: Asked,
): string {
  const host = hosts ?? ['localhost:4010']
  const caller = {
    method,
    header: (name: string) => headers[name] ?? null,
    hosts: () => host,
    origin: () => origin ?? `http://${host[0]}`,
  }
  try {
    verifyCaller(access, caller, isOpen)
    return 'in'
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.code
  }
}

describe('the Host header', () => {
  it.each([
    ...['localhost', 'localhost:4010', 'LOCALHOST:4010', 'localhost.', 'localhost.:4010'],
    ...['app.localhost:4010', '127.0.0.1', '127.0.0.1:4010', '127.255.0.3:4010', '127.1:4010'],
    ...['[::1]', '[::1]:4010', '[0:0:0:0:0:0:0:1]:4010', '[::ffff:127.0.0.1]:4010'],
    ...['127.0.0.1:65535'],
  ])('may be %s', (host) => {
    expect(fateOf(LOCAL, { hosts: [host] })).toBe('in')
  })

  it.each([
    ...['evil.example', 'evil.example:4010', '127.0.0.1.evil.example'],
    ...['127.0.0.1.evil.example:4010', '127.0.0.1.nip.io', 'localhost.evil.example'],
    ...['evillocalhost', 'evil-localhost:4010', 'localhost@evil.example', 'evil.example@localhost'],
    ...['localhost:4010@evil.example', 'localhost:4010:4010', 'localhost:', 'localhost:x'],
    ...['localhost:99999', 'localhost:-1', 'localhost/evil.example', 'localhost#evil.example'],
    ...['localhost?evil.example', 'localhost, evil.example', 'localhost evil.example'],
    ...['localhost%2eevil.example', 'localhost\\evil.example', 'localhost..', 'localhost\u3002'],
    ...['ｌocalhost', '', '.', '..localhost..', '0.0.0.0:4010', '10.0.0.1:4010', '128.0.0.1'],
    ...['126.0.0.1', '1127.0.0.1', '127.0.0.1.1', '[::]', '[::2]:4010', '[::1', '::1'],
    ...['[::1].evil.example', '[::1%25lo]', '[fe80::1]', '[::ffff:10.0.0.1]', '*'],
    ...['http://localhost'],
  ])('may not be %j', (host) => {
    expect(fateOf(LOCAL, { hosts: [host], origin: 'http://localhost:4010' })).toBe('caller_refused')
  })

  it('stands in a request once', () => {
    const origin = 'http://localhost:4010'
    expect(fateOf(LOCAL, { hosts: [], origin })).toBe('caller_refused')
    expect(fateOf(LOCAL, { hosts: ['localhost', 'evil.example'], origin })).toBe('caller_refused')
    expect(fateOf(LOCAL, { hosts: ['localhost', 'localhost'], origin })).toBe('caller_refused')
  })

  it('agrees with a target that names a host itself', () => {
    expect(fateOf(LOCAL, { hosts: ['localhost'], origin: 'http://evil.example' })).toBe('caller_refused')
    expect(fateOf(LOCAL, { hosts: ['evil.example'], origin: 'http://localhost' })).toBe('caller_refused')
  })

  it('need not be there in process, but is looked at where it is', () => {
    expect(fateOf(IN_PROCESS, { hosts: [], origin: 'http://standin' })).toBe('in')
    expect(fateOf(IN_PROCESS, { hosts: ['evil.example'] })).toBe('caller_refused')
  })

  it('may be what is listened on, and every address where all are', () => {
    const token = { headers: { authorization: 'Bearer t' } }
    const at = (listensOn: string, host: string): string =>
      fateOf({ ...IN_PROCESS, listensOn, token: 't' }, { ...token, hosts: [host] })
    expect(at('192.168.1.5', '192.168.1.5:4010')).toBe('in')
    expect(at('192.168.1.5', '192.168.1.6:4010')).toBe('caller_refused')
    expect(at('box.lan', 'BOX.lan:4010')).toBe('in')
    expect(at('fe80::1', '[fe80::1]:4010')).toBe('in')
    expect(at('0.0.0.0', '192.168.1.5:4010')).toBe('in')
    expect(at('::', '[2001:db8::1]:4010')).toBe('in')
    expect(at('0.0.0.0', 'evil.example')).toBe('caller_refused')
    expect(at('::', '1.2.3.4.evil.example')).toBe('caller_refused')
  })

  it('may be what is allowed, with its port where one is given', () => {
    const access = readAccess({ ...LOCAL, allowHosts: ['standin.test', 'Other.test:8080'] })
    const fates = ['standin.test', 'STANDIN.TEST.:99', 'other.test:8080', 'other.test', 'x.standin.test'].map(
      (host) => fateOf(access, { hosts: [host] }),
    )
    expect(fates).toEqual(['in', 'in', 'in', 'caller_refused', 'caller_refused'])
  })
})

describe('the Origin header', () => {
  const access = readAccess({ ...LOCAL, allowOrigins: ['http://localhost:3000/', 'https://APP.test'] })
  const fate = (origin: string, headers: Record<string, string> = {}): string =>
    fateOf(access, { headers: { origin, ...headers }, method: 'POST' })

  it.each(['http://localhost:4010', 'http://localhost:3000', 'https://app.test'])('may be %s', (origin) => {
    expect(fate(origin)).toBe('in')
  })

  it.each([
    ...['null', 'https://localhost:4010', 'http://localhost', 'http://localhost:4011'],
    ...['http://127.0.0.1:4010', 'http://evil.example', 'http://localhost:4010.evil.example'],
    ...['http://localhost:4010/', 'http://localhost:4010, http://evil.example'],
    ...['http://evil.example http://localhost:4010', 'http://x@localhost:4010'],
    ...['HTTP://LOCALHOST:4010', 'http://app.test', 'https://app.test:444'],
    ...['https://app.test.evil.example', 'file://', 'chrome-extension://abcdef', '', '*'],
  ])('may not be %j', (origin) => {
    expect(fate(origin)).toBe('caller_refused')
  })

  it('is the own one as a browser writes it', () => {
    const at = (host: string, origin: string): string => fateOf(LOCAL, { hosts: [host], headers: { origin } })
    expect(at('localhost:80', 'http://localhost')).toBe('in')
    expect(at('[0:0:0:0:0:0:0:1]:4010', 'http://[::1]:4010')).toBe('in')
    expect(at('127.0.0.1:4010', 'http://127.0.0.1:4010')).toBe('in')
    expect(
      fateOf(IN_PROCESS, { hosts: [], origin: 'http://standin', headers: { origin: 'http://standin' } }),
    ).toBe('in')
    expect(
      fateOf(IN_PROCESS, { hosts: [], origin: 'http://standin', headers: { origin: 'http://a.b' } }),
    ).toBe('caller_refused')
  })

  it.each([
    ['same-origin', 'in'],
    ['none', 'in'],
    ['cross-site', 'caller_refused'],
    ['same-site', 'caller_refused'],
    ['same-origin, cross-site', 'caller_refused'],
    ['', 'caller_refused'],
  ])('is not all that tells of a page: Sec-Fetch-Site %j', (site, expected) => {
    for (const method of ['GET', 'POST', 'HEAD']) {
      expect(fateOf(LOCAL, { method, headers: { 'sec-fetch-site': site } })).toBe(expected)
    }
    const own = { origin: 'http://localhost:4010', 'sec-fetch-site': site }
    expect(fateOf(LOCAL, { headers: own })).toBe(expected)
    expect(fate('http://localhost:3000', { 'sec-fetch-site': site })).toBe('in')
  })

  it('is answered with leave to read where it is allowed', () => {
    const headers = (origin: string | null): object =>
      originHeaders(access, {
        ...{ method: 'GET', hosts: () => [], origin: () => '' },
        header: (name) => (name === 'origin' ? origin : null),
      })
    expect(headers('http://localhost:3000')).toEqual({
      'Access-Control-Allow-Origin': 'http://localhost:3000',
      'Access-Control-Expose-Headers': '*',
      Vary: 'Origin',
    })
    for (const origin of [null, 'null', 'http://localhost:4010', 'http://evil.example']) {
      expect(headers(origin)).toEqual({ Vary: 'Origin' })
    }
  })
})

describe('the token', () => {
  const access = { ...LOCAL, token: 'secret' }
  const fate = (authorization: string): string => fateOf(access, { headers: { authorization } })

  it.each(['Bearer secret', 'bearer secret', 'BEARER  secret'])('opens: %s', (authorization) => {
    expect(fate(authorization)).toBe('in')
  })

  it.each([
    ...['', 'secret', 'Bearer', 'Bearer ', 'Bearer s', 'Bearer secre', 'Bearer secrets'],
    ...['Bearer secretsecret', 'Bearer Secret', 'Bearer secret secret', 'Bearer xsecret'],
    ...['Bearer \tsecret', 'Basic c2VjcmV0', 'Token secret', 'Bearer secret, Bearer secret'],
    ...['Bearer "secret"', 'Bearer secret\u0000'],
  ])('does not open: %j', (authorization) => {
    expect(fate(authorization)).toBe('unauthenticated')
  })

  it('is asked for on every call but health and preflights', () => {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE']) {
      expect(fateOf(access, { method })).toBe('unauthenticated')
    }
    expect(fateOf(access, { isOpen: true })).toBe('in')
    const origin = 'http://localhost:4010'
    const headers = { origin, 'access-control-request-method': 'GET' }
    expect(fateOf(access, { method: 'OPTIONS', headers })).toBe('in')
    expect(fateOf(access, { method: 'GET', headers })).toBe('unauthenticated')
  })

  it('does not stand in for a Host and an Origin that are right', () => {
    const authorization = 'Bearer secret'
    expect(fateOf(access, { hosts: ['evil.example'], headers: { authorization } })).toBe('caller_refused')
    expect(fateOf(access, { headers: { authorization, origin: 'http://evil.example' } })).toBe(
      'caller_refused',
    )
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'box.lan', '', 'evil.localhost.example', '127.0.0.1.nip.io', '%'])(
    'is needed where others reach the server: %j',
    (listensOn) => {
      const open = { ...IN_PROCESS, listensOn }
      expect(fateOf(open, {})).toBe('caller_refused')
      expect(fateOf(open, { isOpen: true })).toBe('in')
    },
  )

  it.each(['127.0.0.1', 'localhost', '::1', '127.0.0.2', 'LOCALHOST'])('is not needed on %s', (listensOn) => {
    expect(fateOf({ ...IN_PROCESS, listensOn }, {})).toBe('in')
  })
})

describe('what somebody has set', () => {
  it.each([
    [{ token: '' }, '--control-token must be one word'],
    [{ token: 'two words' }, '--control-token must be one word'],
    [{ token: 'línea' }, '--control-token must be one word'],
    [{ allowHosts: ['a.test', 'http://b.test'] }, '--allow-host must be a name'],
    [{ allowHosts: [''] }, '--allow-host must be a name'],
    [{ allowHosts: ['*'] }, '--allow-host must be a name'],
    [{ allowOrigins: ['localhost:3000'] }, '--allow-origin must be an origin'],
    [{ allowOrigins: ['*'] }, '--allow-origin must be an origin'],
    [{ allowOrigins: ['null'] }, '--allow-origin must be an origin'],
    [{ allowOrigins: ['http://a.test/path'] }, '--allow-origin must be an origin'],
    [{ allowOrigins: ['file:///'] }, '--allow-origin must be an origin'],
  ])('is refused when it can open nothing: %j', (set, message) => {
    expect(() => readAccess({ ...LOCAL, ...set })).toThrow(message)
  })

  it('knows a preflight by all three of its marks', () => {
    const caller = (method: string, headers: Record<string, string>) => ({
      ...{ method, hosts: () => [], origin: () => '' },
      header: (name: string) => headers[name] ?? null,
    })
    const full = { origin: 'http://a.test', 'access-control-request-method': 'PUT' }
    expect(isPreflight(caller('OPTIONS', full))).toBe(true)
    expect(isPreflight(caller('GET', full))).toBe(false)
    expect(isPreflight(caller('OPTIONS', { origin: 'http://a.test' }))).toBe(false)
  })
})
