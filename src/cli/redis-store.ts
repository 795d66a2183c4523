/**
 * Logs of events in Redis, by the scripts of `redis-scripts.ts`. Here are the connection, how long anything
 * waits, and what is said when there is no answer.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Entry, SandboxEvent } from '../world/event.ts'
import type { EventStore, LogSlice, Place } from '../world/event-store.ts'
import type { RedisAddress } from './redis-address.ts'
import { readRedisAddress } from './redis-address.ts'
import { LOG_SCRIPTS, SERVED_SCRIPT } from './redis-scripts.ts'

/** No command waits longer for its answer, */
const COMMAND_MS = 1_000
/** and a moment more, where this process was busy and the answer may lie here unread. */
const UNREAD_MS = 100
/** A connection on which nothing comes back for so long is given up, and another one is opened. */
const SILENCE_MS = 3_000
/** No attempt to connect waits longer, and no two are further apart. */
const CONNECT_MS = 2_000
/** At the start all of it takes no longer. */
const START_MS = 5_000
/** A connection that is given up is closed in so long. */
const CLOSE_MS = 200

const SERVED_KEY = 'standin:served'

/** What the replicas of one Redis serve. */
export interface Served {
  /** How sandboxes begin, in words: two that begin otherwise are two worlds. */
  readonly beginning: string
  /** A digest for each API; the empty text where none was told. */
  readonly apis: Readonly<Record<string, string>>
}

/** Logs in Redis. */
export interface RedisStore extends EventStore {
  /** As messages show it. */
  readonly shown: string
  /** Tells what is served here, and gives back what was found. */
  announce(served: Served): Promise<Served>
}

type Script = (log: string, head: string, ...args: (string | number)[]) => Promise<unknown>

/** The client, and the scripts that it was taught. */
type Client = import('ioredis').Redis &
  Record<keyof typeof LOG_SCRIPTS, Script> & {
    standinServed(key: string, ...args: string[]): Promise<[string, readonly string[]]>
  }

/** What the scripts answer. */
type SliceReply = readonly [
  clock: number,
  stamp: number,
  anew: number,
  from: number,
  end: number,
  length: number,
  entries: readonly string[],
]
type AppendReply =
  | readonly [refused: 0, slice: SliceReply]
  | readonly [taken: 1, clock: number, position: number, mark: string, length: number]

/** Both keys of a sandbox are in one slot. */
function keysOf(key: string): [log: string, head: string] {
  return [`standin:{${key}}:log`, `standin:{${key}}:head`]
}

/**
 * Connects to Redis.
 *
 * @param url - `redis://` or `rediss://`.
 * @param report - Told when the connection is lost and when it is back.
 * @throws {@link UsageError} when the package `ioredis` is not there, the URL is none, or nobody answers.
 */
export async function createRedisStore(url: string, report: (text: string) => void): Promise<RedisStore> {
  const address = readRedisAddress(url)
  const { shown } = address
  const client = await connect(address, report)
  return {
    shown,
    async read(key, place) {
      return toSlice(
        place,
        (await ask(() => client.standinRead(...keysOf(key), ...partsOf(place)))) as SliceReply,
      )
    },
    async append(key, place, events, stampMs) {
      const args = [...partsOf(place), stampMs, ...events.map((event) => JSON.stringify(event))]
      const reply = (await ask(() => client.standinAppend(...keysOf(key), ...args))) as AppendReply
      if (reply[0] === 0) return { isTaken: false, slice: toSlice(place, reply[1]) }
      const [, clockMs, position, mark, length] = reply
      return { isTaken: true, clockMs, place: placeOf(position, mark), length }
    },
    async compact(key, place, { stampMs, event }) {
      const args = [...partsOf(place), stampMs, JSON.stringify(event)]
      await ask(() => client.standinCompact(...keysOf(key), ...args))
    },
    keys: () => scan(client),
    async remove(keys) {
      if (keys.length > 0) await ask(() => client.unlink(...keys.flatMap(keysOf)))
    },
    async announce({ beginning, apis }) {
      const names = Object.keys(apis)
      const args = names.flatMap((name) => [name, apis[name] ?? ''])
      const [found, before] = await ask(() => client.standinServed(SERVED_KEY, beginning, ...args))
      return { beginning: found, apis: Object.fromEntries(names.map((name, at) => [name, before[at] ?? ''])) }
    },
    async close() {
      client.disconnect()
    },
  }
}

/** Whoever asks is told that there was no answer, and when to try again; where Redis is stays among us. */
async function ask<Result>(command: () => Promise<Result>): Promise<Result> {
  try {
    return await within(COMMAND_MS, command)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const away = `The store of the sandboxes does not answer: ${reason}`
    throw new ApiError('store_away', away, [], { 'Retry-After': '1' })
  }
}

async function connect({ shown, ...address }: RedisAddress, report: (text: string) => void): Promise<Client> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new UsageError('--store redis://… needs a package: npm install ioredis@6.0.0')
  })
  const client = new Redis({
    ...address,
    lazyConnect: true,
    connectionName: 'standin',
    // What was sent and not answered may have happened: it is never sent again.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENCE_MS,
    connectTimeout: CONNECT_MS,
    disconnectTimeout: CLOSE_MS,
    retryStrategy: (attempt) => Math.min(CONNECT_MS, 50 * 2 ** Math.min(attempt, 10)),
    // A primary that has become a replica: the address leads to another one by now.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  }) as Client
  for (const [name, lua] of Object.entries(LOG_SCRIPTS)) client.defineCommand(name, { numberOfKeys: 2, lua })
  client.defineCommand('standinServed', { numberOfKeys: 1, lua: SERVED_SCRIPT })
  // Each command tells of its own failure, and the client connects again by itself.
  let trouble = 'no answer'
  client.on('error', ({ message }: Error) => {
    trouble = message
  })
  const cannot = (reason: string): UsageError => new UsageError(`--store ${shown} cannot be used: ${reason}`)
  try {
    await within(START_MS, async () => {
      await client.connect()
      // The client takes database 0 where it cannot have the one that was asked for.
      await client.select(address.db)
      await client.standinRead(...keysOf(''), 0, '')
    })
  } catch (error) {
    client.disconnect()
    const refused = error instanceof Error && error.name === 'ReplyError'
    throw cannot(refused ? error.message : trouble)
  }
  tellOfLosses(client, shown, report)
  return client
}

async function within<Result>(ms: number, action: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new Error(`nothing came back in ${ms} ms`))
    timer = setTimeout(() => {
      timer = setTimeout(giveUp, UNREAD_MS)
    }, ms)
  })
  return Promise.race([action(), late]).finally(() => clearTimeout(timer))
}

function tellOfLosses(client: Client, shown: string, report: (text: string) => void): void {
  let isAway = false
  client.on('error', ({ message }: Error) => {
    if (!isAway) report(`the store ${shown} is away: ${message}`)
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) report(`the store ${shown} is back`)
    isAway = false
  })
}

async function scan(client: Client): Promise<readonly string[]> {
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, names] = await ask(() => client.scan(cursor, 'MATCH', 'standin:{*}:log', 'COUNT', 1_000))
    for (const name of names) found.add(name.slice('standin:{'.length, -'}:log'.length))
    cursor = next
  } while (cursor !== '0')
  return [...found]
}

function placeOf(position: number, mark: string): Place {
  return `${position} ${mark}`
}

function partsOf(place: Place): [position: number, mark: string] {
  const [position = '', mark = ''] = place.split(' ')
  return [Number(position), mark]
}

function toSlice(asked: Place, [clockMs, stampMs, anew, from, end, length, texts]: SliceReply): LogSlice {
  const last = /^\d+ (\d+)/.exec(texts.at(-1) ?? '')?.[1]
  const mark = last ?? (anew === 1 ? '' : partsOf(asked)[1])
  const position = from + texts.length
  return {
    ...{ clockMs, stampMs, length, isAnew: anew === 1, hasMore: position < end },
    entries: texts.map(toEntry),
    place: placeOf(position, mark),
  }
}

function toEntry(text: string): Entry {
  const marked = text.indexOf(' ')
  const told = text.indexOf(' ', marked + 1)
  return {
    stampMs: Number(text.slice(0, marked)),
    event: JSON.parse(text.slice(told + 1)) as SandboxEvent,
  }
}
