import { describe, expect, it } from 'vitest'
import { renderJson } from '../../../src/contract/report/json.ts'
import { renderJunit } from '../../../src/contract/report/junit.ts'
import { renderTerminal } from '../../../src/contract/report/terminal.ts'
import { attribute, content } from '../../../src/contract/report/xml.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import { inRow } from '../acme/planted.ts'
import { createServer } from '../acme/server.ts'
import { lineOf, readSubject } from '../acme/subject.ts'
import { OPTIONS, reported, reportOnBroken } from './reported.ts'

describe('the report for a terminal', () => {
  it('names check, operation, place, line and a command, and closes with one line', async () => {
    const text = renderTerminal(await reportOnBroken(), { color: false })
    const line = lineOf('name: { type: [string')
    expect(text).toContain('✗ response_schema_conformance  GET /jobs/{job_id}/rows → 200\n')
    expect(text).toMatch(/\n {4}\/rows\/2\/name must be string or null, is integer 7/)
    expect(text).toMatch(
      new RegExp(`\\n {4}at /rows/2/name, documented at acme/openapi\\.yaml:${line}:\\d+\\n`),
    )
    expect(text).toMatch(/\n {4}curl -sS 'http:\/\/acme\.test\/jobs\/\S+' -H 'authorization: \*\*\*'\n/)
    expect(text).toMatch(
      /\n {2}skipped: writes are not allowed \(--allow-writes\) \(makeJob:\s[^)]*stopJob: /,
    )
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      /^acme: broken; \d+ checks passed, \d+ failed and \d+ skipped;/,
    )
  })

  it('colours only when asked, and keeps to ASCII when asked', async () => {
    const report = await reportOnBroken()
    expect(renderTerminal(report, { color: true })).toContain('\u001b[31m')
    expect(renderTerminal(report, { color: false })).not.toContain('\u001b[')
    expect(renderTerminal(report, { color: false, unicode: false })).not.toMatch(/[^ -~\n]/)
  })

  it('lets no control character of an answer through', async () => {
    const fault = inRow(0, (row) => ({ ...row, weight: '\u001b[2J\u0007' }))
    const verdict = await checkTarget(readSubject(), createServer(fault), OPTIONS)
    const text = renderTerminal(reported([verdict]), { color: false })
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('\u0007')
  })
})

describe('the report for programs', () => {
  it('holds the verdicts and the exit code', async () => {
    const report = JSON.parse(renderJson(await reportOnBroken()))
    expect(Object.keys(report)).toEqual(['version', 'tool', 'exitCode', 'verdicts'])
    expect(report.exitCode).toBe(1)
    expect(report.verdicts[0].findings[0]).toMatchObject({
      check: 'response_schema_conformance',
      operationId: 'readRows',
      at: '/rows/2/name',
      document: { file: 'acme/openapi.yaml', line: lineOf('name: { type: [string') },
    })
  })
})

describe('the report for CI servers', () => {
  it('has a suite for each operation, a case for each check, and the line of the document', async () => {
    const xml = renderJunit(await reportOnBroken())
    const line = lineOf('name: { type: [string')
    expect(xml.match(/<testsuite /g)).toHaveLength(4)
    expect(xml).toContain(
      '<testcase classname="acme: GET /jobs/{job_id}/rows" name="response_schema_conformance" ' +
        `time="0.000" file="acme/openapi.yaml" line="${line}">`,
    )
    expect(xml).toMatch(
      new RegExp(`\\n {4}at GET /jobs/{job_id}/rows \\(acme/openapi\\.yaml:${line}:\\d+\\)\\n`),
    )
    const [root] = /<testsuites [^>]*>/.exec(xml) ?? []
    expect(root).toContain(`tests="${xml.match(/<testcase /g)?.length}"`)
    expect(root).toContain(`failures="${xml.match(/<failure /g)?.length}"`)
    expect(root).toContain(`skipped="${xml.match(/<skipped /g)?.length}"`)
  })

  it('names no case twice', async () => {
    const cases = renderJunit(await reportOnBroken()).match(/classname="[^"]*" name="[^"]*"/g) ?? []
    expect(new Set(cases).size).toBe(cases.length)
  })

  it('is well-formed XML whatever an answer holds', () => {
    expect(content('<a> & ]]> \u0000\u001b \ud800 \u{1f600}\ufffe')).toBe(
      '&lt;a&gt; &amp; ]]&gt; \ufffd\ufffd \ufffd 😀\ufffd',
    )
    expect(attribute('"a"\n\tb\r')).toBe('&quot;a&quot;&#10;&#9;b&#13;')
  })
})

describe('secrets', () => {
  it('stand in no report, neither as they are nor encoded', async () => {
    const secret = 'canary/+"secret"'
    const fault = inRow(2, (row) => ({ ...row, name: 7, weight: `${secret} ${btoa(secret)}` }))
    const server = createServer({ ...fault, open: true })
    const credentials = { Authorization: `Bearer ${secret}` }
    const verdicts = [await checkTarget(readSubject(), server, { ...OPTIONS, credentials })]
    const all = reported(verdicts)
    const reports = [renderJson(all), renderJunit(all), renderTerminal(all, { color: false })]
    expect(verdicts[0]?.findings.length).toBeGreaterThan(1)
    for (const report of reports) {
      expect(report).not.toContain('canary')
      expect(report).not.toContain(btoa(secret).replace(/=+$/, ''))
      expect(report).not.toContain(encodeURIComponent(secret))
      expect(report).toContain('***')
    }
  })
})
