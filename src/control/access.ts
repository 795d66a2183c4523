/**
 * Who may control a server, by the Host, Origin and token of a request. The danger is a stranger's page in
 * the browser of whoever runs standin; that the mocked APIs answer such pages is not decided here.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Call } from '../server/call.ts'

/** Who may control a server. */
export interface Access {
  /** What callers must bring along; null asks for nothing. */
  readonly token: string | null
  /** The address that the server listens on; null where it is called without a socket. */
  readonly listensOn: string | null
  /** Names under which it may be asked beside those of this machine, each with a port or without. */
  readonly allowHosts: readonly string[]
  /** Origins whose pages may control it, beside its own. */
  readonly allowOrigins: readonly string[]
}

/** Whoever has the server in hand may control it. */
export const IN_PROCESS: Access = { token: null, listensOn: null, allowHosts: [], allowOrigins: [] }

/** What of a call tells who asks. */
export type Caller = Pick<Call, 'method' | 'header' | 'origin' | 'hosts'>

/**
 * Checks what somebody has set.
 *
 * @throws {@link UsageError} that names the flag.
 */
export function readAccess({ token, listensOn, allowHosts, allowOrigins }: Access): Access {
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError('--control-token must be one word of visible ASCII characters')
  }
  for (const host of allowHosts) {
    if (readHost(host) === null) {
      throw new UsageError(`--allow-host must be a name, with a port or without, not \`${host}\``)
    }
  }
  return { token, listensOn, allowHosts, allowOrigins: allowOrigins.map(readOrigin) }
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && url.origin !== 'null' && url.href === `${url.origin}/`) return url.origin
  throw new UsageError(`--allow-origin must be an origin such as http://localhost:3000, not \`${text}\``)
}

/**
 * Lets a caller in, or not.
 *
 * @param isOpen - What is asked for tells nothing and changes nothing: no token is needed.
 * @throws {@link ApiError} `caller_refused` or `unauthenticated`.
 */
export function verifyCaller(access: Access, caller: Caller, isOpen: boolean): void {
  verifyHosts(access, caller)
  verifyOrigin(access, caller)
  if (isOpen || isPreflight(caller)) return
  const { token, listensOn } = access
  if (token !== null) verifyToken(token, caller)
  else if (listensOn !== null && !isLoopback(nameOf(listensOn))) {
    const mend = 'start it with --control-token, and send that as a bearer token'
    throw refused(`This server listens on ${listensOn}, where others reach it: ${mend}`)
  }
}

/** Does a browser ask whether a page may ask? */
export function isPreflight({ method, header }: Caller): boolean {
  return method === 'OPTIONS' && header('origin') !== null && header('access-control-request-method') !== null
}

/** The headers that let pages of allowed origins read an answer; others learn only that it varies. */
export function originHeaders(access: Access, { header }: Caller): Readonly<Record<string, string>> {
  const origin = header('origin')
  if (origin === null || !access.allowOrigins.includes(origin)) return { Vary: 'Origin' }
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': '*', Vary: 'Origin' }
}

function refused(reason: string): ApiError {
  return new ApiError('caller_refused', reason)
}

/**
 * A name that leads here by somebody else's DNS would make a stranger's page one of our own origin, so only
 * names that are known to be ours count. Numbers are no names: where all addresses are listened on, each is.
 */
export function verifyHosts(access: Access, caller: Pick<Caller, 'hosts' | 'origin'>): void {
  const hosts = caller.hosts()
  const onSocket = access.listensOn !== null
  if (hosts.length > 1 || (onSocket && hosts.length === 0)) {
    throw refused(`A request has one Host header; this one has ${hosts.length === 0 ? 'none' : hosts.length}`)
  }
  const asked = onSocket ? [...hosts, caller.origin().replace(/^[a-z]+:\/\//, '')] : hosts
  for (const host of asked) {
    if (isOurs(access, host)) continue
    const name = host.slice(0, 100)
    throw refused(`This server is not known as ${name}; if it is yours, start it with --allow-host ${name}`)
  }
}

function isOurs({ listensOn, allowHosts }: Access, text: string): boolean {
  const host = readHost(text)
  if (host === null) return false
  if (isLoopback(host.name)) return true
  const own = listensOn === null ? null : nameOf(listensOn)
  if (own !== null && (own === host.name || (isWildcard(own) && isAddress(host.name)))) return true
  return allowHosts.some((each) => {
    const allowed = readHost(each)
    return allowed?.name === host.name && (allowed.port === null || allowed.port === host.port)
  })
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i

/** A host in the one spelling that a URL has for it; null when it is none. */
function readHost(text: string): { readonly name: string; readonly port: string | null } | null {
  const [, name = '', port = null] = AUTHORITY.exec(text) ?? []
  const url = `http://${name}`
  if (name === '' || Number(port) > 65_535 || !URL.canParse(url)) return null
  return { name: new URL(url).hostname.replace(/\.$/, ''), port }
}

/** Addresses to listen on are written without the brackets that URLs need. */
function nameOf(address: string): string {
  return readHost(address.includes(':') ? `[${address}]` : address)?.name ?? ''
}

const LOOPBACK =
  /^(?:(?:.+\.)?localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/

function isLoopback(name: string): boolean {
  return LOOPBACK.test(name)
}

function isWildcard(name: string): boolean {
  return name === '0.0.0.0' || name === '[::]' || name === ''
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)
}

/** Browsers tell which page asks, by one header or the other; programs tell neither. */
function verifyOrigin(access: Access, caller: Caller): void {
  const origin = caller.header('origin')
  if (origin !== null && access.allowOrigins.includes(origin)) return
  const mend = (page: string): string => `start the server with --allow-origin ${page} to let it`
  if (origin !== null && origin !== ownOrigin(caller)) {
    const page = origin.slice(0, 100)
    throw refused(`Pages of ${page} may not control this server${page === 'null' ? '' : `; ${mend(page)}`}`)
  }
  const site = caller.header('sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return
  throw refused(`Pages of other origins may not control this server; ${mend('<origin>')}`)
}

/** The origin under which the server was asked, as a browser writes it. */
function ownOrigin(caller: Caller): string | null {
  const origin = caller.origin()
  const [host] = caller.hosts()
  const url = host === undefined ? origin : origin.replace(/\/\/.*$/, `//${host}`)
  return URL.canParse(url) ? new URL(url).origin : null
}

function verifyToken(token: string, { header }: Caller): void {
  const given = /^bearer +(\S+)$/i.exec(header('authorization') ?? '')?.[1]
  if (given !== undefined && isSame(token, given)) return
  throw new ApiError(
    'unauthenticated',
    given === undefined ? 'Send the control token: `Authorization: Bearer …`' : 'The control token is wrong',
    [],
    { 'WWW-Authenticate': 'Bearer realm="standin control"' },
  )
}

/** How long it takes does not tell how much of it was right. */
function isSame(token: string, given: string): boolean {
  let difference = token.length ^ given.length
  for (let at = 0; at < given.length; at += 1) {
    difference |= token.charCodeAt(at % token.length) ^ given.charCodeAt(at)
  }
  return difference === 0
}
