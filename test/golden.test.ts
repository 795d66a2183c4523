/**
 * The golden exchanges of every API, written by hand from the vendors' pages, before the whole judge: no law
 * and no check of the job contract may refuse what the pages show. `wire-*.json` belongs to that profile.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subjectOf } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { checkExchanges } from '../src/contract/recorded.ts'
import { BUILT_IN } from './built-in.ts'

interface Golden {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: unknown
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
  }
}

const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
const textOf = (body: unknown): string => (body == null ? '' : JSON.stringify(body))

describe.each(BUILT_IN)('the goldens of %s', (id) => {
  const folder = new URL(`../specs/${id}/golden/`, import.meta.url)

  it.each(readdirSync(folder))('%s keeps the job contract', async (file) => {
    const profile = file.startsWith('wire-') ? 'wire' : 'spec'
    const [api] = await loadApis({ names: [id], specs: null, needFixtures: false, profile })
    if (api === undefined) throw new Error(`there is no API ${id}`)
    const { request, response } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden
    const { method, path, query = '', headers = {}, body } = request
    const url = query === '' ? path : `${path}?${query}`
    const exchange = {
      operationId: null,
      request: { method, url, headers: lowered(headers), body: textOf(body) },
      response: { ...response, headers: lowered(response.headers), body: textOf(response.body) },
      purpose: 'golden',
    }
    const verdict = await checkExchanges(await subjectOf(api), [exchange])
    expect(verdict.exchanges, 'it belongs to no operation').toBe(1)
    // A page may show a failure of the server; that nobody asked for it is no fault of the page.
    const findings = verdict.findings.filter(({ check }) => check !== 'no_server_error')
    expect(findings.map(({ message }) => message)).toEqual([])
  })
})
