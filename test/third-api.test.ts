/**
 * A sixth API is new files and no edit: a folder with a document, a job contract and a generated fixture is
 * served, listed and judged.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Standin } from '../src/index.ts'
import { createStandin } from '../src/index.ts'
import { runCommand } from './program.ts'

const DOCUMENT = `
openapi: 3.1.0
info: { title: Parcels, version: '1' }
servers: [{ url: https://parcels.example/v2 }]
security: [{ key: [] }]
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Parcel-Key }
  schemas:
    Parcel:
      type: object
      required: [parcel_id, weight_kg, city]
      properties:
        parcel_id: { type: string, format: uuid }
        weight_kg: { type: number, minimum: 0.1, maximum: 40 }
        city: { type: string, minLength: 3, maxLength: 30 }
        fragile: { type: boolean }
        sent_at: { type: string, format: date-time }
    Error:
      type: object
      required: [reason, code]
      properties:
        reason: { type: string, minLength: 1 }
        code: { type: integer, minimum: 1 }
paths:
  /sortings/{sorting}/parcels:
    get:
      operationId: listParcels
      parameters:
        - { name: sorting, in: path, required: true, schema: { type: string, pattern: '^srt-[0-9a-f]{8}$' } }
        - { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 20 } }
        - { name: page, in: query, schema: { type: integer, minimum: 1 } }
      responses:
        '200':
          description: a page
          content:
            application/json:
              schema:
                type: object
                required: [sorting, state, parcels, count, further]
                properties:
                  sorting: { type: string }
                  state: { enum: [waiting, sorting, sorted, jammed, stopped] }
                  parcels: { type: array, items: { $ref: '#/components/schemas/Parcel' } }
                  count: { type: integer, minimum: 0 }
                  further: { type: boolean }
        '400': { $ref: '#/components/responses/Refused' }
        '401': { $ref: '#/components/responses/Refused' }
        '404': { $ref: '#/components/responses/Refused' }
`.replace(
  'paths:',
  `  responses:
    Refused:
      description: refused
      content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } }
paths:`,
)

const CONTRACT = `
api: parcels
jobId: srt-########
states:
  { queued: waiting, running: sorting, succeeded: sorted, partially_succeeded: sorted, failed: jammed,
    cancelled: stopped }
credentials: { key: { example: parcel-key } }
refusals: { request_invalid: 400, id_malformed: 400 }
operations:
  listParcels:
    role: results
    job: sorting
    id: /sorting
    state: /state
    echoes: { /sorting: sorting }
    rows: { at: /parcels, id: parcel_id, total: /count, more: /further, limit: size, page: page }
laws:
  - law: no parcel weighs more than forty kilograms
    on: [listParcels]
    within: { value: '/parcels/*/weight_kg', from: 0.1, to: 40 }
`

const VENDOR = `
export const vendor = {
  sources: [],
  errors: ({ status, message }) => ({ reason: message, code: status }),
}
`

describe.each([
  ['without a vendor', null],
  ['with a vendor', VENDOR],
])('a folder of one API %s', (_, vendor) => {
  const root = mkdtempSync(join(tmpdir(), 'standin-third-'))
  const specs = join(root, 'specs')
  let standin: Standin

  beforeAll(async () => {
    mkdirSync(join(specs, 'parcels'), { recursive: true })
    mkdirSync(join(root, 'contracts'))
    writeFileSync(join(specs, 'parcels', 'openapi.yaml'), DOCUMENT)
    writeFileSync(join(root, 'contracts', 'parcels.yaml'), CONTRACT)
    if (vendor !== null) writeFileSync(join(specs, 'parcels', 'vendor.js'), vendor)
    const generated = await runCommand(['generate', '--specs', specs])
    expect(generated, generated.stderr).toMatchObject({ code: 0 })
    standin = await createStandin({ specs })
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('gets its routes and its named jobs', () => {
    expect(standin.apis).toEqual([
      {
        id: 'parcels',
        title: 'Parcels',
        mount: '/parcels/v2',
        operations: [{ id: 'listParcels', method: 'GET', path: '/sortings/{sorting}/parcels' }],
      },
    ])
    const job = standin.jobs().find(({ name }) => name === 'many-pages')
    expect(job).toMatchObject({ state: 'succeeded', rows: 321, headers: { 'X-Parcel-Key': 'parcel-key' } })
    expect(job?.url).toMatch(/^\/parcels\/v2\/sortings\/srt-[0-9a-f]{8}\/parcels$/)
  })

  it('pages through the rows of a job, each once, with a true total', async () => {
    const job = standin.jobs().find(({ name }) => name === 'many-pages')
    if (job === undefined) throw new Error('there is no job many-pages')
    const ids: string[] = []
    for (let page = 1; ; page += 1) {
      const response = await standin.fetch(`${job.url}?size=50&page=${page}`, { headers: job.headers })
      const body = (await response.json()) as {
        sorting: string
        state: string
        parcels: { parcel_id: string }[]
        count: number
        further: boolean
      }
      expect(body).toMatchObject({ sorting: job.id, state: 'sorted', count: 321 })
      ids.push(...body.parcels.map(({ parcel_id: id }) => id))
      if (!body.further) break
    }
    expect([ids.length, new Set(ids).size]).toEqual([321, 321])
    expect([...ids].sort()).toEqual(ids)
  })

  it.each([
    ['', {}, 401],
    ['?size=51', { 'X-Parcel-Key': 'k' }, 400],
  ])('refuses %s with %j as %i, in the shape of its document', async (query, headers, status) => {
    const [job] = standin.jobs()
    const response = await standin.fetch(`${job?.url}${query}`, {
      headers: headers as Record<string, string>,
    })
    expect(response.status).toBe(status)
    const body = (await response.json()) as { reason: string; code: number }
    expect([typeof body.reason, Number.isInteger(body.code)]).toEqual(['string', true])
    if (vendor !== null) expect(body.code).toBe(status)
  })

  it('is judged by itself, and kept', async () => {
    const { code, stdout, stderr } = await runCommand(['check', '--specs', specs])
    expect(stdout + stderr).toContain('parcels: kept')
    expect(stdout).toMatch(/✓ P01/)
    expect(stdout).toMatch(/✓ law/)
    expect(code).toBe(0)
  })
})
