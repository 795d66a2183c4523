import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { renderJunit } from '../../../src/contract/report/junit.ts'
import { reportOf } from '../../../src/contract/report/report.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { lineOf } from '../acme/subject.ts'
import { judgeBroken, nastyVerdict, reported } from './reported.ts'

const XSD = readFileSync(new URL('junit.xsd', import.meta.url), 'utf8')

async function complaintsOf(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [XSD] })
  return errors.map(({ message }) => message)
}

interface Read {
  readonly classname: string
  readonly name: string
  readonly file: string
  readonly line: string
  readonly element: string
  readonly text: string
}

/** The cases as a reader sees them: attributes and the text content of what is inside. */
function readCases(xml: string): readonly Read[] {
  const unescaped = (text: string): string =>
    text
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, open = '', inner = '']) => {
      const attribute = (name: string): string =>
        unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(open)?.[1] ?? '')
      const [, element = '', text = ''] = /<(failure|error|skipped)[^>]*>(.*?)<\/\1>/s.exec(inner) ?? []
      return {
        ...{ classname: attribute('classname'), name: attribute('name') },
        ...{ file: attribute('file'), line: attribute('line'), element, text: unescaped(text) },
      }
    },
  )
}

async function brokenCase(): Promise<Read> {
  const found = readCases(renderJunit(reported(await judgeBroken()))).find(
    ({ element }) => element === 'failure',
  )
  if (found === undefined) throw new Error('a case failed')
  return found
}

describe('JUnit XML', () => {
  it('keeps the common schema, whatever answers hold', async () => {
    const nasty = { ...(await nastyVerdict()), api: 'nasty' }
    const xml = renderJunit(reported([...(await judgeBroken()), nasty]))
    expect(await complaintsOf(xml)).toEqual([])
    const dated = reportOf([nasty], { version: '1.2.3', madeAt: '2026-11-30T12:00:00.000Z' })
    expect(await complaintsOf(renderJunit(dated))).toEqual([])
    expect(xml.match(/<script|<img|<!\[CDATA/)).toBeNull()
  })

  it('is refused by that schema where a case is named twice or a count is missing', async () => {
    const xml = renderJunit(reported(await judgeBroken()))
    const twice = xml.replace(/(<testcase [^>]*\/>)/, '$1$1')
    expect(await complaintsOf(twice)).not.toEqual([])
    expect(await complaintsOf(xml.replace(/ tests="\d+"/, ''))).not.toEqual([])
  })

  it('gives GitLab the message as text, under a name of its own', async () => {
    const { text, classname, name } = await brokenCase()
    expect([classname, name]).toEqual(['acme: GET /jobs/{job_id}/rows', 'response_schema_conformance'])
    expect(text).toMatch(/^\/rows\/2\/name must be string or null, is integer 7/)
    expect(text).toMatch(/\nreproduce: curl -sS 'http/)
  })

  it('gives action-junit-report the file and line of the document as attributes', async () => {
    const { file, line } = await brokenCase()
    expect([file, line]).toEqual(['acme/openapi.yaml', String(lineOf('name: { type: [string'))])
  })

  it('gives test-reporter a line that ends in file, line and column, before any other', async () => {
    const { text } = await brokenCase()
    const found = text.split('\n').map((each) => /\((.*):(\d+):\d+\)$/.exec(each.trim()))
    const [, file, line] = found.find((match) => match !== null) ?? []
    expect([file, line]).toEqual(['acme/openapi.yaml', String(lineOf('name: { type: [string'))])
  })

  it('joins the findings of a case, and tells warnings and known failures beside it', async () => {
    const [verdict] = await judgeBroken()
    const [first] = verdict.findings
    if (first === undefined) throw new Error('there is a finding')
    const others = [
      { ...first, message: 'second' },
      { ...first, message: 'known', baseline: { reason: 'a ticket', expires: '2026-12-31' } },
      { ...first, message: 'mild', level: 'warning' as const },
    ]
    const xml = renderJunit(reported([{ ...verdict, findings: [first, ...others] }]))
    const [read] = readCases(xml).filter(({ element }) => element === 'failure')
    expect(read?.text).toMatch(/must be string or null[\s\S]*\n\nsecond\n/)
    expect(read?.text).not.toMatch(/^(?:known|mild)/m)
    const [, out = ''] = /<system-out>(.*?)<\/system-out>/s.exec(xml) ?? []
    expect(out).toMatch(/known[\s\S]*known until 2026-12-31: a ticket[\s\S]*mild/)
    expect(await complaintsOf(xml)).toEqual([])
  })

  it('does not fail for what only warns, and calls it an error where no answer came', async () => {
    const [verdict] = await judgeBroken()
    const only = (parts: Partial<Verdict['findings'][number]>): string =>
      renderJunit(
        reported([{ ...verdict, findings: verdict.findings.map((each) => ({ ...each, ...parts })) }]),
      )
    expect(only({ level: 'warning' })).toMatch(/<testsuites [^>]* failures="0" errors="0"/)
    expect(only({ unstable: true })).not.toMatch(/<failure|<error/)
    const mute = only({ status: 0 })
    expect(mute).toMatch(/<testsuites [^>]* failures="0" errors="[1-9]/)
    expect(await complaintsOf(mute)).toEqual([])
  })

  it('stays small: a text of 5 MB in one line is cut', async () => {
    const xml = renderJunit(reported([await nastyVerdict('y'.repeat(5_000_000))]))
    expect(xml.length).toBeLessThan(400_000)
    expect(await complaintsOf(xml)).toEqual([])
  })
})
