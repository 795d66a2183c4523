/**
 * A thousand jobs of each API, made through the front door and followed through their whole life at fifty
 * instants: no law of a job's life is broken, and each law bites on a server whose answers are spoiled.
 */
import { describe, expect, it } from 'vitest'
import { TERMINAL_STATES } from '../src/model/job.ts'
import { apis } from './living-jobs/door.ts'
import { follow } from './living-jobs/follow.ts'
import { LIFE_LAWS } from './living-jobs/followed.ts'
import type { Life } from './living-jobs/life.ts'
import { outcomesOf } from './living-jobs/life.ts'
import { spoiled } from './living-jobs/spoiled.ts'

const JOBS = 1_000
const INSTANTS = 50
/** On a machine that is busy with other things. */
const TIMEOUT_MS = 300_000

/** What the judge has found. */
function findingsOf({ book }: Life): readonly string[] {
  return [...book.entries.values()].flatMap((entry) =>
    [...entry.findings.values()].map(({ message }) => `${entry.operationId}: ${message}`),
  )
}

function toLine({ followed, ledger, counts, jobs }: Life, wrong: number): string {
  const looked = LIFE_LAWS.map(
    (law) => `${law} ${followed.silent[law] === undefined ? ledger.looked.get(law) : '-'}`,
  )
  const { answers, judged, sights, handLaws } = counts
  const all = `${answers} answers, ${judged} judged, ${sights} sights, ${handLaws} held to laws by hand`
  const lives = `${followed.api}: ${jobs.length} jobs, ${INSTANTS} instants`
  return `${lives}, ${all}; ${looked.join(', ')}; ${wrong} violations`
}

describe.each(apis.map(({ id }) => id))(`${JOBS} jobs of %s, at ${INSTANTS} instants of their life`, (id) => {
  it(
    'break no law',
    async () => {
      const life = await follow(id, { jobs: JOBS, instants: INSTANTS, seed: 'whole' })
      const { ledger, handBroken, followed, jobs } = life
      const findings = findingsOf(life)
      const broken = ledger.broken.map(({ message }) => message)
      const wrong = broken.length + findings.length + handBroken.length
      process.stdout.write(`${toLine(life, wrong)}\n`)
      expect(broken.slice(0, 10)).toEqual([])
      expect(findings.slice(0, 10)).toEqual([])
      expect(handBroken.slice(0, 10)).toEqual([])
      for (const law of LIFE_LAWS) {
        const looked = ledger.looked.get(law) ?? 0
        expect([law, looked > 0]).toEqual([law, followed.silent[law] === undefined])
      }
      expect([...outcomesOf(life)].sort()).toEqual([...TERMINAL_STATES].sort())
      expect([...life.words].sort()).toEqual(Object.keys(followed.moves ?? {}).sort())
      expect(jobs.every(({ overAt }) => overAt >= 0)).toBe(true)
    },
    TIMEOUT_MS,
  )
})

describe.each(apis.map(({ id }) => id))('jobs of %s that are moved by hand', (id) => {
  it('keep the laws of one look', async () => {
    const life = await follow(id, { jobs: 80, instants: INSTANTS, seed: 'moved', moved: 0.04 })
    const { ledger, handBroken } = life
    expect(ledger.broken.map(({ message }) => message).slice(0, 10)).toEqual([])
    expect([...findingsOf(life), ...handBroken].slice(0, 10)).toEqual([])
  })
})

describe('the laws of a life', () => {
  const few = { jobs: 24, instants: 36, seed: 'few' }

  it.each(apis.map(({ id }) => id))('find nothing in the answers of %s as they are', async (id) => {
    const { ledger } = await follow(id, few)
    expect(ledger.broken).toEqual([])
  })

  it.each(spoiled.map((each) => [each.law, each.api, each.what, each] as const))(
    '%s sees in %s that %s',
    async (law, api, _, { spoil }) => {
      const { ledger } = await follow(api, { ...few, spoil })
      expect(ledger.broken.map((breach) => breach.law)).toContain(law)
    },
  )

  it('are each seen to bite', () => {
    expect([...new Set(spoiled.map(({ law }) => law))].sort()).toEqual([...LIFE_LAWS])
  })
})
