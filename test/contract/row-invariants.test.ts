/**
 * The invariants of pages and rows on the ledger, a small server: nothing is found where it is right. Planted
 * bugs are in `row-pages` and `row-orders`.
 */
import { expect, it } from 'vitest'
import { judgeLedger } from './ledger/planted.ts'

it('finds nothing on a ledger that is right, and has looked at each check', async () => {
  const verdict = await judgeLedger({})
  expect(verdict.findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
  const passed = (id: string): readonly string[] =>
    verdict.checks.flatMap((each) =>
      each.operationId === id && each.outcome === 'passed' ? [each.check] : [],
    )
  const paging = ['P01', 'P02', 'P04', 'P05', 'P06', 'P07', 'P08', 'P09']
  expect(passed('readRows')).toEqual(
    expect.arrayContaining([...paging, 'P03', 'S01', 'S02', 'S03', 'F01', 'X01']),
  )
  expect(passed('readRows')).toContain('law')
  expect(passed('listJobs')).toEqual(expect.arrayContaining([...paging, 'S01', 'S02', 'F01']))
  expect(passed('readJob')).toContain('S03')
  expect(verdict.exchanges).toBeLessThan(700)
})

it('lets a token of another query be ignored where the contract says so, and wants no refusal', async () => {
  const verdict = await judgeLedger({ anyQuery: true }, { foreign: 'ignored' })
  expect(verdict.findings.filter(({ operationId }) => operationId === 'listJobs')).toEqual([])
  const refused = await judgeLedger({}, { foreign: 'ignored' })
  expect(refused.findings.map(({ check }) => check)).toEqual(['P08'])
})
