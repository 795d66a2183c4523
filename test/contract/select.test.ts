import { describe, expect, it } from 'vitest'
import { CHECK_NAMES } from '../../src/contract/finding.ts'
import { idOf, isFindingId } from '../../src/contract/finding-id.ts'
import { renderJson } from '../../src/contract/report/json.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { SelectionOptions } from '../../src/contract/select.ts'
import { createSelection } from '../../src/contract/select.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { BAD_HEADER } from './acme/planted.ts'
import type { Fault } from './acme/server.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import { RESPONSES, subjectOf } from './planned.ts'

const OPTIONS = { baseUrl: 'http://acme.test', seed: 7, recheck: false } as const

async function judge(fault: Fault, selection: SelectionOptions = {}): Promise<Verdict & { asked: number }> {
  let asked = 0
  const server = createServer(fault)
  const target = (request: Request): Promise<Response> => {
    asked += 1
    return server(request)
  }
  const verdict = await checkTarget(readSubject(), target, {
    ...OPTIONS,
    replay: 'standin check acme',
    selection,
  })
  return { ...verdict, asked }
}

describe('a finding that is asked for by its id', () => {
  it('is found again with fewer requests, and nothing else is told of', async () => {
    const all = await judge({ ...BAD_HEADER, open: true })
    const wanted = all.findings.find(({ check }) => check === 'response_headers_conformance')
    const one = await judge({ ...BAD_HEADER, open: true }, { only: [wanted?.id ?? ''] })
    expect(all.findings.length).toBeGreaterThan(1)
    expect(one.findings.map(({ id }) => id)).toEqual([wanted?.id])
    expect(one.asked).toBeLessThan(all.asked / 4)
    expect(wanted?.replay).toBe(`standin check acme --only ${wanted?.id}`)
    expect(exitCode([one])).toBe(1)
  })

  it('that is gone is no finding', async () => {
    const all = await judge(BAD_HEADER)
    const one = await judge({}, { only: [all.findings[0]?.id ?? ''] })
    expect(one.findings).toEqual([])
    expect(exitCode([one])).toBe(0)
  })
})

describe('a selection', () => {
  it('means the check where an operation has the same name', () => {
    const reads = (operationId: string): JsonObject => ({ get: { operationId, responses: RESPONSES } })
    const subject = subjectOf({ '/law': reads('law'), '/other': reads('other') })
    const { wants } = createSelection(subject, { only: ['law'] })
    expect(wants('law', 'other')).toBe(true)
    expect(wants('no_server_error', 'law')).toBe(false)
  })

  it('makes the named checks of the named operations, and sends no more than they take', async () => {
    const all = await judge({})
    const { checks, asked } = await judge({}, { only: ['J10'] })
    expect(new Set(checks.map(({ check }) => check))).toEqual(new Set(['J10']))
    expect(asked).toBeLessThan(all.asked / 4)
    const rows = await judge({}, { only: ['readJob'] })
    expect(new Set(rows.checks.map(({ operationId }) => operationId))).toEqual(new Set(['readJob']))
    expect(rows.witnesses.map(({ operationId }) => operationId)).toEqual(['readJob'])
    expect(rows.asked).toBeLessThan(all.asked / 2)
    const both = await judge({}, { only: ['P02', 'S01', 'readRows'] })
    expect(both.checks.map(({ check, operationId }) => `${check} ${operationId}`)).toEqual([
      'P02 readRows',
      'S01 readRows',
    ])
  })

  it('is understood only where it names something', () => {
    const select = (only: string): unknown => createSelection(readSubject(), { only: [only] })
    expect(() => select('readRow')).toThrow(
      /no check, operation or finding that is called `readRow`.*readRows/,
    )
    expect(() => select('abcde-1234567')).toThrow(/abcde-1234567/)
    for (const check of CHECK_NAMES) expect(() => select(check)).not.toThrow()
  })

  it('says how grave the findings of a check are', async () => {
    const off = await judge(BAD_HEADER, { severities: { response_headers_conformance: 'off' } })
    expect(off.findings.map(({ check }) => check)).not.toContain('response_headers_conformance')
    expect(off.checks.map(({ check }) => check)).not.toContain('response_headers_conformance')
    const warn = await judge(BAD_HEADER, { severities: { response_headers_conformance: 'warn' } })
    const levels = warn.findings.map(({ check, level }) => [check, level])
    expect(levels).toContainEqual(['response_headers_conformance', 'warning'])
    expect(exitCode([warn])).toBe(0)
    expect(exitCode([await judge(BAD_HEADER)])).toBe(1)
  })
})

describe('the ids of findings', () => {
  it('are the same in every run, and differ where anything that makes a finding does', () => {
    const facts = { check: 'P02', operationId: 'read', status: 200, law: undefined, topic: 'x' }
    const id = idOf('acme', facts)
    expect(isFindingId(id)).toBe(true)
    expect(idOf('acme', { ...facts })).toBe(id)
    const others = [
      idOf('other', facts),
      idOf('acme', { ...facts, check: 'P01' }),
      idOf('acme', { ...facts, operationId: 'list' }),
      idOf('acme', { ...facts, status: 500 }),
      idOf('acme', { ...facts, law: 'a law' }),
      idOf('acme', { ...facts, topic: 'y' }),
    ]
    expect(new Set([id, ...others]).size).toBe(7)
  })
})

describe('a verdict', () => {
  it('is the same bytes whatever the concurrency and the speed of the target, second looks too', async () => {
    const run = async (concurrency: number): Promise<string> => {
      const server = createServer(BAD_HEADER)
      let number = 0
      const slow = async (request: Request): Promise<Response> => {
        number += 1
        for (let step = (number * 7) % 5; step > 0; step -= 1) await new Promise((go) => setTimeout(go))
        return server(request)
      }
      const options = { ...OPTIONS, recheck: true, concurrency }
      return renderJson([await checkTarget(readSubject(), slow, options)] as never)
    }
    expect(await run(8)).toBe(await run(1))
  })
})
