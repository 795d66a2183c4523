import { describe, expect, it } from 'vitest'
import {
  data,
  fence,
  maskCommands,
  property,
  renderAnnotations,
} from '../../../src/contract/report/github.ts'
import { renderSummary } from '../../../src/contract/report/summary.ts'
import { renderTerminal } from '../../../src/contract/report/terminal.ts'
import { lineOf } from '../acme/subject.ts'
import { judgeBroken, NASTY, nastyVerdict, reported, reportOnBroken } from './reported.ts'

const facts = { pathOf: (_: string, file: string) => `services/${file}` }

/** Reads commands as GitHub's runner does: at the start of a line, unless a fence stands before them. */
function commandsIn(
  text: string,
): readonly { command: string; properties: Record<string, string>; data: string }[] {
  let closed: string | null = null
  const plain = (each: string): string =>
    each
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%')
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    if (closed !== null) {
      if (line.trim() === `::${closed}::`) closed = null
      return []
    }
    const match = /^\s*::([a-z-]+)(?: ([^:]*(?:(?!::).)*?))?::(.*)$/.exec(line)
    if (match === null) return line.includes('##[') ? [{ command: 'old', properties: {}, data: line }] : []
    const [, command = '', given = '', text = ''] = match
    if (command === 'stop-commands') closed = text
    const pairs = given.split(',').filter((pair) => pair.includes('='))
    const properties = Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), plain(pair.slice(pair.indexOf('=') + 1))]),
    )
    return command === 'stop-commands' ? [] : [{ command, properties, data: plain(text) }]
  })
}

describe('annotations', () => {
  it('stand on the document’s line, as the repository names the file', async () => {
    const [first] = commandsIn(renderAnnotations(await reportOnBroken(), facts))
    const line = String(lineOf('name: { type: [string'))
    expect(first?.command).toBe('error')
    expect(first?.properties).toMatchObject({ file: 'services/acme/openapi.yaml', line, endLine: line })
    expect(first?.properties['title']).toMatch(/^contract: response_schema_conformance/)
    expect(first?.data).toMatch(/^GET \/jobs\/{job_id}\/rows -> 200: \/rows\/2\/name must be string or null/)
  })

  it('are ten of a kind at the most, and one for each line of a document', async () => {
    const [verdict] = await judgeBroken()
    const many = Array.from({ length: 90 }, (_, at) => {
      const finding = verdict.findings[0]
      if (finding === undefined) throw new Error('there is a finding')
      const kind = [{}, { level: 'warning' as const }, { unstable: true as const }][at % 3] ?? {}
      return { ...finding, ...kind, document: { ...finding.document, line: 1 + Math.floor(at / 6) } }
    })
    const text = renderAnnotations(reported([{ ...verdict, findings: many }]), facts)
    const commands = commandsIn(text)
    for (const kind of ['error', 'warning', 'notice']) {
      const own = commands.filter(({ command }) => command === kind)
      expect(own).toHaveLength(10)
      expect(new Set(own.map(({ properties }) => properties['line'])).size).toBe(10)
      expect(own[0]?.properties['title']).toMatch(/and 1 more$/)
    }
    expect(text).toContain('15 more lines have findings')
  })

  it('are the only commands in the log, whatever answers hold', async () => {
    const report = reported([await nastyVerdict()])
    const commands = commandsIn(renderAnnotations(report, facts))
    expect(new Set(commands.map(({ command }) => command))).toEqual(new Set(['error', 'warning', 'notice']))
    expect(commands.every(({ properties }) => properties['file']?.startsWith('services/'))).toBe(true)
    expect(commands.map(({ properties }) => properties['file'])).toContain('services/a,b:c%d #?.yaml')
  })

  it('escape what would end a command or a property', () => {
    expect(data('100%\r\n::x')).toBe('100%25\\x0d%0A::x')
    expect(property('a,b:c%\n')).toBe('a%2Cb%3Ac%25%0A')
  })
})

describe('the fence around foreign text', () => {
  it('lets no line of it be a command, and is the same each time', async () => {
    const text = renderTerminal(reported([await nastyVerdict()]), { color: false })
    expect(commandsIn(`${NASTY}\n`).length).toBeGreaterThan(0)
    for (const foreign of [text, NASTY, '', '::stop-commands::a\n::a::\n::error::x']) {
      const fenced = fence(foreign, 7)
      expect(commandsIn(fenced)).toEqual([])
      expect(commandsIn(`${fenced}::error::y`).map((each) => each.data)).toEqual(['y'])
      expect(fence(foreign, 7)).toBe(fenced)
      expect(fence(foreign, 8)).not.toBe(fenced)
    }
  })

  it('is not opened by a text that holds the word of another fence', () => {
    const [, token = ''] = /stop-commands::(\w+)/.exec(fence('x', 7)) ?? []
    expect(commandsIn(fence(`x\n::${token}::\n::error::y`, 7))).toEqual([])
  })
})

describe('secrets in the log', () => {
  it('are named to GitHub line by line', () => {
    expect(maskCommands(['a%b', 'c\nd\r\n', 'a%b', ' '])).toBe(
      '::add-mask::a%25b\n::add-mask::c\n::add-mask::d\n',
    )
  })
})

describe('the summary of a step', () => {
  it('says what was found, where, and how to see it again', async () => {
    const text = renderSummary(await reportOnBroken(), 1_000_000)
    expect(text).toMatch(/^## ❌ acme: broken\n/)
    expect(text).toContain('<code>response_schema_conformance</code>')
    expect(text).toContain(`acme/openapi.yaml&#58;${lineOf('name: { type: [string')}&#58;`)
  })

  it('holds foreign text only as text', async () => {
    const text = renderSummary(reported([await nastyVerdict()]), 1_000_000)
    const own = text.replace(/<\/?(?:details|summary|code|pre|p)>/g, '')
    expect(own).not.toMatch(/<|javascript:|\*\*|`injected|::error|^\s*#[^#]/m)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u)
  })

  it('is never longer than there is room, and counts what did not fit', async () => {
    const verdict = await nastyVerdict()
    const many = Array.from({ length: 2000 }, (_, at) => ({ ...verdict.findings[at % 6], id: `b-${at}` }))
    const report = reported([{ ...verdict, findings: many as unknown as typeof verdict.findings }])
    const size = (text: string): number => new TextEncoder().encode(text).length
    expect(size(renderSummary(report, 1024 * 1024))).toBeLessThanOrEqual(1024 * 1024)
    expect(renderSummary(report, 60_000)).toMatch(/\n\d+ findings did not fit here\.\n$/)
    expect(size(renderSummary(report, 60_000))).toBeLessThanOrEqual(60_000)
    expect(renderSummary(report, 10)).toBe('')
  })
})
