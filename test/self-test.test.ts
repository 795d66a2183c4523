/**
 * The judge put to the test on every API found: its mutants are planted in the mock's answers one by one, and
 * the check that each was made for must find it. What survives is listed here with its reason.
 */
import { describe, expect, it } from 'vitest'
import { renewedTarget, subjectOf, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { CHECK_NAMES } from '../src/contract/finding.ts'
import type { SelfTest } from '../src/contract/self-test/self-test.ts'
import { LEAST_SHARE, selfTest, shareOf } from '../src/contract/self-test/self-test.ts'

/** By API and name, why a mutant may live. */
const SURVIVORS: Readonly<Record<string, string>> = {}

/** Checks that no mutant can be made for, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  J04: 'no built-in API tells what is done of a job by whose word it can only have succeeded',
  C02: 'no built-in API tells by two members that a row failed, nor shows rows and a count of failed ones',
}

const MINUTES = 60_000

/** A mutant is planted till so many APIs have found it; STANDIN_MUTANTS=all plants each everywhere. */
const ENOUGH = process.env['STANDIN_MUTANTS'] === 'all' ? Number.POSITIVE_INFINITY : 2
/** Those that answer fastest come first. */
const ORDER = ['skop', 'talonic', 'llama-stack', 'deepset']

const rankOf = ({ id }: { readonly id: string }): number => ORDER.indexOf(id) + 1 || ORDER.length + 1
const apis = (await loadApis({ names: [], specs: null, needFixtures: true })).toSorted(
  (a, b) => rankOf(a) - rankOf(b),
)
const kills = new Map<string, number>()
const nameOf = ({ check, name }: { readonly check: string; readonly name: string }): string =>
  `${check} ${name}`
const isWanted = (mutant: Parameters<typeof nameOf>[0]): boolean => (kills.get(nameOf(mutant)) ?? 0) < ENOUGH
const tests: SelfTest[] = []

describe('the judge', () => {
  it.each(apis.map((api) => [api.id, api] as const))(
    'kills the mutants of %s',
    async (_, api) => {
      const open = await renewedTarget([api])
      const baseUrl = await targetBase(api, null, await open(), false)
      const options = { baseUrl, allowWrites: true }
      const done = await selfTest(await subjectOf(api), open, options, () => undefined, isWanted)
      for (const each of done.outcomes) {
        if (each.outcome === 'killed') kills.set(nameOf(each), (kills.get(nameOf(each)) ?? 0) + 1)
      }
      tests.push(done)
      const count = (outcome: string): number =>
        done.outcomes.filter((each) => each.outcome === outcome).length
      const share = (100 * shareOf([done])).toFixed(1)
      process.stdout.write(
        `${api.id}: ${share} % of ${count('killed') + count('survived')} mutants killed, ` +
          `${count('unplanted')} met no answer\n`,
      )
      const survivors = done.outcomes.filter(({ outcome }) => outcome === 'survived')
      const unexplained = survivors.map(({ check, name }) => `${api.id} ${check}: ${name}`)
      expect(unexplained.filter((name) => !Object.hasOwn(SURVIVORS, name))).toEqual([])
      expect(shareOf([done])).toBeGreaterThanOrEqual(LEAST_SHARE)
    },
    10 * MINUTES,
  )

  it('is put to the test by mutants of every kind of check', () => {
    const outcomes = tests.flatMap((done) => done.outcomes)
    const planted = outcomes.filter(({ outcome }) => outcome !== 'unplanted')
    const kinds = new Set<string>(planted.map(({ check }) => check))
    const missing = CHECK_NAMES.filter((name) => !kinds.has(name) && !Object.hasOwn(WITHOUT, name))
    process.stdout.write(`${planted.length} mutants planted, of ${kinds.size} checks\n`)
    expect(missing).toEqual([])
    expect(planted.length).toBeGreaterThanOrEqual(60)
  })
})
