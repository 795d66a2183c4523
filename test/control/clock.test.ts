import { beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { Asking } from './ask.ts'
import { asking } from './ask.ts'

let desk: Asking

beforeEach(async () => {
  desk = await asking()
})

async function set(body: Json): Promise<unknown> {
  const { status, body: clock } = await desk.ask('PUT', '/_standin/clock', body)
  return status === 200 ? clock : [status, clock.errors?.[0]?.name, clock.detail]
}

const read = async (): Promise<unknown> => (await desk.ask('GET', '/_standin/clock')).body

async function advance(by: Json): Promise<unknown> {
  const { status, body } = await desk.ask('POST', '/_standin/clock/advance', { by })
  return status === 200 ? body.now : [status, body.errors?.[0]?.name]
}

describe('the clock', () => {
  it('goes with the wall until it is told otherwise', async () => {
    expect(await read()).toEqual({ now: '2026-01-02T00:00:00.000Z', mode: 'real' })
    desk.wait(1_500)
    expect(await read()).toEqual({ now: '2026-01-02T00:00:01.500Z', mode: 'real' })
  })

  it('stands at the epoch of the fixtures when it is virtual from the start', async () => {
    expect(await set({ mode: 'frozen' })).toEqual({ now: '2026-01-01T00:00:00.000Z', mode: 'frozen' })
    desk.wait(1_500)
    expect(await advance('PT1M30S')).toBe('2026-01-01T00:01:30.000Z')
    expect(await read()).toEqual({ now: '2026-01-01T00:01:30.000Z', mode: 'frozen' })
  })

  it('stops where it is once something has happened', async () => {
    await desk.ask('POST', '/_standin/jobs', { api: 'skop' })
    desk.wait(2_000)
    expect(await set({ mode: 'auto' })).toEqual({ now: '2026-01-02T00:00:02.000Z', mode: 'auto' })
  })

  it('shows what it is set to, and goes on from there where it is real', async () => {
    expect(await set({ mode: 'real', now: '2030-06-01T12:00:00+02:00' })).toEqual({
      ...{ now: '2030-06-01T10:00:00.000Z', mode: 'real' },
    })
    desk.wait(10)
    expect(await advance('PT0.5S')).toBe('2030-06-01T10:00:00.510Z')
    expect(await advance('PT0S')).toBe('2030-06-01T10:00:00.510Z')
  })

  it('moves jobs', async () => {
    await set({ mode: 'frozen' })
    const { body: job } = await desk.ask('POST', '/_standin/jobs', { api: 'skop', after: 'PT10S' })
    const state = async (): Promise<string> =>
      (await desk.ask('GET', `/_standin/jobs/skop/${job.id}`)).body.state
    desk.wait(60_000)
    expect(await state()).toBe('queued')
    await advance('PT9.999S')
    expect(await state()).toBe('running')
    await advance('PT0.001S')
    expect(await state()).toMatch(/succeeded|failed/)
  })

  it('is moved by reads of the APIs in the modes auto and step, and not by reads here', async () => {
    const { body: job } = await desk.ask('POST', '/_standin/jobs', { api: 'skop', after: 'PT10S' })
    expect(await set({ mode: 'step', step: 'PT2S' })).toMatchObject({ mode: 'step', step: 'PT2S' })
    const before = await read()
    await desk.ask('GET', `/_standin/jobs/skop/${job.id}`)
    await desk.ask('GET', '/_standin/jobs')
    expect(await read()).toEqual(before)
    await desk.ask('GET', job.url, undefined, job.headers)
    expect(await read()).toMatchObject({ now: '2026-01-02T00:00:02.000Z' })
  })

  it('is each sandbox’s own', async () => {
    await desk.ask('PUT', '/~a/_standin/clock', { mode: 'frozen', now: '2001-01-01T00:00:00Z' })
    expect(await read()).toMatchObject({ mode: 'real' })
    const { body } = await desk.ask('GET', '/_standin/clock', undefined, { 'standin-sandbox': 'a' })
    expect(body).toEqual({ now: '2001-01-01T00:00:00.000Z', mode: 'frozen' })
  })

  it.each<[Json, string, string]>([
    [{}, 'mode', 'is required'],
    [{ mode: 'fast' }, 'mode', 'must be one of real, frozen, auto, step'],
    [{ mode: 'step' }, 'step', 'is required in mode step'],
    [{ mode: 'auto', step: 'PT1S' }, 'step', 'goes with mode step, not with auto'],
    [{ mode: 'step', step: 'PT0S' }, 'step', 'must be a duration from PT0.001S'],
    [{ mode: 'step', step: 'PT0.0001S' }, 'step', 'must be a duration from PT0.001S'],
    [{ mode: 'step', step: '5s' }, 'step', 'must be an ISO 8601 duration'],
    [{ mode: 'step', step: 'P9999999999D' }, 'step', 'must be a duration'],
    [{ mode: 'frozen', now: 'now' }, 'now', 'must be an instant of RFC 3339'],
    [{ mode: 'frozen', now: '2026-02-29T00:00:00Z' }, 'now', 'must be an instant of RFC 3339'],
    [{ mode: 'frozen', now: '2026-01-01T00:00:00' }, 'now', 'must be an instant of RFC 3339'],
    [{ mode: 'frozen', now: '2016-12-31T23:59:60Z' }, 'now', 'must be an instant from 1970 to 9999'],
    [{ mode: 'frozen', now: '1969-12-31T23:59:59Z' }, 'now', 'must be an instant from 1970 to 9999'],
    [{ mode: 'frozen', now: '9999-12-31T23:59:59-12:00' }, 'now', 'must be an instant from 1970 to 9999'],
    [{ mode: 'frozen', now: 1 }, 'now', 'must be string'],
    [{ mode: 'frozen', nov: '2026-01-01T00:00:00Z' }, '', 'there is no member `nov`; did you mean `now`?'],
  ])('refuses %j', async (body, name, detail) => {
    const before = await read()
    expect(await set(body)).toEqual([422, name, expect.stringContaining(detail)])
    expect(await read()).toEqual(before)
  })

  it.each(['30', 'PT', 'PT-1S', 'PT1e3S', '', 'P1Y', 'PT99999999999999999999S', 'P3000000D', 30, null])(
    'does not advance by %j',
    async (by) => {
      expect(await advance(by)).toEqual([422, 'by'])
    },
  )

  it('takes small letters, as the RFC does', async () => {
    expect(await set({ mode: 'frozen', now: '2026-01-01t00:00:00z' })).toMatchObject({ mode: 'frozen' })
  })
})
