/**
 * What goes wrong inside: the client gets a problem with an id, `report` all of it, and the server goes on.
 */
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Json } from '../../src/model/json.ts'
import type { Api } from '../../src/server/api.ts'
import type { Vendor } from '../../src/vendor/vendor.ts'
import { answering, apiOf, assembled } from '../assembled.ts'
import { named } from '../served.ts'

const [skop] = await loadApis({ names: ['skop'], specs: null, needFixtures: true })
if (skop?.vendor == null) throw new Error('skop has no vendor')
const { vendor } = skop

function withVendor(change: Partial<Vendor>): Api {
  return { ...(skop as Api), vendor: { ...vendor, ...change } }
}

describe('a vendor that throws', () => {
  it('in an answer is a 500 with an id, told of in full, and the next request is answered', async () => {
    const fault = new TypeError('it broke')
    const fail = (): Json => {
      throw fault
    }
    const { fetch, reports } = await assembled([
      withVendor({ answers: { ...vendor.answers, getJobResults: fail } }),
    ])
    const { url, headers } = await named('skop', 'succeeded')
    const responses = [await fetch(url, { headers }), await fetch(url, { headers })]
    expect(responses.map(({ status }) => status)).toEqual([500, 500])
    expect(await responses[0]?.json()).toEqual({
      type: 'urn:standin:problem:internal',
      title: 'Internal error',
      status: 500,
      detail: 'This is a bug in standin; the log calls it bug-1',
      instance: url,
    })
    expect(responses[0]?.headers.get('access-control-allow-origin')).toBe('*')
    expect(responses[0]?.headers.has('etag')).toBe(false)
    expect(reports).toEqual([
      ['bug-1', fault],
      ['bug-2', fault],
    ])
    expect((await fetch(url.replace('results', 'status'), { headers })).status).toBe(200)
  })

  it('in the middle of the rows leaves nothing to the next answer', async () => {
    const { url, headers } = await named('skop', 'succeeded')
    const whole = await (await assembled([skop])).fetch(url, { headers })
    let broken = true
    const name = {
      read: (template: Readonly<Record<string, Json>>, { index }: { readonly index: number }): Json => {
        if (broken && index === 7) throw new Error('row seven')
        return template['name'] ?? null
      },
    }
    const { fetch, reports } = await assembled([withVendor({ columns: { ...vendor.columns, name } })])
    expect((await fetch(url, { headers })).status).toBe(500)
    broken = false
    expect(await (await fetch(url, { headers })).text()).toBe(await whole.text())
    expect(reports).toHaveLength(1)
  })

  it('in an error body or in headers is no less a bug', async () => {
    const fail = (): never => {
      throw new Error('no shape')
    }
    const { url, headers } = await named('skop', 'succeeded')
    for (const change of [{ errors: fail }, { headers: fail }]) {
      const { fetch, reports } = await assembled([withVendor(change)])
      expect((await fetch(url)).status).toBe(500)
      expect(reports).toHaveLength(1)
      expect((await fetch('/nowhere', { headers })).status).toBe(404)
    }
  })

  it('in a brief makes no job', async () => {
    const { fetch } = await assembled([
      withVendor({
        brief: () => {
          throw new Error('no brief')
        },
      }),
    ])
    const init = {
      method: 'POST',
      headers: { 'x-api-key': 'sk-1', 'content-type': 'application/json' },
      body: JSON.stringify({ website: 'https://a.example', prompt: 'all the documents' }),
    }
    expect((await fetch('/scrape/', init)).status).toBe(500)
  })
})

describe('a document that turns out unusable', () => {
  it('is named, place and reason, only where it is needed', async () => {
    const paths = {
      '/good': { get: answering({ const: 1 }) },
      '/bad': { get: answering({ type: 'string', pattern: '(' }) },
    }
    const { fetch, reports } = await assembled([apiOf('half', { paths })])
    expect((await fetch('/good')).status).toBe(200)
    const bad = await fetch('/bad')
    expect([bad.status, reports.length]).toEqual([500, 1])
    const { detail } = (await bad.json()) as { readonly detail: string }
    expect(detail).toContain('half.yaml: the schema at /paths/~1bad/get/responses/200/content/')
    expect(detail).toContain('does not compile')
    expect((await fetch('/good')).status).toBe(200)
  })

  it('is never answered with a value that its own schema refuses', async () => {
    const { fetch, reports } = await assembled([
      apiOf('odd', { paths: { '/a': { get: answering({ type: 'string', not: {} }) } } }),
    ])
    expect((await fetch('/a')).status).toBe(500)
    expect(String(reports[0]?.[1])).toContain('no value could be drawn for odd.yaml/paths/~1a')
  })
})
