import { describe, expect, it } from 'vitest'
import { createStandin } from '../../src/index.ts'

const START = Date.UTC(2026, 5, 1)
const HEADERS = { authorization: 'Bearer sk-standin', 'content-type': 'application/json' }
const BODY = JSON.stringify({ website: 'https://town.example/', prompt: 'all minutes of the council' })

interface Status {
  readonly job_id: string
  readonly status: string
  readonly progress: number | null
  readonly total_documents_found: number
  readonly has_errors: boolean
  readonly errors: readonly unknown[]
  readonly completed_at: string | null
}

interface Results extends Omit<Status, 'progress' | 'completed_at'> {
  readonly documents: readonly { readonly url: string }[]
  readonly total_documents_downloaded: number
  readonly success_rate: number
  readonly total_runtime_seconds: number
}

const RANK: Readonly<Record<string, number>> = {
  pending: 0,
  in_progress: 1,
  completed: 2,
  failed: 2,
  cancelled: 2,
}

async function living(): Promise<{
  at: (ms: number) => void
  call: <Body>(path: string, method?: string, body?: string) => Promise<{ status: number; body: Body }>
}> {
  let now = START
  const standin = await createStandin({ apis: ['skop'], now: () => now })
  return {
    at: (ms) => {
      now = START + ms
    },
    call: async (path, method = 'GET', body) => {
      const init = { method, headers: HEADERS, ...(body === undefined ? {} : { body }) }
      const response = await standin.fetch(path, init)
      return { status: response.status, body: (await response.json()) as never }
    },
  }
}

describe('a job that a request creates', () => {
  it('never goes back, and all views of it agree at each of 50 instants of 200 jobs', async () => {
    const { at, call } = await living()
    const outcomes = new Set<string>()
    let partial = 0
    for (let index = 0; index < 200; index += 1) {
      at(0)
      const made = await call<Status>('/skop/scrape/', 'POST', BODY)
      expect(made.status).toBe(201)
      expect(made.body.status).toBe('pending')
      let before: { status: Status; results: Results } | null = null
      for (let instant = 0; instant < 50; instant += 1) {
        at(instant * 400)
        const status = (await call<Status>(`/skop/scrape/status/${made.body.job_id}`)).body
        const results = (await call<Results>(`/skop/scrape/results/${made.body.job_id}`)).body
        expect([results.status, results.total_documents_found, results.errors]).toEqual([
          status.status,
          status.total_documents_found,
          status.errors,
        ])
        expect(results.documents.length).toBe(results.total_documents_downloaded)
        expect(status.completed_at !== null).toBe(RANK[status.status] === 2)
        expect(status.has_errors).toBe(status.errors.length > 0)
        if (before !== null) {
          expect(RANK[status.status]).toBeGreaterThanOrEqual(RANK[before.status.status] ?? 0)
          expect(results.documents.slice(0, before.results.documents.length)).toEqual(
            before.results.documents,
          )
          expect(status.progress ?? 0).toBeGreaterThanOrEqual(before.status.progress ?? 0)
          if (RANK[before.status.status] === 2) expect({ status, results }).toEqual(before)
        }
        if (status.status === 'in_progress' && results.documents.length > 0) partial += 1
        before = { status, results }
      }
      outcomes.add(before?.status.status ?? '')
    }
    expect([...outcomes].sort()).toEqual(['completed', 'failed'])
    expect(partial).toBeGreaterThan(200)
  })

  it('is cancelled once, keeps the rows so far, and refuses to be cancelled again', async () => {
    const { at, call } = await living()
    const { body: made } = await call<Status>('/skop/scrape/', 'POST', BODY)
    at(3_500)
    const running = (await call<Results>(`/skop/scrape/results/${made.job_id}`)).body
    const cancelled = await call<Status>(`/skop/scrape/${made.job_id}`, 'DELETE')
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled'])
    at(600_000)
    const after = (await call<Results>(`/skop/scrape/results/${made.job_id}`)).body
    expect([after.status, after.documents]).toEqual(['cancelled', running.documents])
    expect((await call(`/skop/scrape/${made.job_id}`, 'DELETE')).status).toBe(400)
  })

  it('is made again by the same events with the same id, and is not seen by another standin', async () => {
    const [one, two, three] = [await living(), await living(), await living()]
    const first = (await one.call<Status>('/skop/scrape/', 'POST', BODY)).body
    const second = (await two.call<Status>('/skop/scrape/', 'POST', BODY)).body
    expect(second).toEqual(first)
    expect((await three.call(`/skop/scrape/status/${first.job_id}`)).status).toBe(404)
  })
})

describe('a held job', () => {
  it('stands still whatever the clock says, until it is cancelled', async () => {
    const { at, call } = await living()
    const standin = await createStandin({ apis: ['skop'] })
    const job = standin.jobs().find(({ name }) => name === 'running')
    const first = (await call<Results>(job?.url ?? '')).body
    at(1_000_000_000)
    expect((await call<Results>(job?.url ?? '')).body).toEqual(first)
    expect((await call(`/skop/scrape/${job?.id}`, 'DELETE')).status).toBe(200)
    const after = (await call<Results>(job?.url ?? '')).body
    expect([after.status, after.documents]).toEqual(['cancelled', first.documents])
  })
})
