/**
 * Logs of events in Redis: a list for each sandbox, read, compared and appended by scripts, so that each is
 * one round trip and happens whole or not at all. Stamps are of Redis's own clock.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Entry, SandboxEvent } from '../world/event.ts'
import type { EventStore, LogSlice } from '../world/event-store.ts'

/** No command waits longer for its answer. */
const COMMAND_MS = 1_000
/** No attempt to connect waits longer, and no two are further apart. */
const CONNECT_MS = 2_000

/** What Redis's clock shows, never less than the last stamp; `base` is the position of the first entry. */
const HEAD = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local head = redis.call('HMGET', KEYS[2], 'base', 'stamp')
local base = tonumber(head[1] or '0')
local stamp = tonumber(head[2] or '0')
if stamp > now then now = stamp end
local length = redis.call('LLEN', KEYS[1])
local position = tonumber(ARGV[1])
`

const SCRIPTS = {
  standinRead: `${HEAD}
local from = position
if position < base or position > base + length then from = base end
return { string.format('%.0f', now), from, redis.call('LRANGE', KEYS[1], from - base, -1) }
`,
  standinAppend: `${HEAD}
if position ~= base + length then return false end
local text = string.format('%.0f', now)
for index = 2, #ARGV do redis.call('RPUSH', KEYS[1], text .. ' ' .. ARGV[index]) end
redis.call('HSET', KEYS[2], 'stamp', text)
return text
`,
  standinCompact: `${HEAD}
if position <= base + 1 or position > base + length then return 0 end
redis.call('LTRIM', KEYS[1], position - base, -1)
redis.call('LPUSH', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], 'base', string.format('%.0f', position - 1))
return 1
`,
}

type Script = (log: string, head: string, ...args: (string | number)[]) => Promise<unknown>

/** The client, and the scripts that it was taught. */
type Client = import('ioredis').Redis & Record<keyof typeof SCRIPTS, Script>

/** Both of a sandbox's keys are in one slot. */
function keysOf(key: string): [log: string, head: string] {
  return [`standin:{${key}}:log`, `standin:{${key}}:head`]
}

/**
 * Connects to Redis.
 *
 * @param url - `redis://` or `rediss://`.
 * @throws {@link UsageError} when the package `ioredis` is not there, the URL is none, or nobody answers.
 */
export async function createRedisStore(url: string): Promise<EventStore> {
  const shown = withoutPassword(url)
  const client = await connect(url, shown)

  async function ask<Result>(command: () => Promise<Result>): Promise<Result> {
    try {
      return await command()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const away = `The store of the sandboxes, ${shown}, does not answer: ${reason}`
      throw new ApiError('store_away', away, [], { 'Retry-After': '1' })
    }
  }

  return {
    async read(key, position) {
      const answer = await ask(() => client.standinRead(...keysOf(key), position))
      return toSlice(answer as [string, number, readonly string[]])
    },
    async append(key, position, events) {
      const texts = events.map((event) => JSON.stringify(event))
      const stamp = await ask(() => client.standinAppend(...keysOf(key), position, ...texts))
      return stamp === null ? null : { stampMs: Number(stamp) }
    },
    async compact(key, position, { stampMs, event }) {
      const text = `${stampMs} ${JSON.stringify(event)}`
      await ask(() => client.standinCompact(...keysOf(key), position, text))
    },
    keys: () => ask(() => scan(client)),
    async remove(keys) {
      if (keys.length > 0) await ask(() => client.del(...keys.flatMap(keysOf)))
    },
    async close() {
      client.disconnect()
    },
  }
}

async function connect(url: string, shown: string): Promise<Client> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new UsageError('--store redis://… needs a package: npm install ioredis@6.0.0')
  })
  const client = new Redis(url, {
    lazyConnect: true,
    // What was sent and not answered may have happened: it is never sent again.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    connectTimeout: CONNECT_MS,
    retryStrategy: (attempt) => Math.min(CONNECT_MS, 50 * 2 ** Math.min(attempt, 10)),
  }) as Client
  // Each command tells of its own failure, and the client connects again by itself.
  let trouble = 'no answer'
  client.on('error', (error: Error) => {
    trouble = error.message
  })
  for (const [name, lua] of Object.entries(SCRIPTS)) client.defineCommand(name, { numberOfKeys: 2, lua })
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    client.disconnect()
    const refused = error instanceof Error && error.name === 'ReplyError'
    throw new UsageError(`--store ${shown} cannot be used: ${refused ? error.message : trouble}`)
  }
  return client
}

async function scan(client: Client): Promise<readonly string[]> {
  const found = new Set<string>()
  for await (const names of client.scanStream({ match: 'standin:{*}:log', count: 1_000 })) {
    for (const name of names as readonly string[]) found.add(name.slice('standin:{'.length, -'}:log'.length))
  }
  return [...found]
}

function toSlice([stamp, from, texts]: readonly [string, number, readonly string[]]): LogSlice {
  return { stampMs: Number(stamp), from, entries: texts.map(toEntry) }
}

function toEntry(text: string): Entry {
  const end = text.indexOf(' ')
  return { stampMs: Number(text.slice(0, end)), event: JSON.parse(text.slice(end + 1)) as SandboxEvent }
}

/** No message shows a password. */
function withoutPassword(url: string): string {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError('--store must be memory or a URL such as redis://127.0.0.1:6379')
  }
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
