/**
 * Holds the goldens, exchanges written by hand from the sources, to `openapi.yaml`, and those of the profile
 * `wire` to it with `wire.yaml` merged in.
 *
 * @module
 */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Result } from './coherent.ts'
import { expectCoherent } from './coherent.ts'
import type { Content, Members } from './documents.ts'
import { disagreements, findOperation, readText, resolve, responseOf, spec, wire } from './documents.ts'

interface Golden {
  readonly source: string
  readonly note: string
  readonly profile?: 'wire'
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly response: { readonly status: number; readonly headers: Members<string>; readonly body: unknown }
}

const readme = readText('README.md')
const goldens = readdirSync(new URL('golden/', import.meta.url)).map((file) => ({
  file,
  golden: JSON.parse(readText(`golden/${file}`)) as Golden,
}))
const bodies = goldens.map(({ golden }) => golden.response.body)
const results = bodies.filter((body): body is Result => Object.hasOwn(body ?? {}, 'generations'))

describe('the goldens', () => {
  it.each(goldens)('$file is an exchange that the document allows', ({ golden }) => {
    const { request, response, profile = 'spec' } = golden
    const document = profile === 'wire' ? wire : spec
    const operation = findOperation(document, request.method, request.path)
    const { content, headers = {} } = responseOf(document, operation, String(response.status))
    const { 'Content-Type': type, ...others } = response.headers
    expect(Object.keys(others)).toEqual(Object.keys(headers))
    if (content === undefined) expect([response.body, type]).toEqual([null, undefined])
    else expect(disagreements(response.body, content[type ?? '']?.schema, profile)).toEqual([])

    if (request.body === undefined) return
    const { content: sent } = resolve(document, operation.requestBody) as Content
    const objections = disagreements(request.body, sent?.['application/json']?.schema, profile)
    expect(objections.length > 0).toBe(response.status === 400)
  })

  it.each(goldens)('$file names its source', ({ golden: { source, note } }) => {
    expect(readme).toContain(`(${source})`)
    expect(note).not.toBe('')
  })

  it('show results that agree with themselves', () => {
    expect(results.length).toBeGreaterThan(10)
    for (const result of results) expectCoherent(result)
  })

  it('show every status of a job, and every type of a value', () => {
    const shown = new Set(bodies.map((body) => (body as Members | null)?.['status']))
    for (const status of ['completed', 'in_progress', 'failed', 'scheduled', 'cancelled']) {
      expect(shown, status).toContain(status)
    }
    const values = results.flatMap(({ generations }) => generations.flatMap((row) => Object.values(row)))
    const typeOf = (value: unknown): string =>
      value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    const types = ['array', 'boolean', 'null', 'number', 'object', 'string']
    expect([...new Set(values.map(typeOf))].sort()).toEqual(types)
  })

  it('show each documented answer of the result operation, under the spec', () => {
    const of = goldens.filter(({ golden }) => golden.profile !== 'wire')
    const shown = new Set(of.map(({ golden }) => golden.response.status))
    expect([...shown].sort((a, b) => a - b)).toEqual([200, 400, 429, 500, 501])
  })

  it('would not pass with a member too many, or with the body of the other profile', () => {
    const [result] = results
    const schema = { $ref: '#/components/schemas/EvaluateResponse' }
    expect(disagreements({ ...result, job_id: '0' }, schema)).toEqual([
      ' must NOT have additional properties',
    ])
    const error = { $ref: '#/components/schemas/Error' }
    for (const { golden } of goldens.filter(({ golden }) => golden.response.status >= 400)) {
      const other = golden.profile === 'wire' ? 'spec' : 'wire'
      expect(disagreements(golden.response.body, error, other), golden.note).not.toEqual([])
    }
  })
})
