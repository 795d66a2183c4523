import { describe, expect, it } from 'vitest'
import { createAim } from '../../src/contract/aiming.ts'
import { createSightings } from '../../src/contract/coverage/sightings.ts'
import { aimAt } from '../../src/contract/plan/aim.ts'
import { createRecorder } from '../../src/contract/recorder.ts'
import { createJudge } from '../../src/contract/subject.ts'
import { openSession } from '../../src/contract/target.ts'
import { createServer, JOBS } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'

const EXCHANGES = 2_000
/** Processor time, since wall time swings with the neighbours. */
const BUDGET_MS = 10_000

describe('the judge', () => {
  it('judges two thousand exchanges in process in ten seconds', async () => {
    const judge = createJudge(readSubject())
    const operation = judge.operations.get('readRows')
    if (operation === undefined) throw new Error('the document has lost readRows')
    const aim = createAim(judge, 'http://acme.test', [], {})
    const sightings = createSightings(judge)
    let judged = 0
    const recorder = createRecorder(
      { judge, session: openSession(createServer()), wants: () => true },
      (view) => {
        sightings.observe(view)
        judged += 1
      },
    )
    const path = { job_id: JOBS[0].id }
    const expects = { kind: 'accepted', pointer: operation.pointer } as const
    const start = process.cpuUsage()
    for (let number = 0; number < EXCHANGES; number += 1) {
      const query = [
        ['limit', '20'],
        ['page', String(1 + (number % 3))],
      ] as const
      await recorder.ask(aimAt(aim, { operation, purpose: `page ${number}`, path, query, expects }))
    }
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(BUDGET_MS)
    expect(judged).toBe(EXCHANGES)
    expect([...recorder.book.entries.values()].flatMap(({ findings }) => [...findings.values()])).toEqual([])
  }, 120_000)
})
