/**
 * The judge on the built-in APIs with faults planted between it and the mock, one at a time. The faults of an
 * API stand in `test/planted/<api>.ts`.
 */
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProcessTarget, subjectOf, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import type { CheckOptions } from '../src/contract/run.ts'
import { checkTarget } from '../src/contract/run.ts'
import type { Subject } from '../src/contract/subject.ts'
import type { Target } from '../src/contract/target.ts'
import type { Verdict } from '../src/contract/verdict.ts'
import { exitCode } from '../src/contract/verdict.ts'
import { createStandin } from '../src/index.ts'
import { plantBetween } from './planted/between.ts'
import type { Fault } from './planted/fault.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)

async function faultsOf(id: string): Promise<readonly Fault[]> {
  const file = new URL(`planted/${id}.ts`, import.meta.url)
  if (!existsSync(file)) throw new Error(`plant faults in the answers of ${id}: test/planted/${id}.ts`)
  return ((await import(file.href)) as { readonly faults: readonly Fault[] }).faults
}

const faults = await Promise.all(
  apis.map(async ({ id }) => (await faultsOf(id)).map((fault) => [id, fault.name, fault] as const)),
)

/** By API: a subject's schemas are made ready once. */
const subjects = new Map<string, Subject>()

async function judge(id: string, target: Target, options: Partial<CheckOptions> = {}): Promise<Verdict> {
  const api = apis.find((each) => each.id === id)
  if (api === undefined) throw new Error(`there is no API ${id}`)
  const baseUrl = await targetBase(api, null, target, true)
  const subject = subjects.get(id) ?? (await subjectOf(api))
  subjects.set(id, subject)
  return checkTarget(subject, target, {
    ...{ baseUrl, label: 'planted', concurrency: 1 },
    ...options,
  })
}

describe('the judge', () => {
  it('leaves the jobs of a target alone, though it may write and the target asks for no key', async () => {
    const open = createStandin({ apis: ['skop'], auth: false })
    const target: Target = async (request) => (await open).fetch(request)
    const before = (await open).jobs()
    const api = apis.find(({ id }) => id === 'skop')
    if (api === undefined) throw new Error('there is no API skop')
    const baseUrl = await targetBase(api, null, target, true)
    const verdict = await checkTarget(await subjectOf(api), target, { baseUrl, allowWrites: true })
    expect(verdict.findings.map(({ check }) => check)).toContain('ignored_auth')
    expect((await open).jobs().slice(0, before.length)).toEqual(before)
  })

  // That nothing is found on the clean mocks of all APIs is shown by `contracts/mock.contract.ts`.
  it('finds nothing where nothing is planted', async () => {
    const verdict = await judge(
      'skop',
      plantBetween(mock, () => null),
    )
    expect(verdict.findings).toEqual([])
    expect(exitCode([verdict])).toBe(0)
  })

  it.each(faults.flat())('finds in %s %s and names the place', async (api, _, { check, names, plant }) => {
    const only = { selection: { only: [check], untilBroken: true }, recheck: false }
    const verdict = await judge(api, plantBetween(mock, plant), only)
    expect(exitCode([verdict])).toBe(1)
    const found = verdict.findings.filter((finding) => finding.check === check)
    expect(found.map(({ message }) => message).join('\n')).toMatch(names)
    for (const { document } of found) {
      expect(document.file).toBe(`specs/${api}/openapi.yaml`)
      expect(document.line).toBeGreaterThan(1)
    }
  })
})
