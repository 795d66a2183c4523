import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../program.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const known = join(folder, 'known.yaml')
writeFileSync(known, 'entries:\n  - { id: abcde-1234567, reason: "", expires: 2026-12-31 }\n')

describe('standin check', () => {
  it.each([
    [['--only', 'nothing'], /--only: no check, operation or finding is called `nothing`/],
    [['--only', 'getJobb'], /did you mean `getJob`/],
    [['--shard', '4/3'], /--shard must be i\/n with i from 1 to n/],
    [['--shard', '0/3'], /--shard must be/],
    [['--severity', 'P2=off'], /--severity: there is no check `P2`/],
    [['--severity', 'P02=loud'], /--severity P02 must be one of off, warn, error, not `loud`/],
    [['--min-witness', 'states=9'], /there is no `states` among operations, statuses/],
    [['--min-witness', 'nodes=101'], /--min-witness nodes must be a percentage from 0 to 100/],
    [['--rate', '0'], /--rate must be a number of requests such as 5\/s/],
    [['--rate', 'fast'], /--rate must be/],
    [['--deadline', '10x'], /--deadline must be a time of at most a day/],
    [['--deadline', '0s'], /--deadline must be/],
    [['--patience', '2d'], /--patience must be a time of at most a day/],
    [['--max-cases', '0'], /--max-cases must be an integer from 1/],
    [['--header', 'Bad Name: s3cret'], /--header .* is no header's name/],
    [
      ['--header', 'Authorization: Bearer s3cret\n-more'],
      /--header authorization: its value holds a line end/,
    ],
    [['--header', 'Bearer s3cret'], /--header must be 'name: value': there is no name/],
    [['--other-header', 's3cret'], /--other-header must be 'name: value'/],
    [['--header', 'Transfer-Encoding: s3cret'], /belongs to the connection/],
    [['--query', 's3cret'], /--query must be name=value/],
    [['--target', 'http://user:s3cret@127.0.0.1:1'], /--target must be a URL without credentials/],
    [['--target', 'htp://user:s3cret@127.0.0.1:1'], /--target must be an http or https URL$/m],
    [['--target', 'http://127.0.0.1:1/v1?a=b'], /--target must be a URL without a query or a fragment/],
    [['--target', 'http://127.0.0.1:1/v1#a'], /--target must be a URL without a query or a fragment/],
    [['--base', '/v1'], /--base is of recordings: it needs --har/],
    [['--base', '/v1', '--target', 'http://127.0.0.1:1'], /--base is of recordings/],
    [['--har', 'x.har', '--rate', '5/s', '--seed', '3'], /--seed, --rate: with --har nothing is sent/],
    [['--har', 'x.har', '--allow-writes'], /--allow-writes: with --har nothing is sent/],
    [['--har', 'x.har', '--concurrency', '0'], /--concurrency must be an integer from 1/],
    [['--parameter', 'jobIdd=1'], /--parameter: no operation has a parameter `jobIdd`/],
    [['--shard', '1/2', '--min-witness', 'nodes=1'], /--min-witness needs the whole run/],
    [['--baseline', join(folder, 'none.yaml')], /none\.yaml cannot be read/],
    [['--baseline', known], /known\.yaml:2:\d+: \/entries\/0\/reason must say why it is let pass/],
    [['--write-baseline', join(folder, 'x.yaml'), '--only', 'J10'], /--write-baseline needs the whole run/],
  ])('refuses %j with exit code 2', async (args, text) => {
    const { code, stderr } = await runCommand(['check', 'talonic', ...args])
    expect(stderr).toMatch(text)
    expect(stderr).not.toContain('s3cret')
    expect(code).toBe(2)
  })

  it('makes only the checks that are asked for, of the APIs that have them', async () => {
    const file = join(folder, 'report.json')
    const args = [
      'check',
      'talonic',
      'skop',
      '--only',
      'getJob',
      '--only',
      'J10',
      '--reporter',
      `json=${file}`,
    ]
    const { code } = await runCommand(args)
    expect(code).toBe(0)
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      verdicts: { api: string; checks: { check: string; operationId: string }[] }[]
    }
    expect(report.verdicts.map(({ api }) => api)).toEqual(['talonic'])
    expect(report.verdicts[0]?.checks.map(({ check, operationId }) => `${check} ${operationId}`)).toEqual([
      'J10 getJob',
    ])
  }, 60_000)

  it('says how much of its plan it left out, and spends what it may send on what is asked for', async () => {
    const sendsAtMost = async (...args: readonly string[]): Promise<string> => {
      return (await runCommand(['check', 'skop', '--only', 'negative_data_rejection', ...args])).stdout
    }
    const [, left] =
      /not sent: (\d+) planned requests beyond --max-cases/.exec(await sendsAtMost('--max-cases', '5')) ?? []
    expect(Number(left)).toBeGreaterThan(0)
    expect(await sendsAtMost('--max-cases', String(Number(left) + 5))).not.toContain('not sent')
    expect(await sendsAtMost('--max-cases', String(Number(left) + 4))).toContain(
      'not sent: 1 planned request ',
    )
  })

  it('fails and says which threshold is missed', async () => {
    const args = ['check', 'talonic', '--only', 'J10', '--min-witness', 'statuses=99.9']
    const { code, stdout } = await runCommand(args)
    expect(stdout).toMatch(/witnesses of statuses: [\d.]+ % were seen \(\d+ of \d+\), 99.9 % are asked for/)
    expect(code).toBe(1)
  }, 60_000)

  it('says how to give credentials where none of its requests was let in', async () => {
    const server = createServer((_, response) => response.writeHead(401).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      const args = ['check', 'talonic', '--target', `http://127.0.0.1:${port}/v1`, '--job', '1']
      const { code, stderr } = await runCommand(args)
      expect(stderr).toMatch(/were 401 or 403, none a success; credentials are given as --header or --query/)
      expect(code).not.toBe(0)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }, 60_000)

  it('lets itself in where the mock of a document without a contract asks for a key', async () => {
    const file = join(folder, 'guarded.json')
    const get = {
      operationId: 'read',
      responses: { '200': { description: 'a' }, '401': { description: 'b' } },
    }
    const document = {
      openapi: '3.1.0',
      info: { title: 'guarded', version: '1' },
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'key' } } },
      paths: { '/things': { get } },
    }
    writeFileSync(file, JSON.stringify(document))
    const { code, stdout } = await runCommand(['check', file])
    expect(stdout).toMatch(/guarded: kept; /)
    expect(code).toBe(0)
  }, 60_000)

  it('stops at its deadline with what it knows', async () => {
    const server = createServer((_, response) => setTimeout(() => response.end('{}'), 300).unref())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const target = `http://127.0.0.1:${port}/v1`
    try {
      const args = ['check', 'talonic', '--target', target, '--job', '1', '--deadline', '1s']
      const { code, stdout } = await runCommand(args)
      expect(stdout).toMatch(/stopped: the deadline of 1 s has passed; not done: /)
      expect(code).not.toBe(0)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }, 60_000)
})
