import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BUILT_IN } from '../built-in.ts'
import { runCommand, startProgram } from '../program.ts'
import { allRows, named, read } from '../served.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the command line', () => {
  it.each([
    [['--help'], 0, /usage: standin <command>/],
    [['serve', '--help'], 0, /--port n/],
    [['mock', '--help'], 0, /usage: standin serve/],
    [['--version'], 0, /^\d+\.\d+\.\d+/],
    [[], 2, /usage/],
  ])('answers %j', async (args, code, text) => {
    const ended = await runCommand(args)
    expect(ended.code).toBe(code)
    expect(ended.stdout).toMatch(text)
  })

  it.each([
    [['serv'], /no command `serv`; did you mean `serve`/],
    [['serve', '--prot', '1'], /no flag --prot; did you mean `?--port/],
    [['serve', '--port', 'x'], /--port must be an integer from 0 to 65535, not `x`/],
    [['serve', '--log', 'loud'], /--log must be one of pretty, json, silent/],
    [['serve', '--port'], /--port needs a value/],
    [['serve', 'deepsett'], /no API `deepsett`; did you mean `deepset`/],
    [['check', '--reporter', 'xml'], /--reporter must be one of terminal, json, junit, sarif/],
    [['check', '--target', 'ftp://x'], /--target must be an http or https URL/],
    [['check', '--har', join(folder, 'none.har')], /none\.har cannot be read/],
    [['serve', join(folder, 'none.yaml')], /none\.yaml cannot be read/],
  ])('refuses %j with exit code 2', async (args, text) => {
    const { code, stderr } = await runCommand(args)
    expect(stderr).toMatch(text)
    expect(code).toBe(2)
  })

  it('names the place where a document does not parse, and a reference that leads nowhere', async () => {
    writeFileSync(join(folder, 'broken.yaml'), 'openapi: 3.1.0\ninfo: {title: x\npaths: {}\n')
    writeFileSync(
      join(folder, 'dangling.yaml'),
      "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n" +
        "        '200': {$ref: '#/components/responses/Gone'}\n",
    )
    expect((await runCommand(['serve', 'broken.yaml'], { cwd: folder })).stderr).toMatch(/broken\.yaml:3:\d+/)
    const dangling = await runCommand(['serve', 'dangling.yaml'], { cwd: folder })
    expect([dangling.code, dangling.stderr]).toEqual([
      2,
      expect.stringContaining('#/components/responses/Gone'),
    ])
  })

  it('serves a document of the user as it is', async () => {
    writeFileSync(
      join(folder, 'pets.yaml'),
      [
        'openapi: 3.0.3',
        "info: {title: Pets, version: '1'}",
        'paths:',
        '  /pets/{id}:',
        '    get:',
        '      operationId: pet',
        '      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]',
        "      responses: {'200': {description: ok, content: {application/json: {schema: {type: object,",
        '        required: [name], properties: {name: {type: string, minLength: 2},',
        '        age: {type: integer, nullable: true}}}}}}}',
      ].join('\n'),
    )
    const program = await startProgram(['serve', 'pets.yaml', '--port', '0', '--log', 'silent'], {
      cwd: folder,
    })
    const [first, second, bad] = await Promise.all(
      ['/pets/7', '/pets/pets/7', '/pets/x'].map((path) => fetch(program.url + path)),
    )
    expect([first?.status, second?.status]).toEqual([200, 200])
    expect(await first?.json()).toMatchObject({ name: expect.stringMatching(/../) })
    expect(bad?.status).toBe(422)
    await program.stop()
  })
})

describe('standin serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 0 on %s, after the answers that are under way',
    async (signal) => {
      const program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
      const job = await named('skop', 'one-row')
      const slow = fetch(program.url + job.url, { headers: { ...job.headers, prefer: 'delay=0.3' } })
      await new Promise((resolve) => setTimeout(resolve, 100))
      const code = program.stop(signal)
      expect((await slow).status).toBe(200)
      expect(await code).toBe(0)
    },
  )

  it('says in JSON where it listens and what was asked, and never a credential', async () => {
    const program = await startProgram(['serve', '--port', '0', '--log', 'json'])
    const job = await named('skop', 'one-row')
    await (await fetch(program.url + job.url, { headers: job.headers })).text()
    await program.stop()
    const lines = program
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toEqual({ event: 'ready', url: program.url })
    expect(lines[1]).toMatchObject({ event: 'request', method: 'GET', path: job.url, status: 200 })
    expect(program.output()).not.toContain('sk-standin')
  })

  it('takes a flag from the command line, a variable or the configuration; refuses a used port', async () => {
    writeFileSync(
      join(folder, 'standin.config.json'),
      JSON.stringify({ auth: 'off', serve: { log: 'json' } }),
    )
    const program = await startProgram(['serve', 'skop', '--log', 'silent'], {
      cwd: folder,
      env: { STANDIN_PORT: '0' },
    })
    const job = await named('skop', 'one-row')
    expect((await fetch(program.url + job.url)).status).toBe(200)
    const port = new URL(program.url).port
    const second = await runCommand(['serve', '--port', port])
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`port ${port} is in use`)])
    await program.stop()
    writeFileSync(join(folder, 'standin.config.json'), '{"hots": 1}')
    expect((await runCommand(['list'], { cwd: folder })).stderr).toMatch(
      /no command has `hots`; did you mean `host`/,
    )
    rmSync(join(folder, 'standin.config.json'))
  })

  it('never loads faker', async () => {
    const hook = join(folder, 'hook.mjs')
    const loader =
      'export async function resolve(name, context, next) { if (/faker|prism/.test(name)) throw new ' +
      "Error('loaded ' + name); return next(name, context) }"
    writeFileSync(
      hook,
      "import { register } from 'node:module'\n" +
        `register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(loader)}))\n`,
    )
    const env = { NODE_OPTIONS: `--import ${hook}` }
    const program = await startProgram(['serve', '--port', '0', '--log', 'silent'], { env })
    const job = await named('deepset', 'one-row')
    expect((await fetch(program.url + job.url, { headers: job.headers })).status).toBe(200)
    await program.stop()
    expect((await runCommand(['generate', '--out', folder], { env })).stderr).toContain(
      'loaded @faker-js/faker',
    )
  })
})

describe('standin generate', () => {
  it('finds the committed fixtures fresh, names what differs, and mends it', async () => {
    expect(await runCommand(['generate', '--check'])).toMatchObject({ code: 0 })
    expect(await runCommand(['generate', '--out', folder])).toMatchObject({ code: 0 })
    const file = join(folder, 'skop.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"queueMs":', '"queueMs":1'))
    const stale = await runCommand(['generate', 'skop', '--check', '--out', folder])
    expect(stale.code).toBe(1)
    expect(stale.stdout).toMatch(/stale .*skop\.json/)
    expect(stale.stdout).toMatch(/jobs\/queued\/queueMs: /)
    expect(await runCommand(['generate', '--check', '--seed', '2', '--out', folder])).toMatchObject({
      code: 1,
    })
  })

  it('writes the bodies that a server answers, byte for byte, and the rows that its pages hold', async () => {
    const out = join(folder, 'bodies')
    const bodies = await runCommand(['generate', '--format', 'json', '--job', 'running', '--out', out])
    expect(bodies).toMatchObject({ code: 0 })
    for (const api of BUILT_IN) {
      const job = await named(api, 'running')
      const { text } = await read(job.url, job.headers)
      expect(readFileSync(join(out, api, 'running.json'), 'utf8')).toBe(text)
    }
    await runCommand(['generate', 'deepset', '--format', 'ndjson', '--job', 'tied', '--out', out])
    const lines = readFileSync(join(out, 'deepset', 'tied.ndjson'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      await allRows(await named('deepset', 'tied')),
    )
  })
})

describe('standin check', () => {
  it('keeps the exit codes: 0, 1, 3 and 4', async () => {
    const program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
    const kept = await runCommand(['check', 'skop', '--target', program.url])
    expect([kept.code, kept.stderr]).toEqual([0, ''])
    expect(kept.stdout).toContain('skop: kept')
    const nothing = await runCommand([
      'check',
      'skop',
      '--target',
      `${program.url}/skop/`,
      '--job',
      'job_unknown1',
    ])
    expect([1, 4]).toContain(nothing.code)
    await program.stop()
    const gone = await runCommand(['check', 'skop', '--target', program.url, '--job', 'job_a1'])
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('cannot be reached')])
    const har = { log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [] } }
    writeFileSync(join(folder, 'empty.har'), JSON.stringify(har))
    expect(await runCommand(['check', 'skop', '--har', join(folder, 'empty.har')])).toMatchObject({ code: 4 })
  })

  it('writes JSON and JUnit beside the terminal report, the same in two runs', async () => {
    const files = ['a.json', 'b.json', 'a.xml', 'b.xml'].map((name) => join(folder, name))
    for (const name of ['a', 'b']) {
      const reporters = [
        '--reporter',
        `json=${join(folder, `${name}.json`)}`,
        '--reporter',
        `junit=${join(folder, `${name}.xml`)}`,
      ]
      expect(await runCommand(['check', 'skop', ...reporters])).toMatchObject({ code: 0, stdout: '' })
    }
    const [first, second, xml, again] = files.map((file) => readFileSync(file, 'utf8'))
    expect(first).toBe(second)
    expect(xml).toBe(again)
    expect(JSON.parse(first ?? '')).toMatchObject({ version: 2, exitCode: 0 })
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites /)
  })
})
