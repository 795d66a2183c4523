import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readHar } from '../../src/contract/har.ts'
import type { Program } from '../program.ts'
import { CLI, startProgram } from '../program.ts'
import { ask } from './between.ts'
import { startUpstream } from './upstream.ts'

describe('standin proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'standin-proxy-'))
  let standin: Program
  let job: { readonly url: string; readonly headers: Readonly<Record<string, string>> }

  beforeAll(async () => {
    standin = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'])
    const { jobs } = (await (await fetch(`${standin.url}/_standin/jobs`)).json()) as {
      jobs: { name: string; url: string; headers: Readonly<Record<string, string>> }[]
    }
    const found = jobs.find(({ name }) => name === 'one-page') ?? jobs[0]
    if (found === undefined) throw new Error('skop has jobs')
    job = found
  })
  afterAll(async () => {
    await standin.stop()
    rmSync(folder, { recursive: true })
  })

  it('judges, records without credentials, ends with a verdict; its recording is judged alike', async () => {
    const file = join(folder, 'deep', 'traffic.har')
    const report = join(folder, 'verdict.json')
    const proxy = await startProgram([
      ...['proxy', 'skop', '--target', standin.url, '--port', '0', '--record', file],
      ...['--reporter', `json=${report}`, '--reporter', 'terminal'],
    ])
    expect(proxy.output()).toMatch(/^standin proxy listening on http:\/\/127\.0\.0\.1:\d+$/m)
    const secret = 'skop_live_canary_5f2c'
    for (const path of [job.url, `${job.url.replace('/results/', '/status/')}`, '/unknown']) {
      const response = await fetch(proxy.url + path, { headers: { ...job.headers, 'X-Api-Key': secret } })
      await response.text()
    }
    const broken = await fetch(proxy.url + job.url, { headers: { ...job.headers, Host: 'evil.example' } })
    expect(broken.status).toBeLessThan(500)
    expect(await proxy.stop('SIGINT')).toBe(0)
    expect(proxy.output()).toContain('skop: kept')
    expect(JSON.parse(readFileSync(report, 'utf8'))).toBeTypeOf('object')
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(secret)
    for (const value of Object.values(job.headers)) expect(text).not.toContain(value.replace(/^Bearer /, ''))
    expect(readHar(text).exchanges.length).toBeGreaterThanOrEqual(3)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['traffic.har'])
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'check', 'skop', '--har', file])
    expect(stdout).toContain('skop: kept')
  })

  it('prints a line for each finding and ends with 1', async () => {
    const upstream = await startUpstream((_, response) => {
      const body = JSON.stringify({ job_id: '\u001b[31mx\n::error::y', status: 7 })
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(body)
    })
    const proxy = await startProgram(['proxy', 'skop', '--target', upstream.url, '--port', '0'])
    await (
      await fetch(`${proxy.url}/scrape/status/job_1`, { headers: { Authorization: 'Bearer abcdef' } })
    ).text()
    expect(await proxy.stop('SIGTERM')).toBe(1)
    await upstream.close()
    const lines = proxy
      .output()
      .split('\n')
      .filter((line) => line.startsWith('broken 200 GET /scrape/status/job_1 '))
    expect(lines.join('\n')).toMatch(
      /response_schema_conformance: .*\/status.*\(specs\/skop\/openapi\.yaml:\d+:\d+\)/,
    )
    expect(proxy.output()).not.toMatch(/^::error/m)
    expect(lines.join('')).not.toContain('\u001b')
  })

  it('does not answer under a name that is not its own', async () => {
    const proxy = await startProgram([
      'proxy',
      'skop',
      '--target',
      standin.url,
      '--port',
      '0',
      '--allow-host',
      'me.test',
    ])
    const got = await ask(`${proxy.url}${job.url}`, { headers: { Host: 'evil.example' } })
    expect([got.status, got.headers['content-type']]).toEqual([403, 'application/problem+json'])
    expect((await ask(`${proxy.url}/x`, { headers: { Host: 'me.test' } })).status).toBe(404)
    expect(await proxy.stop('SIGINT')).toBe(4)
  })

  it.each([
    [['proxy'], /name the one API/],
    [['proxy', 'skop'], /--target is missing/],
    [['proxy', 'skop', '--target', 'ftp://a'], /--target must be an http or https URL/],
    [['proxy', 'skop', '--target', 'http://u:p@a.test'], /without credentials/],
    [['proxy', 'skop', '--target', 'http://a.test', '--port', '70000'], /port/],
    [['proxy', 'skop', '--tarket', 'http://a.test'], /did you mean `--target`/],
  ])('refuses %j', async (args, message) => {
    const ended = promisify(execFile)(process.execPath, [CLI, ...args])
    await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  })
})
