import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Fixture } from '../../src/fixture/fixture.ts'
import { formatFixture, parseFixture } from '../../src/fixture/fixture.ts'
import type { FixtureRequest } from '../../src/generator/generate-fixture.ts'
import { generateFixture } from '../../src/generator/generate-fixture.ts'
import { formatWords, generateWords } from '../../src/generator/vocabulary.ts'
import type { JobState } from '../../src/model/job.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { FixtureRecipe } from '../../src/vendor/vendor.ts'
import { createJobs } from '../../src/world/jobs.ts'
import { BUILT_IN } from '../built-in.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })

function requestFor(id: string, change: Partial<FixtureRequest> = {}): FixtureRequest {
  const api = apis.find((candidate) => candidate.id === id)
  if (api?.contract == null || api.vendor?.fixture === undefined) throw new Error(`${id} has no recipe`)
  const { contract, vendor, files } = api
  const recipe = vendor.fixture as FixtureRecipe
  const request = { contract, recipe, seed: 1, source: files.source, extraJobs: 0, manyRows: null }
  return { ...request, rows: vendor.rows, ...change }
}

function withRecipe(id: string, change: (recipe: FixtureRecipe) => Partial<FixtureRecipe>): Fixture {
  const request = requestFor(id)
  return generateFixture({ ...request, recipe: { ...request.recipe, ...change(request.recipe) } })
}

/** Jobs by name and templates by kind and place within it. */
function valuesOf({ jobs, pool, briefs }: Fixture): ReadonlyMap<string, unknown> {
  const places = new Map<string, number>()
  const templates = pool.map(({ kind, template }): [string, unknown] => {
    const place = places.get(kind) ?? 0
    places.set(kind, place + 1)
    return [`${kind}/${place}`, template]
  })
  const named = jobs.map((job): [string, unknown] => [job.name, job])
  return new Map([
    ...named,
    ...templates,
    ...briefs.map((brief, place): [string, unknown] => [`b${place}`, brief]),
  ])
}

function expectUnmoved(before: Fixture, after: Fixture, ...except: readonly string[]): void {
  const fresh = valuesOf(after)
  for (const [name, value] of valuesOf(before)) {
    if (!except.includes(name)) expect(fresh.get(name), name).toEqual(value)
  }
  expect(fresh.size).toBeGreaterThanOrEqual(valuesOf(before).size)
}

describe.each(BUILT_IN)('the fixture of %s', (id) => {
  const fixture = generateFixture(requestFor(id))

  it('has the same bytes each time, and those that are committed', () => {
    const text = formatFixture(fixture)
    expect(formatFixture(generateFixture(requestFor(id)))).toBe(text)
    const file = new URL(`../../fixtures/${id}.json`, import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(parseFixture(`${id}.json`, text)).toEqual(fixture)
  })

  it('has other values for another seed, and the same jobs', () => {
    const other = generateFixture(requestFor(id, { seed: 2 }))
    expect(other.pool.map(({ kind }) => kind)).toEqual(fixture.pool.map(({ kind }) => kind))
    expect(other.pool).not.toEqual(fixture.pool)
    expect(other.jobs.map(({ name, id: job }) => [name, job])).toEqual(
      fixture.jobs.map(({ name, id: job }) => [name, job]),
    )
  })

  it('has every usual job, in the state that its name promises, and enough templates', () => {
    const byName = new Map(fixture.jobs.map((job) => [job.name, job]))
    for (const state of JOB_STATES) expect(byName.get(state.replace('_', '-'))?.state).toBe(state)
    const rows = (name: string): number | undefined => byName.get(name)?.rows
    expect([rows('empty'), rows('one-row'), rows('one-page')]).toEqual([0, 1, 10])
    expect(rows('many-pages')).toBeGreaterThan(100)
    expect(fixture.pool.length).toBeGreaterThanOrEqual(64)
    expect(new Set(fixture.jobs.map((job) => job.id)).size).toBe(fixture.jobs.length)
  })

  it('holds each job in the state that it names', () => {
    const api = apis.find((candidate) => candidate.id === id)
    if (api?.contract == null) throw new Error(`${id} has no job contract`)
    const { contract, vendor } = api
    const world = createJobs({ api: id, seed: 1, fixture, contract, vendor })
    const states = world.named(0).map(({ state, job }): [string | null, JobState] => [job.name, state])
    expect(states).toEqual(fixture.jobs.map(({ name, state }) => [name, state]))
  })

  it('keeps every value when a job is added, and when jobs are drawn beside the named ones', () => {
    expectUnmoved(
      fixture,
      withRecipe(id, ({ jobs }) => ({ jobs: { ...{ early: { rows: 3 } }, ...jobs } })),
    )
    const more = generateFixture(requestFor(id, { extraJobs: 30 }))
    expectUnmoved(fixture, more)
    expect(more.jobs.length).toBe(fixture.jobs.length + 30)
    const most = generateFixture(requestFor(id, { extraJobs: 40 }))
    expectUnmoved(more, most)
  })

  it('keeps every value when a kind is added, or more of a kind', () => {
    expectUnmoved(
      fixture,
      withRecipe(id, ({ kinds }) => ({ kinds: { rare: 5, ...kinds } })),
    )
    expectUnmoved(
      fixture,
      withRecipe(id, ({ kinds }) => ({ kinds: { ...kinds, ordinary: 100 } })),
    )
  })

  it('keeps every value when a template or a brief gets another member', () => {
    const added = withRecipe(id, ({ template, brief }) => ({
      template: { extra: (draw) => draw.sentence(), ...template },
      brief: { ...brief, extra: (draw) => draw.uuid() },
    }))
    const without = ({ extra: _, ...rest }: Readonly<Record<string, unknown>>): unknown => rest
    expect(added.pool.map(({ template }) => without(template))).toEqual(
      fixture.pool.map(({ template }) => template),
    )
    expect(added.jobs.map(({ brief }) => without(brief))).toEqual(fixture.jobs.map(({ brief }) => brief))
  })

  it('keeps every other job when one gets more rows, and the templates of the rows it had', () => {
    const more = generateFixture(requestFor(id, { manyRows: 2_000 }))
    expectUnmoved(fixture, more, 'many-pages')
    const templates = [fixture, more].map((of) => {
      const api = apis.find((candidate) => candidate.id === id)
      if (api?.contract == null) throw new Error(`${id} has no job contract`)
      const { contract, vendor } = api
      const world = createJobs({ api: id, seed: 1, fixture: of, contract, vendor })
      const view = world.named(0).find(({ job }) => job.name === 'many-pages')
      if (view === undefined) throw new Error('there is no job many-pages')
      const rows = world.rows(view)
      return Array.from({ length: 321 }, (_, index) => rows.templateOf(index))
    })
    expect(templates[1]).toEqual(templates[0])
  })

  it('depends on nothing but its seed and its files', () => {
    const { TZ: zone, LC_ALL: locale } = process.env
    const { random, now } = { random: Math.random, now: Date.now }
    try {
      process.env['TZ'] = 'Pacific/Chatham'
      process.env['LC_ALL'] = 'tr_TR.UTF-8'
      Math.random = () => {
        throw new Error('chance')
      }
      Date.now = () => 0
      expect(formatFixture(generateFixture(requestFor(id)))).toBe(formatFixture(fixture))
    } finally {
      Math.random = random
      Date.now = now
      for (const [name, value] of [['TZ', zone] as const, ['LC_ALL', locale] as const]) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })
})

describe('the vocabulary', () => {
  it('is the committed one: different, plain words in the order of their drawing', () => {
    const words = generateWords(1)
    const file = new URL('../../fixtures/words.json', import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(formatWords(words))
    expect(JSON.parse(formatWords(words))).toEqual(words)
    expect([words.length, new Set(words).size]).toEqual([512, 512])
    expect(words.every((word) => /^[a-z]{3,12}$/.test(word))).toBe(true)
    expect(generateWords(2)).not.toEqual(words)
  })
})
