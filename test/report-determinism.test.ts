/**
 * Reports of the compiled program: the same bytes for one seed, whatever the concurrency and the time of day.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand, startProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FORMATS = ['terminal', 'json', 'junit', 'sarif', 'html', 'har', 'github'] as const

/** A document that the mock of another breaks: what is a text there is a number here. */
function brokenCopy(api: string, from: RegExp, to: string): string {
  const text = readFileSync(new URL(`../specs/${api}/openapi.yaml`, import.meta.url), 'utf8')
  const broken = text.replace(from, to)
  if (broken === text) throw new Error(`specs/${api}/openapi.yaml has nothing to break`)
  const file = join(folder, `${api}.yaml`)
  writeFileSync(file, broken)
  return file
}

async function reportsOf(names: readonly string[], concurrency: number): Promise<Record<string, string>> {
  const files = FORMATS.map((format) => join(folder, `${concurrency}.${format}`))
  const reporters = FORMATS.flatMap((format, at) => ['--reporter', `${format}=${files[at]}`])
  const flags = ['--seed', '5', '--concurrency', String(concurrency), ...reporters]
  const { stderr } = await runCommand(['check', ...names, ...flags], {
    cwd: folder,
    env: { GITHUB_ACTIONS: '' },
  })
  expect(stderr).toContain(`wrote ${files[0]}`)
  return Object.fromEntries(FORMATS.map((format, at) => [format, readFileSync(files[at] ?? '', 'utf8')]))
}

describe('two runs with one seed', () => {
  it('write the same bytes in every format, with findings and without', async () => {
    const [one, other] = await Promise.all(
      [1, 8].map((number) => reportsOf(['deepset', 'skop', 'talonic'], number)),
    )
    if (one === undefined || other === undefined) throw new Error('there are two runs')
    for (const format of FORMATS) expect([format, other[format] === one[format]]).toEqual([format, true])
    expect(one['json']).toMatch(/"exitCode": 0/)
    expect(one['json']).not.toMatch(/madeAt/)
  }, 240_000)

  it('write the same bytes where the contract is broken', async () => {
    const program = await startProgram([
      'serve',
      'skop',
      '--port',
      '0',
      '--log',
      'silent',
      '--clock',
      'frozen',
    ])
    const args = [brokenCopy('skop', /type: boolean/g, 'type: string'), '--target', program.url]
    const one = await reportsOf(args, 1)
    const other = await reportsOf(args, 6)
    await program.stop()
    for (const format of FORMATS) expect([format, other[format] === one[format]]).toEqual([format, true])
    expect(one['json']).toMatch(/"exitCode": 1/)
  })
})

describe('reports in a workflow of GitHub', () => {
  it('annotate, append a summary and mask what was given, without being asked', async () => {
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'before\n')
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder }
    const args = [
      'check',
      'skop',
      '--seed',
      '5',
      '--header',
      'X-Extra: hidden-value-1',
      '--report-timestamps',
    ]
    const json = join(folder, 'dated.json')
    const { stdout } = await runCommand([...args, '--reporter', 'terminal', '--reporter', `json=${json}`], {
      env,
    })
    expect(stdout).toMatch(/^::add-mask::hidden-value-1\n::stop-commands::([0-9a-f]{32})\n[\s\S]*\n::\1::\n/)
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## ✅ skop: kept\n/)
    expect(JSON.parse(readFileSync(json, 'utf8')).madeAt).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('say which reporters there are, and refuse a file without a name', async () => {
    for (const text of ['xml', 'json=']) {
      const { code, stderr } = await runCommand(['check', '--reporter', text])
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('must be one of terminal, json, junit, sarif,'),
      ])
    }
  })
})
