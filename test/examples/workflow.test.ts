/**
 * The workflow that readers copy: its commands have flags that exist and run as they stand.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Program } from '../program.ts'
import { CLI, runCommand, startProgram } from '../program.ts'

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly if?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly 'timeout-minutes'?: number
  readonly strategy?: { readonly matrix: { readonly api: readonly string[] } }
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<'mock' | 'service', Job>>
}

const file = fileURLToPath(new URL('../../examples/contract-check.yml', import.meta.url))
const text = readFileSync(file, 'utf8')
const workflow = load(text) as Workflow
const jobs = Object.entries(workflow.jobs)
const apis = workflow.jobs.mock.strategy?.matrix.api ?? []
const scripts = jobs.flatMap(([, job]) => job.steps.flatMap(({ run }) => run ?? []))

const MATRIX_API = /\$\{\{ matrix\.api \}\}/g

/** Every `npx standin …` of the workflow: its command, and the flags it is given. */
const commands = scripts.flatMap((script) =>
  [...script.replaceAll(/\\\n\s*/g, ' ').matchAll(/npx standin (\w+)([^\n&|>]*)/g)].map(
    ([line, name = '', rest = '']) => ({
      line: line.trim(),
      name,
      flags: [...rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map(([flag]) => flag),
    }),
  ),
)

function stepNamed(name: string): string {
  const found = jobs.flatMap(([, { steps }]) => steps).find((step) => step.name === name)
  if (found?.run === undefined) throw new Error(`there is no step “${name}” with a script`)
  return found.run
}

/** Runs a step as the runner does, with this build in place of an installed one. */
async function runStep(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<number> {
  const shim = 'npx() { shift; "$STANDIN_NODE" "$STANDIN_CLI" "$@"; }\n'
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-eo', 'pipefail', '-c', shim + script],
      { cwd, env: { ...process.env, ...env, STANDIN_NODE: process.execPath, STANDIN_CLI: CLI } },
      () => resolve(child.exitCode ?? -1),
    )
  })
}

describe('examples/contract-check.yml', () => {
  it('says what each exit code means', () => {
    const said = [...text.matchAll(/^# {3}(\d) {2}([a-z ]+):/gm)].map(([, code, word]) => `${code} ${word}`)
    expect(said).toEqual(['0 kept', '1 broken', '2 usage', '3 unreachable', '4 nothing validated'])
  })

  it('runs on pushes, pull requests and a schedule', () => {
    expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request', 'schedule', 'workflow_dispatch'])
  })

  it('may read the repository and nothing else', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })

  it.each(jobs)('ends the job %s in time, on Node 20, and keeps its reports after a failure', (_, job) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    expect(job.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'))?.with).toMatchObject({
      'node-version': 20,
    })
    const upload = job.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
    expect(upload).toMatchObject({ if: expect.stringContaining('!cancelled()'), with: { path: 'report/' } })
  })

  it('checks the mock in process and over HTTP, and the service', () => {
    expect(commands.map(({ name }) => name)).toEqual(['check', 'serve', 'check', 'check'])
  })

  it.each(commands)('has only flags that there are: $line', async ({ name, flags }) => {
    const { code, stdout } = await runCommand([name, '--help'])
    const known = [...stdout.matchAll(/^ +(?:(-\w), )?(--[a-z-]+)/gm)].flatMap(([, short, long]) => [
      short,
      long,
    ])
    expect(code).toBe(0)
    expect(flags).not.toEqual([])
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
  })
})

describe('the steps of examples/contract-check.yml, run as they stand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'standin-workflow-'))
  let program: Program

  beforeAll(async () => {
    program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
  })
  afterAll(async () => {
    await program.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(apis)('check the mock of %s in process and leave both reports', async (api) => {
    const script = stepNamed('Check the mock in process').replaceAll(MATRIX_API, api)
    expect(await runStep(script, folder, {})).toBe(0)
    expect(existsSync(join(folder, 'report/in-process.xml'))).toBe(true)
    expect(existsSync(join(folder, 'report/in-process.json'))).toBe(true)
  })

  it('check the mock as a running server', async () => {
    // The server of this test in place of the one that the step starts on a fixed port.
    const script = stepNamed('Check the mock as a running server')
      .replaceAll(MATRIX_API, 'skop')
      .replaceAll('http://127.0.0.1:4010', program.url)
      .replace(/^npx standin serve.*&$/m, '')
    expect(script).not.toContain('standin serve')
    expect(await runStep(script, folder, {})).toBe(0)
    expect(existsSync(join(folder, 'report/server.json'))).toBe(true)
  })

  describe('against a service', () => {
    async function findJob(): Promise<string> {
      const response = await fetch(`${program.url}/_standin/jobs?api=deepset`)
      const { jobs: listed } = (await response.json()) as { jobs: { name: string; url: string }[] }
      return listed.find(({ name }) => name === 'succeeded')?.url.replace('/deepset', '') ?? ''
    }

    it('are green and leave both reports, without the key', async () => {
      const env = { URL: `${program.url}/deepset`, KEY: 'standin', JOB: await findJob() }
      expect(await runStep(stepNamed('Check the service'), folder, env)).toBe(0)
      for (const name of ['contract.xml', 'contract.json']) {
        expect(readFileSync(join(folder, 'report', name), 'utf8')).not.toContain('Bearer standin')
      }
    })

    it('end with 3 where nothing answers, and with 2 where the address was never set', async () => {
      const job = await findJob()
      const nowhere = { URL: 'http://127.0.0.1:9/deepset', KEY: 'standin', JOB: job }
      expect(await runStep(stepNamed('Check the service'), folder, nowhere)).toBe(3)
      expect(await runStep(stepNamed('Check the service'), folder, { ...nowhere, URL: '' })).toBe(2)
    })
  })
})
