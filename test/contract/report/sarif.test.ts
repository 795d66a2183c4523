/**
 * SARIF as GitHub takes it. Microsoft's SARIF multitool judges it too where it is at hand: set
 * SARIF_MULTITOOL to its path.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { renderSarif, uriOf } from '../../../src/contract/report/sarif.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { lineOf } from '../acme/subject.ts'
import { judgeBroken, nastyVerdict, reported, reportOnBroken } from './reported.ts'

const multitool = process.env['SARIF_MULTITOOL']
const isCi = (process.env['CI'] ?? '') !== ''
const MISSING = 'no SARIF multitool: SARIF_MULTITOOL is not set'

const folder = mkdtempSync(join(tmpdir(), 'standin-sarif-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level?: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: object
      readonly region: { readonly startColumn: number }
    }
  }[]
  readonly partialFingerprints: object
  readonly suppressions?: readonly object[]
}

interface Text {
  readonly text: string
}

interface Log {
  readonly version: string
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string
        readonly rules: readonly {
          readonly id: string
          readonly shortDescription: Text
          readonly fullDescription: Text
          readonly help: Text
        }[]
      }
    }
    readonly results: readonly Result[]
  }[]
}

/** The project has no page on the web to name. */
const NO_PAGE = 'SARIF2005'

function sarifOf(verdicts: readonly Verdict[]): Log {
  return JSON.parse(renderSarif(reported(verdicts))) as Log
}

function resultsOf(log: Log): readonly Result[] {
  return log.runs.flatMap(({ results }) => results)
}

describe('the report for code scanning', () => {
  it('names the rule, the document’s line and columns, and what was found', async () => {
    const log = JSON.parse(renderSarif(await reportOnBroken())) as Log
    const [run] = log.runs
    const [result] = resultsOf(log)
    const { artifactLocation, region } = result?.locations?.[0]?.physicalLocation ?? {}
    expect([log.version, run?.tool.driver.name]).toEqual(['2.1.0', 'standin'])
    expect(result).toMatchObject({ ruleId: 'response_schema_conformance', level: 'error' })
    expect(result?.message.text).toMatch(/^GET \/jobs\/{job_id}\/rows -> 200: \/rows\/2\/name must be/)
    expect(artifactLocation).toEqual({ uri: 'acme/openapi.yaml' })
    const line = lineOf('name: { type: [string')
    const { startColumn = 0 } = region ?? {}
    expect(region).toEqual({ startLine: line, endLine: line, startColumn, endColumn: startColumn + 4 })
    const rule = run?.tool.driver.rules?.[result?.ruleIndex ?? -1]
    expect(rule?.id).toBe(result?.ruleId)
    for (const text of [rule?.shortDescription?.text, rule?.fullDescription?.text, rule?.help?.text]) {
      expect(text).toMatch(/\S/)
    }
  })

  it('knows a finding again when its line has moved, and tells different ones apart', async () => {
    const [verdict] = await judgeBroken()
    const moved = verdict.findings.map((finding) => ({
      ...finding,
      document: { ...finding.document, line: finding.document.line + 40 },
    }))
    const prints = (log: Log): unknown[] => resultsOf(log).map(({ partialFingerprints: print }) => print)
    const before = prints(sarifOf([verdict]))
    expect(prints(sarifOf([{ ...verdict, findings: moved }]))).toEqual(before)
    expect(new Set(before.map((print) => JSON.stringify(print))).size).toBe(verdict.findings.length)
  })

  it('tells what only warns, what is known and what was not seen again', async () => {
    const results = resultsOf(sarifOf([await nastyVerdict('x')]))
    expect(results.map(({ level }) => level).sort()).toContain('warning')
    const known = results.filter(({ suppressions }) => suppressions !== undefined)
    expect(known.map(({ level, suppressions }) => [level, suppressions])).toEqual([
      ['note', [{ kind: 'external', status: 'accepted', justification: 'x' }]],
    ])
  })

  it('keeps to what GitHub takes: 25,000 results, the gravest first, and texts of 1,024', async () => {
    const verdict = await nastyVerdict('x')
    const many = Array.from({ length: 26_000 }, (_, at) => {
      const finding = verdict.findings[at % 2 === 0 ? 3 : 0]
      if (finding === undefined) throw new Error('there are findings')
      return { ...finding, exchanges: [], id: `aaaaa-${at}` }
    })
    const log = sarifOf([{ ...verdict, findings: many }])
    const levels = resultsOf(log).map(({ level }) => level)
    expect(levels).toHaveLength(25_000)
    expect(levels.lastIndexOf('error')).toBe(12_999)
    const long = JSON.stringify(sarifOf([await nastyVerdict('x\u202e'.repeat(1100))]))
    const texts = [...long.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text)
    expect(Math.max(...texts.map((text) => JSON.parse(`"${text}"`).length))).toBeLessThanOrEqual(1024)
    expect(JSON.stringify(log)).toContain('1000 results are left out')
  })

  it.each([
    ['./a b/ä.yaml', 'a%20b/%C3%A4.yaml'],
    ['a\\b.yaml', 'a/b.yaml'],
    ['a,b:c%d #?.yaml', 'a,b%3Ac%25d%20%23%3F.yaml'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
  ])('names the file %j by the relative URL %s', (file, uri) => {
    expect(uriOf(file)).toBe(uri)
  })

  it('keeps the schema of OASIS and the rules of GitHub, whatever answers hold', async ({ skip }) => {
    if (multitool === undefined) {
      if (isCi) throw new Error(MISSING)
      console.warn(`skipped, ${MISSING}`)
      skip(MISSING)
      return
    }
    const verdicts = [...(await judgeBroken()), { ...(await nastyVerdict()), api: 'nasty' }]
    const file = join(folder, 'report.sarif')
    const judged = join(folder, 'judged.sarif')
    writeFileSync(file, renderSarif(reported(verdicts)))
    const args = [
      'validate',
      file,
      '--output',
      judged,
      '--rule-kind',
      'Sarif;Ghas',
      '--level',
      'Error;Warning',
    ]
    const { stdout, stderr } = spawnSync(multitool, args, { encoding: 'utf8' })
    const log = JSON.parse(readFileSync(judged, 'utf8').replace(/^\ufeff/, '')) as Log
    const told = resultsOf(log).filter(({ ruleId, level }) => level !== 'note' && ruleId !== NO_PAGE)
    const words = told.map(({ ruleId, message }) => `${ruleId} ${JSON.stringify(message)}`)
    expect(words, stdout + stderr).toEqual([])
    expect(log.runs.length).toBeGreaterThan(0)
  })
})
