/**
 * Requests that are sent again with their idempotency key: the first answer comes again, byte for byte, and
 * nothing happens a second time.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { assembled } from '../assembled.ts'
import type { Door, Reply } from '../living-jobs/door.ts'
import { apiNamed, beginningWith, doorOf, openDoor } from '../living-jobs/door.ts'

const DAY = 86_400_000
const BODY = {
  schema_id: '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580',
  document_ids: ['c84d1f07-6b2a-4e95-b3d8-0a9f7e5c2146', '2be96a53-d170-4c8f-8a24-f6150b9d7e38'],
  name: 'März 👩🏽‍🌾',
}
const key = (text: string) => ({ 'idempotency-key': text })

let door: Door
beforeEach(async () => {
  door = await openDoor('talonic')
})

const create = (text: string | null, body: JsonObject = BODY, prefer = ''): Promise<Reply> =>
  door.ask('createJob', '', { body, headers: { ...(text === null ? {} : key(text)), prefer } })
const cancel = (id: string, text: string | null): Promise<Reply> =>
  door.ask('cancelJob', id, text === null ? {} : { headers: key(text) })
const idOf = ({ body }: Reply): string => String((body as JsonObject)['id'])
const jobs = (): number => door.world.jobs.all(door.nowMs()).length - (door.api.fixture?.jobs.length ?? 0)
const whole = ({ status, headers, text }: Reply): readonly unknown[] => [status, [...headers], text]
/** Apart from the hour of the answer, and of the limit that goes with it. */
const said = ({ status, text }: Reply): readonly unknown[] => [status, text]
const refusal = ({ status, body }: Reply): readonly unknown[] => [status, (body as JsonObject)['code']]

describe('a job that is made twice with one key', () => {
  it('is one job, and both answers are the same in status, headers and body', async () => {
    const first = await create('a')
    expect(first.status).toBe(201)
    expect(whole(await create('a'))).toEqual(whole(first))
    expect(jobs()).toBe(1)
    const { body } = await door.ask('listJobs', '', { query: '?limit=100' })
    const listed = (body as { readonly data: readonly JsonObject[] }).data
    expect(listed.filter(({ id }) => id === idOf(first))).toHaveLength(1)
  })

  it('has its first answer all its life, when it is over, cancelled, moved or taken away', async () => {
    const first = await create('a', BODY, 'after=PT10S, outcome=failed')
    for (const ms of [1, 3_000, 9_999, 10_000, 3_600_000]) {
      door.setClock('frozen', Date.UTC(2026, 0, 1) + ms)
      expect(said(await create('a'))).toEqual(said(first))
    }
    const second = await create('b')
    await cancel(idOf(second), null)
    expect(said(await create('b'))).toEqual(said(second))
    const third = await create('c')
    door.happen({ type: 'moved', api: 'talonic', id: idOf(third), state: 'succeeded', outcome: null })
    expect(said(await create('c'))).toEqual(said(third))
    door.happen({ type: 'removed', api: 'talonic', id: idOf(third) })
    expect(said(await create('c'))).toEqual(said(third))
    expect(jobs()).toBe(2)
  })

  it('may have its body written in another way', async () => {
    const first = await create('a')
    const reversed = Object.fromEntries(Object.entries(BODY).reverse())
    expect(said(await create('a', reversed))).toEqual(said(first))
    const headers = { ...door.credentials, ...key('a'), 'content-type': 'application/json; charset=utf-8' }
    const spaced = await door.fetch(door.path('createJob', ''), {
      method: 'POST',
      headers,
      body: JSON.stringify(BODY, null, 4),
    })
    expect([spaced.status, await spaced.text()]).toEqual(said(first))
  })

  it('is refused with another body, and stays what it was', async () => {
    const first = await create('a')
    for (const body of [
      { ...BODY, name: 'x' },
      { schema_id: BODY.schema_id },
      { ...BODY, document_ids: [] },
    ]) {
      const other = await create('a', body)
      expect(refusal(other)).toEqual([400, 'bad_request'])
      expect((other.body as JsonObject)['message']).toMatch(/idempotency key/i)
    }
    expect(said(await create('a'))).toEqual(said(first))
    expect(jobs()).toBe(1)
  })

  it('is two jobs with two keys, and without any', async () => {
    const ids = [await create('a'), await create('b'), await create(null), await create(null)].map(idOf)
    expect(new Set(ids).size).toBe(4)
  })

  it('is one job when both requests come at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => create('a')))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(jobs()).toBe(1)
  })

  it('keeps its wishes, which are granted again, and no others', async () => {
    const wishes = 'outcome=failed, after=PT10S'
    const first = await create('a', BODY, wishes)
    expect(first.headers.get('preference-applied')).toBe(wishes)
    expect(whole(await create('a', BODY, wishes))).toEqual(whole(first))
    const others = await create('a', BODY, 'outcome=succeeded, after=PT10S')
    expect(said(others)).toEqual(said(first))
    expect(others.headers.get('preference-applied')).toBe('after=PT10S')
  })

  it.each(['auto', 'step'] as const)('moves no clock of mode %s', async (mode) => {
    door = await openDoor('talonic', mode)
    await create('a')
    const nowMs = door.nowMs()
    await create('a')
    expect(door.nowMs()).toBe(nowMs)
  })
})

describe('a key', () => {
  it('is kept for a day of the clock of its sandbox', async () => {
    const first = await create('a')
    door.moveTo(door.nowMs() + DAY)
    expect(said(await create('a'))).toEqual(said(first))
    door.moveTo(door.nowMs() + 1)
    const second = await create('a', { schema_id: BODY.schema_id })
    expect([second.status, jobs()]).toEqual([201, 2])
    expect(idOf(second)).not.toBe(idOf(first))
    door.moveTo(door.nowMs() + DAY)
    expect(said(await create('a', { schema_id: BODY.schema_id }))).toEqual(said(second))
    expect((await create('a')).status).toBe(400)
  })

  it('is not kept of a request that is refused', async () => {
    const refused = [
      await create('a', { schema_id: 7 }),
      await create('a', {}),
      await door.ask('createJob', '', { body: BODY, headers: { ...key('a'), authorization: '' } }),
      await door.ask('createJob', '', { body: BODY, headers: { ...key('a'), prefer: 'outcome=soon' } }),
      await door.ask('createJob', '', { body: BODY, headers: { ...key('a'), prefer: 'code=429' } }),
      await door.ask('createJob', '', { body: BODY, headers: { ...key('a'), prefer: 'code=201' } }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 401, 400, 429, 201])
    expect(jobs()).toBe(0)
    expect([(await create('a')).status, jobs()]).toEqual([201, 1])
  })

  it.each([
    ...['constructor', '__proto__', 'createJob a', 'a, b', '"quoted"', '%00%ff', '0', 'null', ' padded '],
    'x'.repeat(4_000),
  ])('may be any text: %.20s', async (text) => {
    const first = await create(text)
    expect(first.status).toBe(201)
    expect(said(await create(text))).toEqual(said(first))
    expect(jobs()).toBe(1)
  })

  it('must not be empty', async () => {
    const headers = new Headers({ ...door.credentials, 'content-type': 'application/json', ...key('') })
    const init = { method: 'POST', headers, body: JSON.stringify(BODY) }
    expect((await door.fetch(door.path('createJob', ''), init)).status).toBe(400)
    expect(jobs()).toBe(0)
  })

  it('is one thing where a job is made and another where one is cancelled', async () => {
    const [first, second] = [await create('a'), await create('b')]
    const cancelled = await cancel(idOf(first), 'a')
    expect(cancelled.status).toBe(200)
    expect(said(await create('a'))).toEqual(said(first))
    expect(said(await cancel(idOf(first), 'a'))).toEqual(said(cancelled))
    expect((await cancel(idOf(second), 'b')).status).toBe(200)
  })

  it('of one sandbox means nothing in another', async () => {
    const server = await assembled([apiNamed('talonic')], beginningWith('frozen'))
    door = doorOf(server, 'talonic', 'one')
    await create('a')
    door = doorOf(server, 'talonic', 'two')
    expect([(await create('a', { schema_id: BODY.schema_id })).status, jobs()]).toEqual([201, 1])
  })

  it('goes with a sandbox that is exported', async () => {
    const server = await assembled([apiNamed('talonic')], beginningWith('frozen'))
    door = doorOf(server, 'talonic', 'one')
    const first = await create('a')
    const cancelled = await cancel(idOf(first), 'b')
    const text = door.exported()
    door = doorOf(await assembled([apiNamed('talonic')], beginningWith('real')), 'talonic', 'two')
    door.happen({ type: 'restored', sandbox: JSON.parse(text) })
    expect(said(await create('a'))).toEqual(said(first))
    expect(said(await cancel(idOf(first), 'b'))).toEqual(said(cancelled))
    expect((await create('a', { schema_id: BODY.schema_id })).status).toBe(400)
  })
})

describe('a job that is cancelled twice with one key', () => {
  it.each([0, 1_500, 6_000])('%i ms after it was made gets one answer, then and later', async (ms) => {
    const id = idOf(await create(null, BODY, 'after=PT10S, outcome=succeeded'))
    door.moveTo(door.nowMs() + ms)
    const first = await cancel(id, 'k')
    expect(first.status).toBe(200)
    expect(whole(await cancel(id, 'k'))).toEqual(whole(first))
    const job = await door.ask('getJob', id)
    expect(job.text).toBe(first.text)
    for (const later of [1, 5_000, DAY - 6_001]) {
      door.moveTo(door.nowMs() + later)
      expect(said(await cancel(id, 'k'))).toEqual(said(first))
      expect(refusal(await cancel(id, null))).toEqual([409, 'conflict'])
      expect(refusal(await cancel(id, 'other'))).toEqual([409, 'conflict'])
    }
  })

  it('is found in either letter case, and is not mistaken for another', async () => {
    const [one, other] = [idOf(await create(null)), idOf(await create(null))]
    const first = await cancel(one, 'k')
    expect((await cancel(one.toUpperCase(), 'k')).status).toBe(200)
    const refused = await cancel(other, 'k')
    expect(refusal(refused)).toEqual([400, 'validation_error'])
    expect((await door.ask('getJob', other)).body).toMatchObject({ status: 'pending' })
    expect(said(await cancel(one, 'k'))).toEqual(said(first))
  })

  it('is refused again where it was refused: what has ended keeps no key', async () => {
    const ended = idOf(await create(null, BODY, 'after=0'))
    const living = idOf(await create(null))
    expect((await cancel(ended, 'k')).status).toBe(409)
    expect((await cancel(ended, 'k')).status).toBe(409)
    expect((await cancel('00000000-0000-4000-8000-000000000000', 'k')).status).toBe(404)
    expect((await cancel(living, 'k')).status).toBe(200)
  })

  it('may be one that is held', async () => {
    const held = door.api.fixture?.jobs.find(({ name }) => name === 'running')?.id ?? ''
    const first = await cancel(held, 'k')
    expect(first.status).toBe(200)
    door.moveTo(door.nowMs() + 60_000)
    expect(said(await cancel(held, 'k'))).toEqual(said(first))
    expect((await cancel(held, null)).status).toBe(409)
  })
})
