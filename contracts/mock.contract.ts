/**
 * Every API that is found, its mock judged in process by its document and its job contract: a test for each
 * operation and check.
 */
import { describe, expect, it } from 'vitest'
import { inProcessTarget, subjectOf, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { checkTarget } from '../src/contract/run.ts'
import { exitCode, summaryOf } from '../src/contract/verdict.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })
const target = await inProcessTarget(apis)

describe.each(apis.map((api) => [api.id, api] as const))('the mock of %s', async (_, api) => {
  const baseUrl = await targetBase(api, null, target, true)
  const verdict = await checkTarget(await subjectOf(api), target, {
    baseUrl,
    label: 'mock',
    allowWrites: true,
  })

  it.each(verdict.checks.map((outcome) => [outcome.operationId, outcome.check, outcome] as const))(
    'keeps %s %s',
    (operationId, check, { outcome, reason }) => {
      const findings = verdict.findings.filter(
        (each) => each.operationId === operationId && each.check === check,
      )
      expect(findings.map(({ message }) => message)).toEqual([])
      if (outcome === 'skipped') expect(reason).not.toBe('')
    },
  )

  it('was really looked at', () => {
    process.stdout.write(`${summaryOf(verdict)}\n`)
    expect(exitCode([verdict])).toBe(0)
    expect(verdict.successes).toBeGreaterThan(20)
  })
})
