import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../../src/contract/report/json.ts'
import { reportOf } from '../../../src/contract/report/report.ts'
import { lineOf } from '../acme/subject.ts'
import { judgeBroken, nastyVerdict, reported, reportOnBroken } from './reported.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../../contracts/report.schema.json', import.meta.url), 'utf8'),
)
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)

/** The published schema with no member left open: what is written must be described. */
const closed = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(closed)
const describes = closed.compile(
  JSON.parse(JSON.stringify(schema), (key, value) =>
    key !== 'properties' && value?.type === 'object' && value.properties !== undefined
      ? { ...value, additionalProperties: false }
      : value,
  ),
)

describe('the report for programs', () => {
  it('keeps its published schema, which describes every member', async () => {
    const report = JSON.parse(renderJson(await reportOnBroken()))
    validate(report)
    expect(validate.errors).toBeNull()
    describes(report)
    expect(describes.errors).toBeNull()
    expect(report.verdicts[0].findings.length).toBeGreaterThan(0)
  })

  it('is refused by its schema when a member is missing or of another type', async () => {
    const report = JSON.parse(renderJson(await reportOnBroken()))
    const [verdict] = report.verdicts
    const broken = [
      { ...report, version: 1 },
      { ...report, verdicts: [{ ...verdict, findings: [{ ...verdict.findings[0], document: {} }] }] },
      { ...report, verdicts: [{ ...verdict, state: 'fine' }] },
    ]
    expect(broken.map((each) => validate(each))).toEqual([false, false, false])
  })

  it('shows the lines of the document and the members of the body around each place', async () => {
    const [finding] = (await reportOnBroken()).verdicts[0]?.findings ?? []
    const line = lineOf('name: { type: [string')
    expect(finding?.frames.document).toMatchObject({ line, column: finding?.document.column })
    expect(finding?.frames.document?.lines.map((each) => [each.line, each.marked])).toEqual([
      [line - 1, false],
      [line, true],
      [line + 1, false],
    ])
    expect(finding?.frames.body?.lines.map(({ text, marked }) => [text.split(':')[0], marked])).toEqual([
      ['"id"', false],
      ['"name"', true],
      ['"weight"', false],
    ])
    const { frames, exchanges } = finding ?? {}
    const { column = 0 } = frames?.body?.lines[1] ?? {}
    expect(exchanges?.at(-1)?.response.body.slice(column - 1)).toMatch(/^"name":7,/)
  })

  it('stays small whatever the size of an answer, and says what was cut', async () => {
    const report = reported([await nastyVerdict('x'.repeat(5_000_000))])
    const text = renderJson(report)
    expect(text.length).toBeLessThan(300_000)
    expect(text).toMatch(/"cut": \d{7}/)
    expect(text).toMatch(/… \(\d{7} more\)/)
    validate(JSON.parse(text))
    expect(validate.errors).toBeNull()
  })

  it('holds no character that steers a terminal, and parses to what was said', async () => {
    const report = reported([await nastyVerdict()])
    const text = renderJson(report)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u{e0041}]|##\[/u)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)))
    validate(JSON.parse(text))
    expect(validate.errors).toBeNull()
  })

  it('tells when it was made only where that is asked for', async () => {
    const [verdict] = await judgeBroken()
    expect(renderJson(reported([verdict]))).not.toMatch(/madeAt/)
    const dated = reportOf([verdict], { version: '1.2.3', madeAt: '2026-11-30T12:00:00.000Z' })
    expect(JSON.parse(renderJson(dated)).madeAt).toBe('2026-11-30T12:00:00.000Z')
    validate(JSON.parse(renderJson(dated)))
    expect(validate.errors).toBeNull()
  })
})
