/**
 * Sending webhooks over HTTP: to this machine and to allowed hosts only, wherever their names lead. Nothing
 * is followed, nothing of an answer but its status is looked at, and everything has an end.
 *
 * @module
 */
import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup } from 'node:dns'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { LookupFunction } from 'node:net'
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { Ending } from '../server/webhook-attempt.ts'
import type { Outgoing, Send } from '../server/webhook-lane.ts'
import { isThisMachine, refusalOfReceiver } from '../server/webhook-receiver.ts'

/** Looks up every address of a name. */
export type LookUp = (
  name: string,
  options: LookupOptions & { readonly all: true },
  tell: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** More of an answer is not read. */
const ANSWER_BYTES = 65_536

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** What no name may lead to, allowed or not: where clouds keep their secrets, and everybody at once. */
const NEVER = new BlockList()
NEVER.addSubnet('169.254.0.0', 16, 'ipv4')
NEVER.addSubnet('0.0.0.0', 8, 'ipv4')
NEVER.addSubnet('224.0.0.0', 3, 'ipv4')
NEVER.addSubnet('fe80::', 10, 'ipv6')
NEVER.addSubnet('ff00::', 8, 'ipv6')
NEVER.addAddress('::', 'ipv6')
NEVER.addAddress('fd00:ec2::254', 'ipv6')

/**
 * Makes what sends webhooks.
 *
 * @param hosts - Where they may go beside this machine.
 */
export function createWebhookSender(hosts: readonly string[], lookUp: LookUp = lookup): Send {
  return async (outgoing) => {
    const refusal = refusalOfReceiver(outgoing.url, hosts)
    if (refusal !== null) return failed(refusal)
    const { hostname } = new URL(outgoing.url)
    const address = hostname.replace(/^\[|\]$/g, '')
    if (isAddress(address) && !mayReach(hostname, address)) return failed(`${address} is never sent to`)
    if (outgoing.signal.aborted) return failed(STOPPED)
    return exchange(outgoing, guarded(lookUp, hostname))
  }
}

const STOPPED = 'The server was stopped'

function failed(error: string): Ending {
  return { status: null, error }
}

function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text)
}

/** A name of this machine must lead to it; an allowed one may lead anywhere but to what nobody means. */
function mayReach(hostname: string, address: string): boolean {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  return isThisMachine(hostname) ? LOOPBACK.check(address, family) : !NEVER.check(address, family)
}

/** The look-up that a connection is made with: what is checked here is what is connected to. */
function guarded(lookUp: LookUp, hostname: string): LookupFunction {
  return (name, options, tell) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      const wrong = (addresses ?? []).find(({ address }) => !mayReach(hostname, address))
      if (error !== null) tell(error, '')
      else if (wrong !== undefined)
        tell(new Error(`${name} leads to ${wrong.address}, not to this machine`), '')
      else if (options.all === true) tell(null, addresses)
      else tell(null, first?.address ?? '', first?.family)
    })
  }
}

function exchange(outgoing: Outgoing, look: LookupFunction): Promise<Ending> {
  const { url, headers, body, timeoutMs, signal } = outgoing
  return new Promise((resolve) => {
    const bytes = Buffer.from(body)
    const secure = url.toLowerCase().startsWith('https:')
    let sent: ClientRequest
    const timer = setTimeout(
      () => end(failed(`There was no answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    )
    const stop = (): void => end(failed(STOPPED))
    function end(ending: Ending): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(ending)
      if (ending.status === null) sent?.destroy()
    }
    signal.addEventListener('abort', stop)
    try {
      sent = (secure ? requestSecure : requestPlain)(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(bytes.length), Connection: 'close' },
        lookup: look,
        agent: false,
      })
    } catch (error) {
      end(failed(reasonOf(error)))
      return
    }
    sent.on('error', (error) => end(failed(reasonOf(error))))
    sent.on('response', (answer) => {
      end({ status: answer.statusCode ?? 0, error: null })
      drain(answer, sent, timeoutMs)
    })
    sent.end(bytes)
  })
}

/** Lets a receiver finish its answer, if that is short and soon. */
function drain(answer: IncomingMessage, sent: ClientRequest, timeoutMs: number): void {
  let bytes = 0
  const timer = setTimeout(() => sent.destroy(), Math.min(timeoutMs, 2_000)).unref()
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES) sent.destroy()
  })
  answer.on('close', () => clearTimeout(timer))
  answer.on('error', () => undefined)
}

/** Errors of several addresses at once have no message of their own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
