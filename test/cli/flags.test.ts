import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { readConfig, readFlags } from '../../src/cli/flags.ts'
import { serve } from '../../src/cli/serve.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-flags-'))
afterAll(() => rmSync(folder, { recursive: true }))

const own: Command = {
  ...{ summary: '', usage: '', description: '', run: async () => 0 },
  flags: {
    port: { type: 'string', short: 'p', default: '4010', help: '' },
    header: { type: 'string', multiple: true, help: '' },
    log: { type: 'string', choices: ['pretty', 'json'], default: 'pretty', help: '' },
    check: { type: 'boolean', default: false, help: '' },
  },
}
const commands = { own: async () => own, check: async () => serve }

function read(args: readonly string[], environment: Record<string, string> = {}, config: JsonObject = {}) {
  return readFlags(own, 'own', args, environment, config)
}

function configOf(data: unknown): Promise<JsonObject> {
  const path = join(folder, 'standin.config.json')
  writeFileSync(path, typeof data === 'string' ? data : JSON.stringify(data))
  return readConfig(path, commands)
}

describe('a flag', () => {
  it('is read from the command line, else from its variable, its section, the top, its default', () => {
    const layers = [
      [['--port', '1'], { STANDIN_PORT: '2' }, { own: { port: 3 }, port: 4 }, '1'],
      [[], { STANDIN_PORT: '2' }, { own: { port: 3 }, port: 4 }, '2'],
      [[], {}, { own: { port: 3 }, port: 4 }, '3'],
      [[], {}, { port: 4 }, '4'],
      [[], {}, {}, '4010'],
    ] as const
    for (const [args, environment, config, value] of layers) {
      expect(read(args, environment as Record<string, string>, config).flags.text('port')).toBe(value)
    }
  })

  it.each([
    [['-p', '0'], '0'],
    [['-p0'], '0'],
    [['--port=0'], '0'],
    [['--port', '1', '--port', '2'], '2'],
    [['name', '--port', '7', 'other'], '7'],
  ])('is read from %j', (args, value) => {
    expect(read(args).flags.text('port')).toBe(value)
  })

  it('may be repeated where it says so, in the configuration too', () => {
    expect(read(['--header', 'a: b', '--header=c: d']).flags.texts('header')).toEqual(['a: b', 'c: d'])
    expect(read([], {}, { header: ['a: b', 'c: d'] }).flags.texts('header')).toEqual(['a: b', 'c: d'])
  })

  it('is true by being there, by its variable or its configuration', () => {
    expect(read(['--check']).flags.flag('check')).toBe(true)
    expect(read([], { STANDIN_CHECK: 'true' }).flags.flag('check')).toBe(true)
    expect(read([], {}, { check: true }).flags.flag('check')).toBe(true)
    expect(read([], {}, { check: { port: 1 } }).flags.flag('check')).toBe(false)
  })

  it.each<[readonly string[], Record<string, string>, JsonObject, RegExp]>([
    [['--prot', '1'], {}, {}, /^standin own has no flag --prot; did you mean `--port`\?$/],
    [['-x'], {}, {}, /no flag -x/],
    [['--no-check'], {}, {}, /no flag --no-check; did you mean `--check`/],
    [['--constructor', 'x'], {}, {}, /no flag --constructor/],
    [['--__proto__=x'], {}, {}, /no flag --__proto__/],
    [['--port'], {}, {}, /--port needs a value/],
    [['--check=yes'], {}, {}, /--check takes no value/],
    [['--log', 'loud'], {}, {}, /--log must be one of pretty, json, not `loud`/],
    [[], { STANDIN_LOG: 'loud' }, {}, /STANDIN_LOG must be one of pretty, json, not `loud`/],
    [
      [],
      {},
      { own: { log: 'loud' } },
      /`log` in standin.config.json must be one of pretty, json, not `loud`/,
    ],
    [[], { STANDIN_CHECK: '1' }, {}, /STANDIN_CHECK must be one of true, false, not `1`/],
  ])('refuses %j %j %j', (args, environment, config, message) => {
    expect(() => read(args, environment, config)).toThrow(UsageError)
    expect(() => read(args, environment, config)).toThrow(message)
  })

  it.each(['x', '', '1.5', '1e3', '0x1', ' 1', '-1', '65536', '9'.repeat(400)])(
    'refuses %j as a port',
    (value) => {
      const { flags } = read(['--port', value])
      expect(() => flags.integer('port', 0, 65_535)).toThrow(/--port must be an integer from 0 to 65535, not/)
    },
  )
})

describe('the configuration', () => {
  it('may be left out', async () => {
    expect(await readConfig(join(folder, 'none.json'), commands)).toEqual({})
  })

  it.each([
    [{ $schema: './x.json', port: 4020, own: { log: 'json', header: ['a: b'] } }],
    [{ check: true }],
    [{ check: { port: 0, cors: 'off' } }],
    [{}],
  ])('takes %j', async (data) => {
    expect(await configOf(data)).toEqual(data)
  })

  it.each([
    ['{"port": ', /standin\.config\.json is not JSON/],
    [[], /must hold an object/],
    [null, /must hold an object/],
    [{ prot: 1 }, /no command has `prot`; did you mean `port`\?/],
    [{ own: { prot: 1 } }, /own has no `prot`; did you mean `port`\?/],
    [{ own: { cors: 'on' } }, /own has no `cors`/],
    [{ own: 1 }, /`own` must hold the flags of that command/],
    [{ port: {} }, /`port` must be a text, a number or a boolean/],
    [{ port: null }, /`port` must be a text, a number or a boolean/],
    [{ own: { header: [['a: b']] } }, /`own.header` must be a text/],
    ['{"__proto__": {"port": 1}}', /no command has `__proto__`/],
    ['{"own": {"constructor": 1}}', /own has no `constructor`/],
  ])('refuses %j', async (data, message) => {
    await expect(configOf(data)).rejects.toThrow(message)
    await expect(configOf(data)).rejects.toBeInstanceOf(UsageError)
  })
})
