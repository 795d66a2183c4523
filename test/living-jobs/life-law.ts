/**
 * The laws of a job's life, J01 to J13, on what two looks at it say. Which API it is they do not know; what
 * must be asked for to see a law (links, cancellations, foreign ids) is in `probe.ts` and `make.ts`.
 *
 * @module
 */
import type { Answers, Followed, LifeLaw, Look, Made } from './followed.ts'
import { LIFE_LAWS, untrue } from './followed.ts'

/** A job as it was seen at an instant. */
export interface Sight {
  readonly made: Made
  readonly atMs: number
  readonly answers: Answers
  readonly look: Look
}

/** How often each law had something to look at, and where it did not hold. */
export interface Ledger {
  readonly looked: ReadonlyMap<LifeLaw, number>
  readonly broken: readonly { readonly law: LifeLaw; readonly message: string }[]
  /** Looks once: every claim must be true. */
  hold(law: LifeLaw, about: string, claims: Readonly<Record<string, boolean>>): void
  /** Looks once: there must be no complaint. */
  silent(law: LifeLaw, about: string, complaints: readonly string[]): void
}

/** Opens an empty ledger; only the first breaches of each law are kept. */
export function openLedger(): Ledger {
  const looked = new Map<LifeLaw, number>(LIFE_LAWS.map((law) => [law, 0]))
  const broken: { law: LifeLaw; message: string }[] = []
  const ledger: Ledger = {
    looked,
    broken,
    hold: (law, about, claims) => ledger.silent(law, about, untrue(claims)),
    silent(law, about, complaints) {
      looked.set(law, (looked.get(law) ?? 0) + 1)
      for (const complaint of complaints) broken.push({ law, message: `${law} ${about}: ${complaint}` })
    },
  }
  return ledger
}

/** No job that is drawn lives longer. */
const LONGEST_MS = 18_000

/** It has ended, by its own word or, where it has none, because its time is over. */
export function isOver({ made, atMs, look }: Sight): boolean {
  return look.ended ?? atMs >= made.atMs + (made.granted.afterMs ?? LONGEST_MS)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Every answer is the same, byte for byte. */
export function isSameSight(a: Answers, b: Answers): boolean {
  return Object.entries(b).every(([operation, reply]) => {
    const other = a[operation]
    return other === undefined || (other.text === reply.text && other.status === reply.status)
  })
}

/** Holds a sight to the laws, and what changed since the one before it. */
export function holdSight(ledger: Ledger, followed: Followed, now: Sight, before: Sight | null): void {
  const about = `${followed.api} ${now.made.id} at +${now.atMs - now.made.atMs} ms`
  holdPair(ledger, followed, now, before, about)
  if (before?.look === now.look) return
  holdAlone(ledger, followed, now, about)
}

function holdPair(
  ledger: Ledger,
  { moves, silent }: Followed,
  now: Sight,
  before: Sight | null,
  about: string,
): void {
  const [state, from] = [now.look.state ?? '', before?.look.state ?? Object.keys(moves ?? {})[0] ?? '']
  if (moves !== null) {
    ledger.hold('J01', about, {
      [`from ${from} no job goes to ${state}`]: state === from || moves[from]?.includes(state) === true,
    })
  }
  if (before === null) return
  if (isOver(before)) {
    ledger.silent(
      'J02',
      about,
      Object.entries(now.answers).flatMap(([operation, reply]) => {
        const first = before.answers[operation]
        const [etag, other] = [reply.headers.get('etag'), first?.headers.get('etag')]
        const kept = first === undefined || (first.status === reply.status && first.text === reply.text)
        return kept && (first === undefined || etag === other) ? [] : [`${operation} answers otherwise`]
      }),
    )
  }
  const isSame = before.look === now.look
  if (silent.J03 === undefined) ledger.silent('J03', about, isSame ? [] : falls(before.look, now.look))
}

/** What fell, or changed that was fixed. */
function falls(before: Look, now: Look): readonly string[] {
  const fell = Object.keys(now.growing).filter((name) => {
    return (before.growing[name] ?? Number.NEGATIVE_INFINITY) > (now.growing[name] ?? 0)
  })
  const changed = Object.keys(before.fixed).filter((name) => {
    const known = before.fixed[name] ?? null
    return known !== null && name in now.fixed && !same(known, now.fixed[name])
  })
  const first = before.rows?.ids ?? []
  const moved = !same(now.rows?.ids.slice(0, first.length) ?? [], first)
  return [
    ...fell.map((name) => `${name} falls from ${before.growing[name]} to ${now.growing[name]}`),
    ...changed.map((name) => `${name} changes`),
    ...(moved ? ['a row that was there is gone'] : []),
  ]
}

function holdAlone(ledger: Ledger, followed: Followed, now: Sight, about: string): void {
  const { made, look, answers, atMs } = now
  const { silent } = followed
  if (look.work !== null) {
    const { done, failed, total } = look.work
    ledger.hold('J03', about, {
      '0 <= failed <= done <= total': 0 <= failed && failed <= done && done <= total,
    })
  }
  if (isOver(now)) ledger.silent('J04', about, followed.unfinished(answers, made))
  if (look.times !== null) ledger.silent('J05', about, disorder(now))
  if (look.blame !== null) {
    const { failed, told, whole } = look.blame
    ledger.hold('J06', about, {
      'an error is told exactly of a failed job': failed === told,
      'it is whole': whole,
    })
  }
  ledger.hold('J07', about, {
    'every id is its own': look.ids.every((id) => id === made.id),
    'it is found': Object.values(answers).every(({ status }) => status !== 404),
  })
  const waits =
    followed.moves === null
      ? atMs === made.atMs && (made.granted.afterMs ?? LONGEST_MS) > 1_000
      : look.state === Object.keys(followed.moves)[0]
  if (waits && silent.J12 === undefined) ledger.silent('J12', about, followed.unempty(answers))
  if (silent.J13 === undefined) {
    const { ids = [], totals = [], more = false } = look.rows ?? {}
    const counted = more || totals.every((total) => total === ids.length)
    ledger.silent('J13', about, [
      ...(counted ? [] : [`${totals.join(', ')} rows are counted and ${ids.length} are there`]),
      ...followed.disagreements(answers),
    ])
  }
}

/** How the instants of a job are out of order. */
function disorder({ made, atMs, look, answers }: Sight): readonly string[] {
  const { times } = look
  if (times === null) return []
  const { created, started, ended, unstarted, between } = times
  const line = [
    created,
    ...(started === null ? [] : [started]),
    ...between,
    ...(ended === null ? [] : [ended]),
  ]
  const dates = Object.values(answers).map(({ headers }) => Date.parse(headers.get('date') ?? ''))
  return untrue({
    'it was created when it was made': created === made.atMs,
    'its instants rise': line.every((ms, place) => ms >= (line[place - 1] ?? created)),
    'none of them is of the future': line.every((ms) => ms <= atMs),
    'it has started unless it waits': (started === null) === unstarted,
    'it has an end exactly once it has ended': look.ended === null || (ended !== null) === look.ended,
    'the answers are dated by the same clock': dates.every((ms) => ms === Math.floor(atMs / 1_000) * 1_000),
  })
}
