/**
 * Exported files and the server are one engine: the same bytes.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Terminal } from '../../src/cli/command.ts'
import { generate } from '../../src/cli/generate.ts'
import { runProgram } from '../../src/cli/run.ts'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { allRows, named, read, served } from '../served.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-export-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: readonly string[]): Promise<readonly [code: number, out: string, err: string]> {
  const [out, err]: [string[], string[]] = [[], []]
  const terminal: Terminal = {
    print: (line) => out.push(line),
    note: (line) => err.push(line),
    ...{ color: false, interactive: false, environment: {} },
  }
  const program = { commands: { generate: async () => generate }, aliases: {} }
  const code = await runProgram(program, ['generate', ...args], terminal)
  return [code, out.join('\n'), err.join('\n')]
}

function linesOf(path: string): readonly JsonObject[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonObject)
}

describe('standin generate --format json', () => {
  it('writes for every named job what the server answers, byte for byte', async () => {
    const out = join(folder, 'json')
    const [code, told] = await run('--format', 'json', '--out', out)
    expect(code).toBe(0)
    const jobs = (await served()).jobs().filter(({ name }) => name !== null)
    for (const job of jobs) {
      const { text } = await read(job.url, job.headers)
      expect(readFileSync(join(out, job.api, `${job.name}.json`), 'utf8'), job.name ?? '').toBe(text)
    }
    expect(readdirSync(out).flatMap((api) => readdirSync(join(out, api)))).toHaveLength(jobs.length)
    expect(told).toMatch(/wrote .*skop\/one-row\.json \(\d+ bytes\)/)
  })

  it('writes the bodies of another seed', async () => {
    const out = join(folder, 'seed')
    await run('deepset', '--format', 'json', '--job', 'tied', '--seed', '7', '--out', out)
    const { url, headers } = await named('deepset', 'tied')
    const body = await (await (await createStandin({ seed: 7 })).fetch(url, { headers })).text()
    expect(readFileSync(join(out, 'deepset', 'tied.json'), 'utf8')).toBe(body)
  })
})

describe('standin generate --format ndjson', () => {
  it('writes every row, as the pages have them', async () => {
    const out = join(folder, 'ndjson')
    await run('--format', 'ndjson', '--out', out, '--rows', '400', '--job', 'many-pages', '--job', 'running')
    for (const name of ['many-pages', 'running']) {
      const rows = await allRows(await named('deepset', name))
      expect(linesOf(join(out, 'deepset', `${name}.ndjson`))).toEqual(rows)
      const { url, headers } = await named('skop', name)
      const { documents } = JSON.parse((await read(url, headers)).text) as JsonObject
      expect(linesOf(join(out, 'skop', `${name}.ndjson`))).toEqual(documents)
    }
  })

  it('writes the rows that a vendor renders by itself, and none where results are refused', async () => {
    const out = join(folder, 'rendered')
    await run('llama-stack', '--format', 'ndjson', '--out', out, '--job', 'nested', '--job', 'running')
    const { url, headers } = await named('llama-stack', 'nested')
    const { generations } = JSON.parse((await read(url, headers)).text) as JsonObject
    expect(linesOf(join(out, 'llama-stack', 'nested.ndjson'))).toEqual(generations)
    expect(readFileSync(join(out, 'llama-stack', 'running.ndjson'), 'utf8')).toBe('')
  })

  it('writes nothing for a job without rows, and no more rows than it is asked for', async () => {
    const out = join(folder, 'few')
    const [, told] = await run(
      'deepset',
      '--format',
      'ndjson',
      '--out',
      out,
      '--rows',
      '1200',
      '--job',
      'huge',
    )
    expect(told).toContain('huge.ndjson (1200 of 10000000 rows)')
    expect(linesOf(join(out, 'deepset', 'huge.ndjson'))).toHaveLength(1_200)
    await run('skop', '--format', 'ndjson', '--out', out, '--job', 'empty')
    expect(readFileSync(join(out, 'skop', 'empty.ndjson'), 'utf8')).toBe('')
  })
})

describe('what would write nothing', () => {
  it.each([
    [['--format', 'json', '--job', 'tide'], /no job is called `tide`; did you mean `tied`\?/],
    [['skop', '--format', 'json', '--job', 'tied', '--job', 'huge'], /no job is called `huge`/],
    [['--format', 'json', '--check'], /--check compares fixtures/],
    [['--format', 'xml'], /--format must be one of json, ndjson, not `xml`/],
    [['--rows', '100'], /--rows must be an integer from 101 to 3000, not `100`/],
    [['--jobs', '-1'], /--jobs must be an integer from 0 to 10000/],
  ])('is refused: %j', async (args, message) => {
    const [code, out, err] = await run(...args, '--out', join(folder, 'none'))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })
})

describe('standin generate', () => {
  it('names each value by which a fixture differs, and mends it', async () => {
    const out = join(folder, 'fixtures')
    expect((await run('--out', out))[0]).toBe(0)
    expect(await run('--check', '--out', out)).toEqual([
      0,
      expect.stringMatching(/^fresh .*deepset\.json\n/),
      '',
    ])
    expect((await run('skop', '--check', '--out', out, '--rows', '500'))[1]).toMatch(
      /stale .*skop\.json\n +jobs\/many-pages\/rows: 321 -> 500\n/,
    )
    const [code, told] = await run('skop', '--check', '--out', out, '--jobs', '2')
    expect([code, told]).toEqual([
      1,
      expect.stringMatching(/jobs\/extra-1: nothing -> .*\n +jobs\/extra-2: nothing/),
    ])
    expect((await run('skop', '--check', '--out', join(folder, 'nowhere')))[1]).toContain(
      'the file is missing',
    )
  })
})
