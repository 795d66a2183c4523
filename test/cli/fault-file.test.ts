import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFaultFile } from '../../src/cli/fault-file.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { runCommand, startProgram } from '../program.ts'
import { named } from '../served.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))

const OPERATIONS = ['skop/getJob', 'talonic/getJob']

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function refusal(path: string): Promise<string> {
  try {
    await readFaultFile(path, OPERATIONS)
  } catch (error) {
    if (error instanceof UsageError) return error.message.replaceAll(`${folder}/`, '')
    throw error
  }
  return 'taken'
}

describe('a file of faults', () => {
  it.each([
    ['list.yaml', '- operation: skop/getJob\n  requests: 1-2\n  status: 503\n'],
    ['object.yml', '# of tests\nfaults:\n  - {operation: skop/getJob, requests: 1-2, status: 503}\n'],
    ['list.json', '[{"operation": "skop/getJob", "requests": "1-2", "status": 503}]'],
    ['object.json', '{\n  "faults": [{"operation": "skop/getJob", "requests": "1-2", "status": 503}]\n}'],
    ['windows.yaml', '\ufefffaults:\r\n- operation: skop/getJob\r\n  requests: 1-2\r\n  status: 503\r\n'],
    ['plain', '- &rule {operation: skop/getJob, requests: 1-2, status: 503}\n'],
  ])('%s is a list, or an object of one', async (name, text) => {
    const [rule, ...others] = await readFaultFile(file(name, text), OPERATIONS)
    expect(rule).toMatchObject({ operation: 'skop/getJob', requests: { from: 1, to: 2 }, status: 503 })
    expect(others).toEqual([])
  })

  it('may be empty, if it says so', async () => {
    expect(await readFaultFile(file('none.yaml', 'faults: []\n'), OPERATIONS)).toEqual([])
  })

  it.each([
    [
      'an operation that is not served',
      'faults:\n  - status: 503\n  - status: 500\n    operation: skop/getJobs\n',
      'a.yaml:4:5 faults/1/operation: there is no operation `skop/getJobs`; did you mean `skop/getJob`?',
    ],
    [
      'a misspelt member, in JSON on one line',
      '[{"status": 503}, {"stauts": 503}]',
      'a.yaml:1:21 faults/1/stauts: a rule has no `stauts`; did you mean `status`?',
    ],
    [
      'a wrong value within',
      '- latency:\n    from: PT0S\n    to: 5\n',
      'a.yaml:3:5 faults/0/latency/to: must be a duration such as `PT0.5S` or `PT1M`, not `5`',
    ],
    ['a rule without effect', '- requests: 3\n', 'a.yaml:1:3 faults/0: does nothing'],
    ['a member twice', '- status: 503\n  status: 500\n', 'a.yaml:2:3: duplicated mapping key'],
    ['broken YAML', '- status: [\n', 'a.yaml:2:1: '],
    ['nothing', '', 'a.yaml: expected a document, but the input is empty'],
    ['comments alone', '# nothing yet\n', 'a.yaml: expected a document, but the input is empty'],
    [
      'a list that is left open',
      'faults:\n',
      'a.yaml:1:1 faults: a fault plan is a list of rules, not `null`',
    ],
    ['an object of nothing', '{}', 'a.yaml:1:1 faults: a fault plan is a list of rules, not nothing'],
    [
      'an object of something else',
      'faults: []\nfault: []\n',
      'a.yaml:2:1: expected a list of rules, or an object of `faults`, not of `fault`',
    ],
    ['a text', 'status 503\n', 'a.yaml:1:1 faults: a fault plan is a list of rules, not `"status 503"`'],
    ['two documents', '- status: 503\n---\n- status: 503\n', 'a.yaml: expected a single document'],
    ['a prototype', '- {__proto__: {status: 503}}\n', 'a.yaml:1:4 faults/0/__proto__: a rule has no'],
    [
      'a rule that holds itself',
      '- &a\n  status: *a\n',
      'a.yaml:2:3: an alias leads back into what it stands in',
    ],
    ['depth', '['.repeat(1_000), 'a.yaml:1:'],
    ['a bomb', `- &a [x]\n${'- [*a, *a, *a, *a]\n'.repeat(50)}`, 'a.yaml:'],
  ])('with %s is refused by line and column', async (_, text, message) => {
    expect(await refusal(file('a.yaml', text))).toContain(message)
  })

  it('that is not there, or is a folder, is refused by name', async () => {
    mkdirSync(join(folder, 'd.yaml'))
    expect(await refusal(join(folder, 'nowhere.yaml'))).toMatch(/^nowhere\.yaml cannot be read: ENOENT/)
    expect(await refusal(join(folder, 'd.yaml'))).toMatch(/^d\.yaml cannot be read: EISDIR/)
  })
})

describe('standin serve --faults', () => {
  it('makes requests go wrong as the file says, and goes on', async () => {
    const plan = [
      '- {operation: skop/getJobResults, requests: 1, connection: reset}',
      '- {operation: skop/getJobResults, requests: 2, body: cut}',
      '- {operation: skop/getJobResults, requests: 3, body: malformed}',
      '- {operation: skop/getJobResults, requests: 4, status: 503, retryAfter: PT2S, latency: PT0.3S}',
    ]
    const faults = file('plan.yaml', `${plan.join('\n')}\n`)
    const program = await startProgram([
      'serve',
      'skop',
      '--faults',
      faults,
      '--port',
      '0',
      '--log',
      'silent',
    ])
    const { url, headers } = await named('skop', 'succeeded')
    const ask = (): Promise<Response> => fetch(program.url + url, { headers: { ...headers } })
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    await expect((await ask()).text()).rejects.toThrow('terminated')
    await expect((await ask()).json()).rejects.toThrow(SyntaxError)
    const start = performance.now()
    const refused = await ask()
    expect(performance.now() - start).toBeGreaterThan(290)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await (await ask()).json()).toMatchObject({ status: 'completed' })
    expect(await program.stop()).toBe(0)
    expect(program.output()).toBe(`standin listening on ${program.url}\n`)
  })

  it('ends with 2 and says where it is wrong', async () => {
    const faults = file('wrong.yaml', 'faults:\n  - operation: skop/getJobResult\n    status: 503\n')
    const { code, stderr } = await runCommand(['serve', 'skop', '--faults', faults, '--port', '0'])
    expect(code).toBe(2)
    expect(stderr).toContain(`${faults}:2:5 faults/0/operation: there is no operation`)
    expect(stderr).toContain('did you mean `skop/getJobResults`?')
  })
})
