/**
 * Following many jobs of one API from their making to their end and beyond, at so many instants of a clock
 * that stands still in between.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import { readPointer } from '../../src/model/pointer.ts'
import type { Answers } from './followed.ts'
import { bodyOf } from './followed.ts'
import type { Life, Spoil, Tracked } from './life.ts'
import { beginLife, goOn, operationsOf, readsOf } from './life.ts'
import type { Sight } from './life-law.ts'
import { holdSight, isOver, isSameSight } from './life-law.ts'
import { makeAgain, makeJob, moveByHand } from './make.ts'
import type { Beside } from './probe.ts'
import { askForeign, cancelJob, followLinks, makeBeside, waitAsTold } from './probe.ts'

/** How much is followed. */
export interface Plan {
  readonly jobs: number
  readonly instants: number
  readonly seed: string
  readonly spoil?: Spoil
  /** The share of the jobs that are moved by hand at each instant. */
  readonly moved?: number
}

/** So many instants pass while jobs are made, a part of them at each. */
const WAVES = 5

/** Follows jobs of an API through their lives. */
export async function follow(id: string, { jobs, instants, seed, spoil, moved = 0 }: Plan): Promise<Life> {
  const life = await beginLife(id, seed, spoil)
  const beside = await makeBeside(life)
  for (; life.instant < instants + WAVES; life.instant += 1) {
    const share = life.instant < WAVES ? Math.ceil(jobs / WAVES) : 0
    for (let count = 0; count < share && life.jobs.length < jobs; count += 1) await makeJob(life)
    for (const tracked of life.jobs) if (moved > 0 && life.luck.chance(moved)) await moveByHand(life, tracked)
    await passInstant(life, beside, instants)
    goOn(life, 280 + life.luck.integer(0, 400))
  }
  await waitAsTold(life)
  return life
}

/** All that is asked while the clock shows one instant. */
async function passInstant(life: Life, beside: Beside, instants: number): Promise<void> {
  const { instant, jobs } = life
  const last = instant === instants + WAVES - 1
  for (const [turn, tracked] of jobs.entries()) {
    if (tracked.cancelAt.includes(instant)) await cancelJob(life, tracked)
    if (!isDue(life, tracked, turn, last)) continue
    await see(life, tracked, turn)
    if ((turn + instant) % 40 === 0) await followLinks(life, tracked)
    if ((turn + instant) % 30 === 0) await makeAgain(life, tracked)
  }
  if (instant % 5 === 0) await askForeign(life, beside)
  if (instant % 20 === 19 || last) await walkLists(life)
}

/** What has ended is looked at a few times more, and once at the very end. */
function isDue({ instant }: Life, { overAt }: Tracked, turn: number, last: boolean): boolean {
  return overAt < 0 || instant - overAt < 3 || last || (turn + instant) % 12 === 0
}

async function see(life: Life, tracked: Tracked, turn: number): Promise<void> {
  const { followed, door, ledger, counts, instant } = life
  const { made, last } = tracked
  const answers = await readsOf(life, made.id, turn + instant)
  const isSame = last !== null && isSameSight(last.answers, answers)
  const look = isSame ? last.look : followed.look(answers, made)
  const now: Sight = {
    made,
    atMs: door.nowMs(),
    answers: isSame ? { ...last.answers, ...answers } : answers,
    look,
  }
  holdSight(ledger, followed, now, last)
  if (made.usual && !isSame) await holdHandLaws(life, { ...now, answers }, turn)
  tracked.last = now
  if (look.state !== null) life.words.add(look.state)
  if (tracked.overAt < 0 && isOver(now)) tracked.overAt = instant
  counts.sights += 1
}

/** The laws that are written by hand beside the job contract. */
async function holdHandLaws(
  life: Life,
  { made, answers }: Sight,
  turn: number,
  item?: JsonObject,
): Promise<void> {
  const { door, followed, counts, handBroken, brokenLaws } = life
  const { handQueries } = followed
  if (handQueries !== undefined && (turn + life.instant) % 8 !== 0) return
  const view = door.world.jobs.find(made.id, door.nowMs())
  if (view === undefined) return
  const bodies: Record<string, JsonObject> = {}
  for (const operation of life.reads) {
    const query = handQueries?.[operation]
    const reply = query === undefined ? answers[operation] : await life.ask(operation, made.id, { query })
    if (reply?.status === 200) bodies[operation] = reply.body as JsonObject
  }
  const [list] = operationsOf(life.door, 'list')
  const of = list === undefined ? undefined : door.world.contract.operations[list]?.list?.of
  const listed = item ?? (of === undefined ? undefined : bodies[of])
  if (list !== undefined && listed !== undefined) bodies[list] = listed
  const { state, rows, nowMs, job } = view
  const seen = { id: made.id, outcome: job.outcome, state, rows, nowMs, prefix: `/${followed.api}` }
  const broken = brokenLaws({ ...seen, answers: followed.withTwins?.(bodies) ?? bodies })
  counts.handLaws += 1
  handBroken.push(...broken.map((law) => `${followed.api} ${made.id} (${state}): ${law}`))
}

/** Every job is in the list once, and its item says what the job itself says. */
async function walkLists(life: Life): Promise<void> {
  const { door, ledger, followed, jobs } = life
  for (const operation of operationsOf(life.door, 'list')) {
    const contract = door.world.contract.operations[operation]?.list
    if (contract == null) continue
    const items = new Map<string, string>()
    let token: Json = null
    do {
      const more = token === null ? '' : `&${contract.token}=${String(token)}`
      const page = await life.ask(operation, '', { query: `?${contract.limit}=100${more}` })
      const listed = (readPointer(page.body, contract.at) ?? []) as readonly JsonObject[]
      for (const item of listed) items.set(String(item['id']), JSON.stringify(item))
      token = readPointer(page.body, contract.next ?? '') ?? null
    } while (token !== null)
    const named = door.api.fixture?.jobs.length ?? 0
    const different = jobs.filter(({ made, last }) => !isListed(items.get(made.id), last, contract.of))
    ledger.hold('J13', `${followed.api} ${operation}`, {
      [`the list says of each job what the job says: ${different[0]?.made.id ?? 'all'}`]:
        different.length === 0,
      'no job is listed that nobody made': items.size === jobs.length + named,
    })
  }
}

/** What was seen of a job that had not ended is of this instant only if it was looked at now. */
function isListed(item: string | undefined, last: Sight | null, of: string): boolean {
  if (item === undefined || last === null) return false
  return JSON.stringify(bodyOf(last.answers as Answers, of)) === item
}
