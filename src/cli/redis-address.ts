/**
 * Where a Redis is, from a URL. What stands in it is taken by name, and nothing else, so that no URL changes
 * how the client behaves.
 *
 * @module
 */
import { UsageError } from '../model/usage-error.ts'

/** How to reach a Redis. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: Record<string, never>
  /** As messages show it: without credentials. */
  readonly shown: string
}

const DEFAULT_PORT = 6_379

/**
 * Reads the URL of a Redis: `redis://user:password@host:port/database`, or `rediss://` for TLS.
 *
 * @throws {@link UsageError} when it is none; the message shows nothing of it.
 */
export function readRedisAddress(url: string): RedisAddress {
  const parsed = /^rediss?:\/\//i.test(url) && URL.canParse(url) ? new URL(url) : null
  const db = parsed === null ? null : (/^\/?(\d{0,5})\/?$/.exec(parsed.pathname)?.[1] ?? null)
  if (parsed === null || db === null || parsed.search !== '' || parsed.hash !== '') {
    throw new UsageError(
      '--store must be memory or a URL such as redis://127.0.0.1:6379/0, with no query behind it',
    )
  }
  const { protocol, hostname, port, pathname } = parsed
  const [username, password] = [plain(parsed.username), plain(parsed.password)]
  return {
    host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: port === '' ? DEFAULT_PORT : Number(port),
    db: Number(db),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    shown: `${protocol}//${parsed.host}${pathname === '/' ? '' : pathname}`,
  }
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new UsageError('--store: user and password must be percent-encoded, a percent sign as %25')
  }
}
