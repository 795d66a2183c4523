/**
 * Wishes for a job that a request makes: `Prefer: outcome=…, after=…, rows=…`. What the answer says was
 * granted holds of the job to its end, and what it does not say was not granted.
 */
import { describe, expect, it } from 'vitest'
import type { TerminalState } from '../../src/model/job.ts'
import { TERMINAL_STATES } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { assembled } from '../assembled.ts'
import type { Door, Reply } from '../living-jobs/door.ts'
import { apiNamed, beginningWith, doorOf, openDoor } from '../living-jobs/door.ts'

const EPOCH = Date.UTC(2026, 0, 1)
const DOCUMENTS = ['c84d1f07-6b2a-4e95-b3d8-0a9f7e5c2146', '2be96a53-d170-4c8f-8a24-f6150b9d7e38']
const BASIC = { 'basic::equality': { type: 'basic', aggregation_functions: ['accuracy'] } }
const MODEL = { type: 'model', model: 'm', sampling_params: { strategy: { type: 'greedy' } } }
const CONFIG = { eval_candidate: MODEL, scoring_params: BASIC }
const SCHEMA = { schema_id: '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580' }
const DEEPSET = { name: 'a', pipeline_id: DOCUMENTS[0] ?? '', execution_mode: 'PER_FILE' }
const SKOP = { website: 'https://a.example', prompt: 'all the documents' }

interface Creation {
  readonly api: string
  readonly operation: string
  readonly body: JsonObject
  /** How many rows a wish for five gives. */
  readonly rows: number
}

/** Every operation that makes jobs, also where the body says how many rows there are. */
const CREATIONS: readonly Creation[] = [
  { api: 'deepset', operation: 'createJob', body: DEEPSET, rows: 5 },
  { api: 'skop', operation: 'createJob', body: SKOP, rows: 5 },
  { api: 'talonic', operation: 'createJob', body: SCHEMA, rows: 5 },
  { api: 'talonic', operation: 'createJob', body: { ...SCHEMA, document_ids: DOCUMENTS }, rows: 2 },
  { api: 'llama-stack', operation: 'runEval', body: { benchmark_config: CONFIG }, rows: 5 },
  {
    api: 'llama-stack',
    operation: 'runEvalV1',
    body: { benchmark_config: { ...CONFIG, num_examples: 3 } },
    rows: 3,
  },
  { api: 'scale-dex', operation: 'createParseJob', body: { source_document_id: 'a' }, rows: 0 },
  {
    api: 'scale-dex',
    operation: 'createBatchParseJob',
    body: { source_document_ids: ['a', 'b', 'c'] },
    rows: 3,
  },
]
const NAMED = CREATIONS.map((each) => [`${each.api} ${each.operation} ${each.rows}`, each] as const)

async function create(door: Door, { operation, body }: Creation, prefer: string): Promise<Reply> {
  return door.ask(operation, '', { body, headers: { prefer } })
}

function idOf(door: Door, { operation }: Creation, reply: Reply): string {
  const at = door.world.contract.operations[operation]?.id ?? ''
  return String((reply.body as JsonObject)[at.slice(1)])
}

const appliedIn = ({ headers }: Reply): string | null => headers.get('preference-applied')

describe.each(NAMED)('a job of %s', (_, creation) => {
  it.each(TERMINAL_STATES)('that is to be %s is so after the time that was asked for', async (outcome) => {
    const door = await openDoor(creation.api)
    const reply = await create(door, creation, `outcome=${outcome}, after=PT7S, rows=5`)
    const id = idOf(door, creation, reply)
    const possible: TerminalState =
      outcome === 'partially_succeeded' && creation.rows < 2 ? 'succeeded' : outcome
    const granted = [
      ...(possible === outcome ? [`outcome=${outcome}`] : []),
      'after=PT7S',
      ...(creation.rows === 5 ? ['rows=5'] : []),
    ]
    expect(appliedIn(reply)).toBe(granted.join(', '))
    const view = (ms: number) => door.world.jobs.find(id, EPOCH + ms)
    expect(view(0)?.state).toBe('queued')
    expect(view(6_999)?.state).toBe('running')
    expect(view(7_000)).toMatchObject({ state: possible, endedAtMs: EPOCH + 7_000, rows: creation.rows })
  })

  it('waits in its receipt, be it over in no time', async () => {
    for (const after of ['0', 'PT0S', 'PT0.001S', 'PT0.004S', 'PT0.019S']) {
      const door = await openDoor(creation.api)
      const reply = await create(door, creation, `after=${after}, outcome=failed`)
      const at = door.world.contract.operations[creation.operation]?.state
      const word = door.world.contract.states.queued
      if (at != null) expect((reply.body as JsonObject)[at.slice(1)]).toBe(word)
      expect(appliedIn(reply)).toBe(`outcome=failed, after=${after}`)
      door.moveTo(EPOCH + 19)
      expect(door.world.jobs.find(idOf(door, creation, reply), door.nowMs())?.state).toBe('failed')
    }
  })

  it('without wishes says nothing of them, and is the one that it is beside others', async () => {
    const [plain, wished] = [await openDoor(creation.api), await openDoor(creation.api)]
    const first = await create(plain, creation, '')
    expect(appliedIn(first)).toBeNull()
    await create(wished, creation, 'outcome=failed, after=PT1S, rows=2')
    const second = idOf(plain, creation, await create(plain, creation, ''))
    expect(idOf(wished, creation, await create(wished, creation, ''))).toBe(second)
    const views = [plain, wished].map((door) => door.world.jobs.find(second, EPOCH + 60_000))
    expect(views[0]).toEqual(views[1])
  })

  it.each([
    ...[
      'outcome=soon',
      'outcome=',
      'outcome=queued',
      'outcome=running',
      'outcome=Failed',
      'outcome=__proto__',
    ],
    ...[
      'after=-1',
      'after=PT',
      'after=soon',
      'after=P400D',
      'after=1e3',
      'after=',
      `after=${'9'.repeat(400)}`,
    ],
    ...['rows=-1', 'rows=1.5', 'rows=1e3', 'rows=10000001', 'rows=', 'rows=many', `rows=${'9'.repeat(400)}`],
  ])('is not made with %.20s', async (prefer) => {
    const door = await openDoor(creation.api)
    const reply = await create(door, creation, prefer)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect((reply.body as JsonObject)['detail']).toMatch(
      new RegExp(`^Prefer: ${prefer.split('=')[0]} must be`),
    )
    expect(door.world.jobs.position).toBe(0)
  })
})

describe('wishes', () => {
  const [skop] = CREATIONS.filter(({ api }) => api === 'skop')
  if (skop === undefined) throw new Error('skop makes no jobs')

  it.each([
    ['outcome="failed", after="PT7S"', 'outcome=failed, after=PT7S'],
    ['OUTCOME=failed;x=1, rows=3', 'outcome=failed, rows=3'],
    ['outcome=failed, outcome=succeeded', 'outcome=failed'],
    ['after=7.5', 'after=7.5'],
    ['respond-async, rows=03', 'rows=03'],
  ])('are read as the RFC says: %s', async (prefer, applied) => {
    const door = await openDoor('skop')
    expect(appliedIn(await create(door, skop, prefer))).toBe(applied)
  })

  it('may stand in the query, for clients that send no headers', async () => {
    const door = await openDoor('skop')
    const query = '?__outcome=cancelled&__after=PT3S&__rows=4'
    const reply = await door.ask('createJob', '', { query, body: SKOP })
    expect(appliedIn(reply)).toBe('outcome=cancelled, after=PT3S, rows=4')
    const id = idOf(door, skop, reply)
    expect(door.world.jobs.find(id, EPOCH + 3_000)).toMatchObject({ state: 'cancelled', rows: 4 })
  })

  it('change nothing where no job is made', async () => {
    const door = await openDoor('skop')
    const id = idOf(door, skop, await create(door, skop, 'after=PT1H'))
    const prefer = 'outcome=failed, after=PT1S, rows=2'
    const plain = await door.ask('getJobStatus', id)
    const asked = await door.ask('getJobStatus', id, { headers: { prefer } })
    expect([asked.text, appliedIn(asked)]).toEqual([plain.text, null])
    const refused = await door.ask('createJob', '', { body: {}, headers: { prefer } })
    expect([refused.status, appliedIn(refused)]).toEqual([400, null])
    const shown = await door.ask('createJob', '', { body: SKOP, headers: { prefer: `code=201, ${prefer}` } })
    expect([shown.status, appliedIn(shown)]).toEqual([201, 'code=201'])
    const cancelled = await door.ask('cancelJob', id, { headers: { prefer } })
    expect([cancelled.status, appliedIn(cancelled)]).toEqual([200, null])
    expect(door.world.jobs.position).toBe(2)
  })

  it('of a dry run are not granted, since there is no job', async () => {
    const door = await openDoor('deepset')
    const reply = await door.ask('createJob', '', {
      query: '?dry_run=true',
      body: DEEPSET,
      headers: { prefer: 'rows=5' },
    })
    expect([reply.status, appliedIn(reply), door.world.jobs.position]).toEqual([200, null, 0])
  })

  it('for more rows than one answer can hold are not granted, and those of paged rows are', async () => {
    const server = await assembled(['skop', 'deepset'].map(apiNamed), beginningWith('frozen'))
    const [whole, paged] = [doorOf(server, 'skop', 'default'), doorOf(server, 'deepset', 'default')]
    const [deepset] = CREATIONS
    if (deepset === undefined) throw new Error('deepset makes no jobs')
    const many = await create(whole, skop, 'after=0, rows=10000000')
    expect(appliedIn(many)).toBe('after=0')
    const { body } = await whole.ask('getJobResults', idOf(whole, skop, many))
    expect((body as JsonObject)['total_documents_downloaded']).toBe(10_000)
    expect(appliedIn(await create(whole, skop, 'rows=10000'))).toBe('rows=10000')
    const pages = await create(paged, deepset, 'after=0, rows=10000000')
    expect(appliedIn(pages)).toBe('after=0, rows=10000000')
    const last = '?field=name&order=DESC&limit=1'
    const page = await paged.ask('getJobResults', idOf(paged, deepset, pages), { query: last })
    expect(page.body).toMatchObject({ total: 10_000_000, has_more: true })
  })
})

describe('a job that is made by hand, without a request', () => {
  it.each(CREATIONS.filter(({ api }, place) => CREATIONS[place - 1]?.api !== api).map(({ api }) => api))(
    'of %s has a sound brief: every read of it is kept by the document',
    async (api) => {
      const door = await openDoor(api)
      const steering = { outcome: 'succeeded', afterMs: 1_000, name: 'by-hand' } as const
      door.happen({ type: 'created', api, operationId: null, body: {}, steering, key: null })
      const id = door.world.jobs.named(EPOCH).at(-1)?.job.id ?? ''
      for (const ms of [0, 500, 1_000]) {
        door.setClock('frozen', EPOCH + ms)
        for (const [operation, contract] of Object.entries(door.world.contract.operations)) {
          if (contract.role !== 'status' && contract.role !== 'results') continue
          const reply = await door.ask(operation, id)
          expect(reply.text).not.toMatch(/undefined|NaN|\[object/)
          expect([reply.status, ms < 1_000 && api === 'llama-stack']).toEqual([
            reply.status === 400 ? 400 : 200,
            reply.status === 400 || (ms < 1_000 && api === 'llama-stack' && contract.role === 'status'),
          ])
        }
      }
      expect(door.world.jobs.find(id, EPOCH + 1_000)?.state).toBe('succeeded')
    },
  )
})
