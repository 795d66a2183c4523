/**
 * Clocks of sandboxes as a client sees them: what moves them, by how much, and which instants they stamp.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { ClockMode } from '../../src/world/clock.ts'
import { assembled } from '../assembled.ts'
import type { Door, Reply } from '../living-jobs/door.ts'
import { apiNamed, apis, beginningWith, doorOf, openDoor } from '../living-jobs/door.ts'
import { followedOf } from '../living-jobs/followed.ts'
import { luckOf } from '../living-jobs/luck.ts'

const EPOCH = Date.UTC(2026, 0, 1)
const VIRTUAL: readonly ClockMode[] = ['frozen', 'auto', 'step']
const MAKE = { headers: { prefer: 'outcome=succeeded, after=PT10S' } }

async function made(door: Door, headers: Readonly<Record<string, string>> = MAKE.headers): Promise<string> {
  const followed = await followedOf(door.api.id)
  const [operationId = ''] = Object.keys(followed.bodies)
  const { body } = followed.bodies[operationId]?.(luckOf('clock')) ?? {}
  const receipt = await door.ask(operationId, '', { body: body ?? {}, headers })
  expect(receipt.status).toBeLessThan(300)
  return String(
    (receipt.body as JsonObject)[(door.world.contract.operations[operationId]?.id ?? '/id').slice(1)],
  )
}

const dateOf = ({ headers }: Reply): number => Date.parse(headers.get('date') ?? '')
const STATUS: Readonly<Record<string, string>> = {
  'llama-stack': 'getEvalJobStatus',
  'scale-dex': 'getJob',
  skop: 'getJobStatus',
  talonic: 'getJob',
  deepset: 'getJobResults',
}

describe('a clock that stands still', () => {
  it('is moved by no read', async () => {
    const door = await openDoor('skop', 'frozen')
    const id = await made(door)
    const first = await door.ask('getJobStatus', id)
    for (let count = 0; count < 5; count += 1) {
      expect((await door.ask('getJobStatus', id)).text).toBe(first.text)
      await door.ask('getJobResults', id)
    }
    expect(door.nowMs()).toBe(EPOCH)
  })
})

describe.each(apis.map(({ id }) => id))('a clock of mode auto, on a job of %s', (id) => {
  it('takes the job through its life, a change a read', async () => {
    const door = await openDoor(id, 'auto')
    const job = await made(door)
    const instants: number[] = []
    const texts: string[] = []
    for (let count = 0; count < 5; count += 1) {
      const { text } = await door.ask(STATUS[id] ?? '', job)
      texts.push(text)
      instants.push(door.nowMs() - EPOCH)
    }
    const [starts = 0, half = 0, ends, ...after] = instants
    expect(starts).toBeGreaterThan(0)
    expect(half).toBeGreaterThan(starts)
    expect([ends, ...after]).toEqual([10_000, 10_000, 10_000])
    expect(texts[3]).toBe(texts[2])
    expect(texts[4]).toBe(texts[2])
  })
})

describe('a clock of mode auto', () => {
  it('jumps to what happens next in the whole sandbox, whichever job it happens to', async () => {
    const both = await assembled(['skop', 'talonic'].map(apiNamed), beginningWith('auto'))
    const [skop, talonic] = [doorOf(both, 'skop', 'default'), doorOf(both, 'talonic', 'default')]
    const slow = await made(skop, { prefer: 'outcome=succeeded, after=PT1H' })
    const quick = await made(talonic, { prefer: 'outcome=succeeded, after=PT2S' })
    const seen: number[] = []
    for (let count = 0; count < 4; count += 1) {
      await skop.ask('getJobStatus', slow)
      seen.push(skop.nowMs() - EPOCH)
    }
    expect(seen.slice(0, 3).at(-1)).toBe(2_000)
    expect(seen[3]).toBeGreaterThan(2_000)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect((await talonic.ask('getJob', quick)).body).toMatchObject({ status: 'complete' })
  })

  it('takes a client of results through the time in which there are none', async () => {
    const door = await openDoor('llama-stack', 'auto')
    const id = await made(door)
    const statuses: number[] = []
    for (let count = 0; count < 4; count += 1) statuses.push((await door.ask('getEvalJobResult', id)).status)
    expect(statuses).toEqual([400, 400, 200, 200])
  })

  it('is moved by HEAD as by GET', async () => {
    const door = await openDoor('skop', 'auto')
    const id = await made(door)
    const { headers, status } = await door.ask('getJobStatus', id, { method: 'HEAD' })
    expect(status).toBe(200)
    expect(door.nowMs()).toBeGreaterThan(EPOCH)
    expect(Number(headers.get('content-length'))).toBeGreaterThan(100)
  })

  it('is moved by a list while anything in it lives, and not afterwards', async () => {
    const door = await openDoor('talonic', 'auto')
    await door.ask('listJobs', '')
    expect(door.nowMs()).toBe(EPOCH)
    const id = await made(door)
    for (let count = 0; count < 3; count += 1) await door.ask('listJobs', '')
    expect(door.nowMs()).toBe(EPOCH + 10_000)
    await door.ask('listJobs', '')
    expect(door.nowMs()).toBe(EPOCH + 10_000)
    expect((await door.ask('getJob', id)).body).toMatchObject({ status: 'complete' })
  })

  it('is not moved by what makes or cancels a job', async () => {
    const door = await openDoor('skop', 'auto')
    const [first, second] = [await made(door), await made(door)]
    expect(door.nowMs()).toBe(EPOCH)
    await door.ask('cancelJob', first)
    expect(door.nowMs()).toBe(EPOCH)
    await door.ask('getJobStatus', second)
    expect(door.nowMs()).toBeGreaterThan(EPOCH)
  })
})

describe.each(['auto', 'step'] as const)('a clock of mode %s', (mode) => {
  it('is not moved by a read of a job that is held or has ended', async () => {
    const door = await openDoor('skop', mode)
    const living = await made(door)
    const ended = await made(door, { prefer: 'outcome=failed, after=0' })
    for (const { id } of door.api.fixture?.jobs ?? []) {
      await door.ask('getJobStatus', id)
      await door.ask('getJobResults', id)
    }
    await door.ask('getJobStatus', ended)
    expect(door.nowMs()).toBe(EPOCH)
    await door.ask('getJobStatus', living)
    expect(door.nowMs()).toBeGreaterThan(EPOCH)
  })

  it('is not moved by a request that is refused', async () => {
    const door = await openDoor('deepset', mode)
    const id = await made(door)
    const path = door.path('getJobResults', id)
    const cursor = '?after=00000000-0000-7000-8000-000000000000'
    const refused = [
      await door.ask('getJobResults', id, { headers: { authorization: '' } }),
      await door.ask('getJobResults', id, { query: '?limit=101' }),
      await door.ask('getJobResults', id, { query: cursor }),
      await door.ask('getJobResults', id, { query: '?filter=colour%20eq%20%27red%27' }),
      await door.ask('getJobResults', id, { query: '?select=colour' }),
      await door.ask('getJobResults', 'job'),
      await door.ask('getJobResults', '00000000-0000-4000-8000-000000000000'),
      await door.askPath(
        'GET',
        door.path('getJobResults', id, { workspace_id: '00000000-0000-4000-8000-000000000000' }),
      ),
      await door.ask('getJobResults', id, { headers: { prefer: 'code=404' } }),
      await door.ask('getJobResults', id, { headers: { prefer: 'outcome=soon' } }),
      await door.askPath('PUT', path),
      await door.askPath('GET', `${path}/more`),
    ]
    expect(refused.map(({ status }) => status)).toEqual([
      401, 422, 422, 422, 422, 422, 404, 404, 404, 400, 405, 404,
    ])
    expect(door.nowMs()).toBe(EPOCH)
  })

  it('is not moved by a refused list', async () => {
    const door = await openDoor('scale-dex', mode)
    await made(door)
    expect((await door.ask('listJobs', '', { query: '?continuation_token=abc' })).status).toBe(422)
    expect(door.nowMs()).toBe(EPOCH)
    expect((await door.ask('listJobs', '')).status).toBe(200)
    expect(door.nowMs()).toBeGreaterThan(EPOCH)
  })

  it('is not moved by a look at what would be answered', async () => {
    const door = await openDoor('skop', mode)
    const id = await made(door)
    for (const prefer of ['code=200', 'code=500', 'dynamic=false', 'code=200, example=completed']) {
      await door.ask('getJobStatus', id, { headers: { prefer } })
    }
    expect(door.nowMs()).toBe(EPOCH)
  })
})

describe('a clock of mode step', () => {
  it('goes on by its step at each read of a job that lives', async () => {
    const door = await openDoor('skop', 'step')
    const id = await made(door)
    door.setClock('step', null, 2_500)
    const states: unknown[] = []
    for (let count = 1; count <= 6; count += 1) {
      const { body } = await door.ask(count % 2 === 0 ? 'getJobResults' : 'getJobStatus', id)
      states.push((body as JsonObject)['status'])
      expect(door.nowMs()).toBe(EPOCH + Math.min(count, 4) * 2_500)
    }
    expect(states).toEqual([
      'in_progress',
      'in_progress',
      'in_progress',
      'completed',
      'completed',
      'completed',
    ])
  })
})

describe('a real clock', () => {
  it('goes by the wall, stamps nothing itself, and is moved by no read', async () => {
    const server = await assembled([apiNamed('skop')])
    const door = doorOf(server, 'skop', 'default')
    const id = await made(door)
    const reply = await door.ask('getJobStatus', id)
    expect(reply.headers.get('date')).toBeNull()
    expect((reply.body as JsonObject)['created_at']).toBe('2026-01-02T00:00:00.000Z')
    expect(door.nowMs()).toBe(Date.UTC(2026, 0, 2))
  })

  it('is ahead of the wall once it was moved, and goes on from there', async () => {
    const door = doorOf(await assembled([apiNamed('skop')]), 'skop', 'default')
    const id = await made(door)
    door.moveTo(door.nowMs() + 86_400_000)
    expect((await door.ask('getJobStatus', id)).body).toMatchObject({ status: 'completed' })
    expect((await door.ask('getJobStatus', await made(door))).body).toMatchObject({
      created_at: '2026-01-03T00:00:00.000Z',
    })
  })
})

describe.each(VIRTUAL)('on a virtual clock of mode %s', (mode) => {
  it('every answer is dated by it, a refusal and an unknown job too', async () => {
    const door = await openDoor('skop', mode)
    const id = await made(door)
    door.setClock(mode, Date.UTC(2031, 4, 6, 7, 8, 9, 123))
    const asked = [
      await door.ask('getJobStatus', door.api.fixture?.jobs[0]?.id ?? ''),
      await door.ask('getJobStatus', 'job_1'),
      await door.ask('getJobStatus', id, { headers: { authorization: '' } }),
      await door.ask('createJob', '', { body: { website: 7 } }),
      await door.ask('getJobStatus', id, { headers: { prefer: 'code=500' } }),
      await door.ask('getJobStatus', id, { headers: { prefer: 'after=never' } }),
      await door.askPath('GET', '/skop/nowhere'),
      await door.askPath('PATCH', '/skop/scrape/'),
    ]
    expect(asked.map(({ status }) => status)).toEqual([200, 404, 401, 400, 500, 400, 404, 405])
    expect(asked.map(dateOf)).toEqual(asked.map(() => Date.UTC(2031, 4, 6, 7, 8, 9)))
    for (const { body, status } of asked.slice(1, 5)) {
      expect([status, (body as JsonObject)['timestamp']]).toEqual([status, '2031-05-06T07:08:09.123Z'])
    }
  })

  it('a read that moves it is dated after the move, and knows no later instant', async () => {
    const door = await openDoor('talonic', mode)
    const id = await made(door)
    for (let count = 0; count < 14; count += 1) {
      const reply = await door.ask('getJob', id)
      expect(dateOf(reply)).toBe(Math.floor(door.nowMs() / 1_000) * 1_000)
      const { completed_at: end } = reply.body as JsonObject
      if (typeof end === 'string') expect(Date.parse(end)).toBeLessThanOrEqual(door.nowMs())
    }
  })

  it('limits are over at instants of the clock', async () => {
    const talonic = await openDoor('talonic', mode)
    const [job] = talonic.api.fixture?.jobs ?? []
    talonic.setClock(mode, Date.UTC(2031, 4, 6, 18))
    const reply = await talonic.ask('getJob', job?.id ?? '')
    expect(reply.headers.get('x-ratelimit-reset')).toBe('2031-05-07T00:00:00.000Z')
    const refused = await talonic.ask('getJob', job?.id ?? '', { headers: { prefer: 'code=429' } })
    expect(refused.headers.get('retry-after')).toBe(String(6 * 3_600))
  })
})

describe('a clock that is put back', () => {
  it('leaves every answer sound, and takes a job through its life once more', async () => {
    const door = await openDoor('skop', 'frozen')
    const id = await made(door)
    door.setClock('frozen', EPOCH + 20_000)
    const over = await door.ask('getJobStatus', id)
    door.setClock('frozen', EPOCH - 86_400_000)
    expect((await door.ask('getJobStatus', id)).body).toMatchObject({ status: 'pending', is_active: true })
    expect((await door.ask('getJobResults', id)).body).toMatchObject({ total_runtime_seconds: 0 })
    door.setClock('frozen', EPOCH + 20_000)
    expect((await door.ask('getJobStatus', id)).text).toBe(over.text)
  })
})
