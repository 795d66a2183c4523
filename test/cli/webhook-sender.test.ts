/**
 * What sends webhooks, against receivers that do not behave, and names and addresses that lead elsewhere.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LookUp } from '../../src/cli/webhook-sender.ts'
import { createWebhookSender } from '../../src/cli/webhook-sender.ts'
import type { Ending } from '../../src/server/webhook-attempt.ts'
import type { Outgoing } from '../../src/server/webhook-lane.ts'
import type { Receiver } from '../receiver.ts'
import { startReceiver } from '../receiver.ts'

let receiver: Receiver

beforeEach(async () => {
  receiver = await startReceiver()
})

afterEach(() => receiver.close())

interface Sending extends Partial<Outgoing> {
  readonly hosts?: readonly string[]
  readonly lookUp?: LookUp
}

function send(url: string, { hosts = [], lookUp, ...more }: Sending = {}): Promise<Ending> {
  const sender = createWebhookSender(hosts, lookUp)
  const { signal } = new AbortController()
  return sender({ url, headers: { 'X-A': 'b' }, body: '{"ä":1}', timeoutMs: 1_000, signal, ...more })
}

/** Names lead where the test says. */
function leadingTo(...addresses: readonly string[]): LookUp {
  return (_, __, tell) => {
    tell(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

const port = (): string => new URL(receiver.url).port
const error = (text: string | RegExp): unknown => ({ status: null, error: expect.stringMatching(text) })

describe('sending', () => {
  it('posts the bytes with their headers, and tells the status', async () => {
    receiver.reply(202, 500)
    expect(await send(receiver.url)).toEqual({ status: 202, error: null })
    expect(await send(receiver.url)).toEqual({ status: 500, error: null })
    expect(receiver.received[0]).toMatchObject({ method: 'POST', path: '/hook', body: '{"ä":1}' })
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-a': 'b', 'content-length': '8' })
  })

  it('follows no redirect', async () => {
    const other = await startReceiver()
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.reply((response) => {
        response.writeHead(status, { location: other.url }).end()
      })
      expect(await send(receiver.url)).toEqual({ status, error: null })
    }
    expect(other.received).toEqual([])
    await other.close()
  })

  it('waits no longer than it may, for a connection, an answer or the rest of one', async () => {
    receiver.reply(
      () => undefined,
      (response) => {
        response.writeHead(200).flushHeaders()
      },
    )
    const startMs = Date.now()
    expect(await send(receiver.url, { timeoutMs: 150 })).toEqual(error('no answer within 0.15 s'))
    expect(await send(receiver.url, { timeoutMs: 150 })).toEqual({ status: 200, error: null })
    expect(Date.now() - startMs).toBeLessThan(1_000)
  })

  it('reads no endless answer, and none that is no HTTP', async () => {
    let written = 0
    receiver.reply(async (response) => {
      response.writeHead(200)
      const gone = once(response, 'close')
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384
        if (!response.destroyed) response.once('drain', more)
      }
      more()
      await gone
    })
    expect(await send(receiver.url)).toEqual({ status: 200, error: null })
    await expect.poll(() => receiver.received.length).toBe(1)
    expect(written).toBeLessThan(16 * 2 ** 20)
    const odd = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')).listen(0, '127.0.0.1')
    await once(odd, 'listening')
    const { port: oddPort } = odd.address() as AddressInfo
    expect(await send(`http://127.0.0.1:${oddPort}/`)).toEqual(error('Parse Error'))
    odd.close()
  })

  it('breaks off when the program ends, and begins nothing more', async () => {
    const stop = new AbortController()
    receiver.reply(() => stop.abort())
    expect(await send(receiver.url, { signal: stop.signal })).toEqual(error('stopped'))
    expect(await send(receiver.url, { signal: stop.signal })).toEqual(error('stopped'))
    expect(receiver.received).toHaveLength(1)
  })

  it('fails where a header cannot be sent, and does not throw', async () => {
    expect(await send(receiver.url, { headers: { 'X-A': 'a\r\nb' } })).toEqual(error('Invalid character'))
    expect(await send('http://127.0.0.1:1/')).toEqual(error('ECONNREFUSED'))
    expect(await send('nothing')).toEqual(error('is no URL'))
  })
})

describe('where it goes', () => {
  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://evil.example/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://localhost.evil.example/',
    'http://localhost./',
  ])('not to %s: no name is even looked up', async (url) => {
    let looked = 0
    const lookUp: LookUp = () => {
      looked += 1
    }
    expect(await send(url, { lookUp })).toEqual(error('is not this machine'))
    expect(looked).toBe(0)
  })

  it.each(['ftp://127.0.0.1/', 'http://a:b@127.0.0.1/', 'http+unix://127.0.0.1/'])(
    'not to %s',
    async (url) => {
      expect(await send(url)).toEqual(error(/neither http nor https|credentials|no URL/))
    },
  )

  it('not where a name of this machine leads elsewhere, not even in part', async () => {
    for (const addresses of [
      ['10.0.0.1'],
      ['127.0.0.1', '10.0.0.1'],
      ['::1', 'fe80::1'],
      ['169.254.169.254'],
    ]) {
      const ending = await send(`http://a.localhost:${port()}/`, { lookUp: leadingTo(...addresses) })
      expect(ending).toEqual(error('not to this machine'))
    }
    expect(receiver.received).toEqual([])
  })

  it('to this machine, by all its names', async () => {
    const lookUp = leadingTo('127.0.0.1')
    for (const host of ['localhost', 'LOCALHOST', 'a.b.localhost', '127.0.0.1', '[::ffff:127.0.0.1]']) {
      const ending = await send(`http://${host}:${port()}/`, host.startsWith('[') ? {} : { lookUp })
      expect([host, ending]).toEqual([host, { status: 204, error: null }])
    }
  })

  it('to a host that was allowed, wherever that is, but never where nobody means', async () => {
    const hosts = ['receiver.example', '169.254.169.254', '::1']
    const url = `http://Receiver.Example:${port()}/`
    expect(await send(url, { hosts, lookUp: leadingTo('127.0.0.1') })).toEqual({ status: 204, error: null })
    for (const address of [
      '169.254.169.254',
      '0.0.0.0',
      'fe80::1',
      '::ffff:169.254.1.1',
      '255.255.255.255',
    ]) {
      const ending = await send(url, { hosts, lookUp: leadingTo(address) })
      expect([address, ending]).toEqual([address, error('leads to')])
    }
    expect(await send('http://169.254.169.254/', { hosts })).toEqual(error('never sent to'))
    expect(await send(`http://other.example:${port()}/`, { hosts })).toEqual(
      error('--webhook-host other.example'),
    )
  })

  it('nowhere where a name is not known', async () => {
    const lookUp: LookUp = (_, __, tell) =>
      tell(Object.assign(new Error('ENOTFOUND a'), { code: 'ENOTFOUND' }), [])
    expect(await send('http://a.localhost/', { lookUp })).toEqual(error('ENOTFOUND'))
    expect(await send('http://a.localhost/', { lookUp: leadingTo() })).toEqual(error('.'))
  })
})

/** Certificates are made by openssl; a bare machine may not have it. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stdout.write('webhooks over https are not tested: openssl is not installed\n')

describe.skipIf(!hasOpenssl)('https', () => {
  it('asks for a certificate that is trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'standin-webhook-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', ...made, ...subject], { stdio: 'ignore' })
    const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
      response.writeHead(204).end()
    }).listen(0, '127.0.0.1')
    await once(secure, 'listening')
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`
    expect(await send(url)).toEqual(error('self-signed certificate'))
    expect(await send(url.replace('https', 'http'))).toEqual(error('.'))
    secure.close()
    rmSync(folder, { recursive: true })
  })
})
