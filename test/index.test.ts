import { describe, expect, it } from 'vitest'
import * as standin from '../src/index.ts'
import { createStandin, UsageError } from '../src/index.ts'
import { BUILT_IN } from './built-in.ts'
import { named } from './served.ts'

describe('the package', () => {
  it('exports this and nothing else', () => {
    expect(Object.keys(standin).sort()).toEqual(['UsageError', 'createStandin'])
  })
})

describe('createStandin', () => {
  it('takes whatever fetch takes: a path, a URL, a Request, and what goes with it', async () => {
    const { fetch } = await createStandin({ apis: ['skop'] })
    const { url, headers } = await named('skop', 'one-row')
    const responses = [
      await fetch(url, { headers }),
      await fetch(`https://api.skop.dev${url}`, { headers }),
      await fetch(new URL(url, 'http://elsewhere.example:8080'), { headers }),
      await fetch(new Request(`http://localhost${url}`, { headers })),
      await fetch(new Request(`http://localhost${url}`), { headers }),
    ]
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const texts = await Promise.all(responses.map((response) => response.text()))
    expect(new Set(texts).size).toBe(1)
    const post = new Request('http://a/skop/scrape/', { method: 'POST', headers, body: '{}' })
    expect((await fetch(post)).status).toBe(400)
  })

  it('serves every API unless it is told which', async () => {
    expect((await createStandin()).apis.map(({ id }) => id)).toEqual(BUILT_IN)
    expect((await createStandin({ apis: ['skop'] })).apis.map(({ id }) => id)).toEqual(['skop'])
  })

  it.each<[standin.StandinOptions, RegExp]>([
    [{ apis: ['skopp'] }, /no API `skopp`; did you mean `skop`/],
    [{ apis: ['constructor'] }, /no API `constructor`/],
    [{ apis: ['skop', 'skop'] }, /two APIs are called `skop`/],
    [{ apis: ['./nothing.yaml'] }, /nothing\.yaml cannot be read/],
    [{ specs: 'no/such/folder' }, /there is no folder/],
    [{ specs: 'src' }, /holds no API/],
    [{ sede: 7 } as standin.StandinOptions, /no option `sede`; did you mean `seed`/],
    [{ profile: 'wired' } as unknown as standin.StandinOptions, /profile must be one of spec, wire/],
    [{ seed: 1.5 }, /seed must be an integer/],
    [{ faults: [{ operation: 'skop/nothing', status: 500 }] }, /faults.0.operation: there is no operation/],
    [{ webhookHosts: ['http://a.example'] }, /webhookHosts must be a host without a port, not `http/],
    [{ clock: 'step' }, /clock must be real, frozen, auto or step:<duration>/],
  ])('refuses %j with a UsageError', async (options, message) => {
    const made = createStandin(options)
    await expect(made).rejects.toThrow(message)
    await expect(made).rejects.toBeInstanceOf(UsageError)
  })

  it('refuses to list the jobs of an API that it does not serve', async () => {
    const { jobs } = await createStandin({ apis: ['skop'] })
    expect(() => jobs('deepset')).toThrow('There is no API deepset; there are skop')
    expect(jobs('skop')).toEqual(jobs())
  })

  it('gives the same bytes for the same seed, whichever other APIs there are', async () => {
    const { url, headers } = await named('skop', 'many-pages')
    const seeds = [{ seed: 1 }, {}, { seed: 1, apis: ['skop'] }, { seed: 2 }]
    const texts = await Promise.all(
      seeds.map(async (options) => (await (await createStandin(options)).fetch(url, { headers })).text()),
    )
    expect(texts[1]).toBe(texts[0])
    expect(texts[2]).toBe(texts[0])
    expect(texts[3]).not.toBe(texts[0])
  })
})
