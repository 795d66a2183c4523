import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/contract/finding.ts'
import { checkTarget } from '../../src/contract/run.ts'
import { inRow, inRows, isRows } from './acme/planted.ts'
import type { Fault } from './acme/server.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'

const OPTIONS = { baseUrl: 'http://acme.test', seed: 7 } as const

async function find(fault: Fault, check: string, recheck = true): Promise<Finding> {
  const verdict = await checkTarget(readSubject(), createServer(fault), { ...OPTIONS, recheck })
  const found = verdict.findings.find((finding) => finding.check === check)
  if (found === undefined) throw new Error(`nothing was found by ${check}`)
  return found
}

const limits = ({ exchanges }: Finding): (string | null)[] =>
  exchanges.map(({ request }) => new URL(request.url).searchParams.get('limit'))

describe('a finding on a page', () => {
  const fault = inRow(0, (row) => ({ ...row, weight: -1 }))

  it('is shown by the smallest page that shows it', async () => {
    const finding = await find(fault, 'response_schema_conformance')
    expect(limits(finding)).toEqual(['1'])
    expect(finding.message).toMatch(/^\/rows\/0\/weight must be >= 0, is -1/)
    expect(finding.exchanges[0]?.response.body.match(/weight/g)).toHaveLength(1)
  })

  it('keeps its id and its count', async () => {
    const large = await find(fault, 'response_schema_conformance', false)
    const small = await find(fault, 'response_schema_conformance')
    expect(limits(large)).not.toEqual(['1'])
    expect([small.id, small.count]).toEqual([large.id, large.count])
  })

  it('is shown by two rows where it takes two', async () => {
    const swapped: Fault = {
      rows: (rows, { query }) =>
        query.get('sort') === 'weight' ? [...rows.slice(1, 2), ...rows.slice(0, 1), ...rows.slice(2)] : rows,
    }
    const distinct: Fault = {
      rows: (rows, asked) =>
        asked.query.get('sort') === 'weight' ? [...rows].reverse() : (swapped.rows?.(rows, asked) ?? rows),
    }
    const finding = await find(distinct, 'S01')
    expect(Number(limits(finding).at(-1))).toBeLessThanOrEqual(10)
  })
})

describe('a finding on a walk', () => {
  it('is shown by two pages of the smallest limit', async () => {
    const fault: Fault = {
      rows: (rows, asked) =>
        isRows(asked) && rows.length > 3
          ? [...rows.slice(0, 2), ...rows.slice(1, 2), ...rows.slice(2)]
          : rows,
    }
    const finding = await find(fault, 'P02')
    expect(finding.exchanges).toHaveLength(2)
    expect(limits(finding).every((limit) => Number(limit) <= 2)).toBe(true)
  })

  it('asks for no more than it may, however much is broken', async () => {
    let asked = 0
    const count = async (recheck: boolean): Promise<number> => {
      asked = 0
      const fault = inRows((body) => {
        asked += 1
        return { ...body, total: 'many', more: 1, rows: [{}, { id: asked }] }
      })
      await checkTarget(readSubject(), createServer(fault), { ...OPTIONS, recheck })
      return asked
    }
    expect((await count(true)) - (await count(false))).toBeLessThanOrEqual(900)
  })
})
