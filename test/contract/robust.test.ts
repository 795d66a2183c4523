import {
  array,
  asyncProperty,
  check,
  constantFrom,
  integer,
  jsonValue,
  option,
  record,
  string,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkExchanges } from '../../src/contract/recorded.ts'
import { renderJunit } from '../../src/contract/report/junit.ts'
import { renderTerminal } from '../../src/contract/report/terminal.ts'
import { checkTarget } from '../../src/contract/run.ts'
import { createServer, JOBS } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import { reported } from './report/reported.ts'

const BASE = `/jobs/${JOBS[0].id}`

const answer = record({
  status: constantFrom(200, 201, 204, 304, 401, 404, 418, 422, 500),
  type: option(constantFrom('application/json', 'application/problem+json', 'text/html', ';', '')),
  body: string(),
  json: option(jsonValue()),
})

describe('the judge', () => {
  it('goes on where ids hold half a character, which no URL can', async () => {
    const server = createServer()
    const spoilt = async (request: Request): Promise<Response> => {
      const response = await server(request)
      const text = (await response.text()).replace(/("(?:job_)?id":")/g, '$1\\ud800')
      const { status, headers } = response
      return new Response([204, 304].includes(status) ? null : text, { status, headers })
    }
    const verdict = await checkTarget(readSubject(), spoilt, {
      baseUrl: 'http://acme',
      jobs: JOBS.map(({ id, name, rows }) => ({ id, name, rows })),
      allowWrites: true,
    })
    expect(verdict.findings.map(({ check: name }) => name)).toContain('json_text_conformance')
  })

  it('never throws at what was recorded, and gives the same verdict twice', async () => {
    const url = constantFrom(
      BASE,
      `${BASE}/rows`,
      `${BASE}/rows?select=,&filter='&sort=%zz`,
      '/jobs',
      'http://[',
      '',
    )
    const method = constantFrom('GET', 'HEAD', 'POST', 'DELETE')
    const exchange = record({ url, method, answer }).map(
      ({ url: sent, method: verb, answer: { status, type, body, json } }) => ({
        operationId: null,
        request: { method: verb, url: sent, headers: {}, body: null },
        response: {
          status,
          headers: type === null ? {} : { 'content-type': type },
          body: json === null ? body : JSON.stringify(json),
        },
        purpose: 'drawn',
      }),
    )
    const subject = readSubject()
    const law = asyncProperty(array(exchange, { maxLength: 6 }), async (exchanges) => {
      const verdicts = [await checkExchanges(subject, exchanges)]
      const again = [await checkExchanges(subject, exchanges)]
      expect(renderJunit(reported(verdicts))).toBe(renderJunit(reported(again)))
      expect(renderTerminal(reported(verdicts), { color: false })).not.toBe('')
    })
    expect((await check(law, { seed: 7, numRuns: 200 })).errorInstance ?? null).toBeNull()
  })

  it('never throws at a target that goes mad in the middle', async () => {
    const subject = readSubject()
    const law = asyncProperty(
      integer({ min: 1, max: 120 }),
      integer({ min: 2, max: 9 }),
      answer,
      async (from, step, mad) => {
        const server = createServer({
          answer: (response, { number, path }) => {
            if (path.startsWith('/_standin') || number < from || number % step > 0) return response
            const body = [204, 304].includes(mad.status)
              ? null
              : mad.json === null
                ? mad.body
                : JSON.stringify(mad.json)
            return new Response(body, {
              status: mad.status,
              headers: { 'content-type': mad.type ?? 'application/json' },
            })
          },
        })
        const verdict = await checkTarget(subject, server, { baseUrl: 'http://acme.test', concurrency: 1 })
        expect(verdict.exchanges).toBeGreaterThan(30)
      },
    )
    expect((await check(law, { seed: 7, numRuns: 15 })).errorInstance ?? null).toBeNull()
  })
})
