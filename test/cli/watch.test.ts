/**
 * `standin serve --watch`: files that change are served anew, jobs that were made stay, and what does not
 * load leaves everything as it was.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Program } from '../program.ts'
import { runCommand, startProgram } from '../program.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-watch-'))
const programs: Program[] = []

beforeAll(() => {
  for (const name of ['specs/runs', 'contracts', 'fixtures'])
    mkdirSync(join(folder, name), { recursive: true })
})
afterAll(async () => {
  for (const { child } of programs) child.kill()
  rmSync(folder, { recursive: true })
})

async function start(...args: readonly string[]): Promise<Program> {
  const program = await startProgram(['serve', ...args, '--watch', '--port', '0'], { cwd: folder })
  programs.push(program)
  return program
}

/** Waits until the program has printed something that it had not printed before. */
async function printed(program: Program, before: string, text: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (program.output().slice(before.length).includes(text)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it never said "${text}": ${program.output()}`)
}

/** Writes a file and waits for what the program says of it. */
async function change(program: Program, path: string, content: string, says: string): Promise<void> {
  const before = program.output()
  writeFileSync(join(folder, path), content)
  await printed(program, before, says)
}

function operation(path: string, id: string): JsonObject {
  const schema = { const: id }
  const content = { 'application/json': { schema } }
  return { [path]: { get: { operationId: id, responses: { 200: { description: 'd', content } } } } }
}

function documentOf(paths: JsonObject): string {
  return JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths })
}

describe('a watched document', () => {
  it('is served as it is now, and as it was while it cannot be', async () => {
    writeFileSync(join(folder, 'plain.json'), documentOf(operation('/a', 'a')))
    const program = await start('plain.json')
    const read = async (path: string): Promise<readonly unknown[]> => {
      const response = await fetch(program.url + path)
      return [response.status, await response.json()]
    }
    expect(await read('/plain/a')).toEqual([200, 'a'])
    await change(program, 'plain.json', documentOf(operation('/b', 'b')), 'loaded again: plain')
    expect(await read('/b')).toEqual([200, 'b'])
    expect((await read('/a'))[0]).toBe(404)
    await change(program, 'plain.json', '{"openapi": "3.1.0", ', 'still serving what was there before')
    expect(await read('/b')).toEqual([200, 'b'])
    const wrong = documentOf({ '/b': { get: { operationId: 'b' }, got: {} } })
    await change(program, 'plain.json', wrong, 'plain.json')
    expect(await read('/b')).toEqual([200, 'b'])
    rmSync(join(folder, 'plain.json'))
    await printed(program, '', 'cannot be read: ENOENT')
    expect(await read('/b')).toEqual([200, 'b'])
    await change(program, 'plain.json', documentOf(operation('/c', 'c')), 'loaded again')
    expect(await read('/c')).toEqual([200, 'c'])
    expect(await program.stop()).toBe(0)
  })
})

const RUN = {
  type: 'object',
  required: ['id', 'phase'],
  properties: { id: { type: 'string' }, phase: { type: 'string' } },
}

/** An API of runs: one is made, and looked at. */
function runs(description: string): string {
  const content = { 'application/json': { schema: RUN } }
  const refused = { description: 'refused' }
  const id = { name: 'run', in: 'path', required: true, schema: { type: 'string' } }
  return documentOf({
    '/runs': { post: { operationId: 'make', responses: { 201: { description, content } } } },
    '/runs/{run}': {
      parameters: [id],
      get: { operationId: 'look', responses: { 200: { description, content }, 404: refused } },
    },
  })
}

const CONTRACT = `
api: runs
jobId: run-########
states:
  { queued: waits, running: runs, succeeded: done, partially_succeeded: part, failed: lost, cancelled: off }
operations:
  make: { role: create, id: /id, state: /phase }
  look: { role: status, job: run, id: /id, state: /phase }
`

describe('a watched folder of APIs', () => {
  it('keeps the jobs that were made when its files change and are loaded again', async () => {
    writeFileSync(join(folder, 'specs/runs/openapi.json'), runs('one'))
    writeFileSync(join(folder, 'contracts/runs.yaml'), CONTRACT)
    const generate = ['generate', '--specs', 'specs']
    expect(await runCommand(generate, { cwd: folder })).toMatchObject({ code: 0 })
    const program = await start('--specs', 'specs')
    const url = `${program.url}/runs/runs`
    const made = (await (await fetch(url, { method: 'POST' })).json()) as JsonObject
    expect(made['phase']).toBe('waits')
    await change(program, 'specs/runs/openapi.json', runs('two'), 'is stale')
    expect((await fetch(`${url}/${made['id']}`)).status).toBe(200)
    const before = program.output()
    const changed = CONTRACT.replace('waits', 'queues').replace('running: runs', 'running: works')
    writeFileSync(join(folder, 'contracts/runs.yaml'), changed)
    expect(await runCommand(generate, { cwd: folder })).toMatchObject({ code: 0 })
    await printed(program, before, 'loaded again: runs')
    const now = (await (await fetch(`${url}/${made['id']}`)).json()) as JsonObject
    expect(now['id']).toBe(made['id'])
    expect(['queues', 'works', 'done', 'part', 'lost']).toContain(now['phase'])
    const second = (await (await fetch(url, { method: 'POST' })).json()) as JsonObject
    expect(second['phase']).toBe('queues')
    expect(second['id']).not.toBe(made['id'])
    const half = 'export const vendor = {'
    await change(program, 'specs/runs/vendor.js', half, 'specs/runs/vendor.js cannot be loaded: SyntaxError')
    expect((await fetch(`${url}/${made['id']}`)).status).toBe(200)
    expect(await program.stop()).toBe(0)
  }, 20_000)
})
