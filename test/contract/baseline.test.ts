import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { beforeAll, describe, expect, it } from 'vitest'
import { readBaseline, writeBaseline } from '../../src/cli/baseline-file.ts'
import type { BaselineEntry } from '../../src/contract/baseline.ts'
import { applyBaseline, dayAfter } from '../../src/contract/baseline.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import { BAD_HEADER } from './acme/planted.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'

const TODAY = '2026-11-30'
let broken: Verdict
let clean: Verdict

const judge = (fault = {}): Promise<Verdict> =>
  checkTarget(readSubject(), createServer(fault), { baseUrl: 'http://acme.test', recheck: false })

beforeAll(async () => {
  broken = await judge(BAD_HEADER)
  clean = await judge()
})

function entryOf(expires = '2026-12-31'): BaselineEntry {
  const [finding] = broken.findings
  return { id: finding?.id ?? '', reason: 'the vendor mends it', expires }
}

const apply = (verdict: Verdict, ...entries: BaselineEntry[]): Verdict =>
  applyBaseline([verdict], { entries, today: TODAY, nameOf: (at) => `entry ${at}` })[0] as Verdict

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'baseline-'))

describe('a baseline', () => {
  it('lets pass what it knows, and says so', () => {
    expect(broken.findings.length).toBe(1)
    const verdict = apply(broken, entryOf())
    expect(verdict.findings[0]?.baseline).toEqual({ reason: 'the vendor mends it', expires: '2026-12-31' })
    expect(verdict.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(verdict.shortfalls).toEqual([])
    expect(exitCode([broken])).toBe(1)
    expect(exitCode([verdict])).toBe(0)
  })

  it('knows a failure by check, operation, status and topic too, and no other', () => {
    const [finding] = broken.findings
    const { check = 'P01', operationId = '', status = 0, topic = '' } = finding ?? {}
    const entry = { check, operation: operationId, reason: 'known', expires: TODAY }
    expect(exitCode([apply(broken, entry)])).toBe(0)
    expect(exitCode([apply(broken, { ...entry, status, topic, api: 'acme' })])).toBe(0)
    expect(exitCode([apply(broken, { ...entry, status: 500 })])).toBe(1)
    expect(exitCode([apply(broken, { ...entry, topic: 'else' })])).toBe(1)
    expect(exitCode([apply(broken, { ...entry, api: 'other' })])).toBe(1)
  })

  it('does not let pass what is new', () => {
    const other = { ...entryOf(), id: 'zzzzz-zzzzzzz' }
    expect(apply(broken, other).findings[0]?.baseline).toBeUndefined()
    expect(exitCode([apply(broken, other)])).toBe(1)
  })

  it('counts no day longer than it says', () => {
    expect(exitCode([apply(broken, entryOf(TODAY))])).toBe(0)
    const verdict = apply(broken, entryOf('2026-11-29'))
    expect(verdict.shortfalls).toEqual(['entry 0 expired on 2026-11-29: the vendor mends it'])
    expect(verdict.findings[0]?.baseline).toBeUndefined()
    expect(exitCode([verdict])).toBe(1)
  })

  it('must lose what is not seen any more', () => {
    const verdict = apply(clean, entryOf())
    expect(verdict.shortfalls).toEqual(['entry 0 is not seen any more: remove it'])
    expect(exitCode([verdict])).toBe(1)
  })

  it('must lose what is of an operation that is gone, by whatever it is named', () => {
    const known = { reason: 'known', expires: TODAY }
    const gone = [
      { check: 'P01', operation: 'gone', ...known },
      { id: 'zzzzz-zzzzzzz', api: 'acme', ...known },
    ]
    const verdict = apply(clean, ...gone)
    expect(verdict.shortfalls).toEqual(
      [0, 1].map((at) => `entry ${at} is of no check of a documented operation: remove it`),
    )
    expect(exitCode([verdict])).toBe(1)
    expect(apply({ ...clean, whole: false }, ...gone).shortfalls).toEqual([])
    expect(apply(clean, { check: 'P01', operation: 'gone', api: 'other', ...known }).shortfalls).toEqual([])
  })

  it('tells of it once where several verdicts lack it', () => {
    const entries = [{ check: 'P01', operation: 'gone', reason: 'known', expires: TODAY }]
    const applied = applyBaseline([clean, { ...clean, api: 'other' }], {
      entries,
      today: TODAY,
      nameOf: (at) => `entry ${at}`,
    })
    expect(applied.map(({ shortfalls }) => shortfalls.length)).toEqual([1, 0])
  })

  it('says nothing of what a run did not look at', () => {
    const stopped = { ...clean, stopped: 'the deadline has passed' }
    const part = { ...clean, whole: false }
    const skipped = {
      ...clean,
      checks: clean.checks.map((each) => ({ ...each, outcome: 'skipped' as const })),
    }
    for (const verdict of [stopped, part, skipped]) expect(apply(verdict, entryOf()).shortfalls).toEqual([])
  })
})

describe('a baseline in a file', () => {
  it.each(['yaml', 'json'])(
    'is written as %s with what fails, without reasons, and is refused without',
    async (end) => {
      const path = join(await folder(), `known.${end}`)
      expect(await writeBaseline(path, [broken], TODAY)).toBe(1)
      await expect(readBaseline(path, TODAY)).rejects.toThrow(
        /known\.\w+:\d+:\d+: \/entries\/0\/reason must say why/,
      )
      const text = await readFile(path, 'utf8')
      await writeFile(
        path,
        text.replace(/reason(": ""|: ''|: "")/, (all) => all.replace(/(''|"")$/, '"known"')),
      )
      const baseline = await readBaseline(path, TODAY)
      expect(baseline.entries).toEqual([
        expect.objectContaining({
          id: broken.findings[0]?.id,
          api: 'acme',
          expires: '2027-02-28',
          reason: 'known',
        }),
      ])
      const [verdict] = applyBaseline([broken], baseline)
      expect(exitCode([verdict as Verdict])).toBe(0)
      await writeBaseline(path, [verdict as Verdict], '2027-01-01')
      expect(load(await readFile(path, 'utf8'))).toMatchObject({
        entries: [{ reason: 'known', expires: '2027-02-28' }],
      })
    },
  )

  it('takes a day that is written without quotes', async () => {
    const path = join(await folder(), 'known.yaml')
    await writeFile(
      path,
      'entries:\n  - { check: P02, operation: readRows, reason: why, expires: 2026-12-31 }\n',
    )
    expect((await readBaseline(path, TODAY)).entries[0]?.expires).toBe('2026-12-31')
  })

  it.each([
    ['entries: 1', /known.yaml:1:1: \/entries must be array/],
    ['entries:\n  - reason: why\n    expires: 2026-12-31\n', /known.yaml:2:\d+: .*required property 'id'/],
    [
      'entries:\n  - { id: x, reason: why, expires: 2026-12-31 }',
      /known.yaml:2:\d+: \/entries\/0\/id must match/,
    ],
    [
      'entries:\n  - { check: P02, operation: a, reason: why, expires: soon }',
      /\/entries\/0\/expires must match/,
    ],
    ['entries:\n  - { check: P02, operation: a, reason: why, expires: 2026-02-30 }', /2026-02-30 is no day/],
    ['entries:\n  - { check: P20, operation: a, reason: why, expires: 2026-12-31 }', /no check `P20`/],
    ['entries: []\nmore: 1', /must NOT have additional properties: more/],
    ['entries: [', /known.yaml:\d+:\d+: /],
  ])('is refused where it says nothing: %j', async (text, message) => {
    const path = join(await folder(), 'known.yaml')
    await writeFile(path, text)
    await expect(readBaseline(path, TODAY)).rejects.toThrow(message)
  })

  it('has a schema that is a schema', () => {
    const file = new URL('../../contracts/baseline.schema.json', import.meta.url)
    const schema = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    expect(() => new Ajv2020.default({ strict: false }).compile(schema)).not.toThrow()
  })
})

describe('days', () => {
  it('are counted over months and leap years', () => {
    expect(dayAfter('2026-11-30', 90)).toBe('2027-02-28')
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29')
    expect(dayAfter('no day', 1)).toBe('')
  })
})
