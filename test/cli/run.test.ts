import { describe, expect, it } from 'vitest'
import type { Command, Terminal } from '../../src/cli/command.ts'
import { list } from '../../src/cli/list.ts'
import type { Program } from '../../src/cli/run.ts'
import { runProgram } from '../../src/cli/run.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { BUILT_IN } from '../built-in.ts'

const echo: Command = {
  ...{ summary: 'says what it was given', usage: '[name …]', description: 'Says it.' },
  flags: { loud: { type: 'boolean', short: 'l', default: false, help: 'shout' } },
  async run(names, flags, { print }) {
    if (names.includes('fail')) throw new UsageError('it was told to fail')
    if (names.includes('break')) throw new TypeError('a bug')
    print(`${names.join(' ')}${flags.flag('loud') ? '!' : ''}`)
    return 7
  },
}
const program: Program = {
  commands: { echo: async () => echo, list: async () => list },
  aliases: { say: 'echo' },
}

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(...args: readonly string[]): Promise<Ran> {
  const lines: { readonly out: string[]; readonly err: string[] } = { out: [], err: [] }
  const terminal: Terminal = {
    print: (line) => lines.out.push(line),
    note: (line) => lines.err.push(line),
    ...{ color: false, interactive: false, environment: {} },
  }
  const code = await runProgram(program, args, terminal)
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') }
}

describe('a command line', () => {
  it('runs a command by its name or alias and gives back its code', async () => {
    expect(await run('echo', 'a', '-l', 'b')).toEqual({ code: 7, out: 'a b!', err: '' })
    expect(await run('say', 'a')).toEqual({ code: 7, out: 'a', err: '' })
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'ecoh', 'xyzzy', '--loud'])(
    'knows no command %s, and says which is near',
    async (name) => {
      const { code, out, err } = await run(name)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(
        /^standin: there is no command `[^`]+`; did you mean `(echo|list|say)`\? \(standin --help/,
      )
      expect(await run('help', name)).toMatchObject({ code: 2, err })
    },
  )

  it('tells what is wrong and ends with 2, but lets a bug through', async () => {
    expect(await run('echo', 'fail')).toEqual({ code: 2, out: '', err: 'standin: it was told to fail' })
    await expect(run('echo', 'break')).rejects.toThrow(TypeError)
  })

  it.each([[['--help']], [['-h']], [['help']]])('lists its commands: %j', async (args) => {
    const { code, out } = await run(...args)
    expect(code).toBe(0)
    expect(out).toMatch(/usage: standin <command>[\s\S]*echo +says what it was given/)
    expect(await run()).toEqual({ code: 2, out, err: '' })
  })

  it.each([[['echo', '--help']], [['echo', 'a', '-h']], [['help', 'say']], [['say', '--help']]])(
    'shows the flags of a command: %j',
    async (args) => {
      const { code, out } = await run(...args)
      expect(code).toBe(0)
      expect(out).toBe('usage: standin echo [name …]\n\nSays it.\n\nother name: say\n\n  -l, --loud  shout')
    },
  )
})

describe('standin list', () => {
  it('shows each API with its operations and its named jobs as URLs', async () => {
    const { code, out } = await run('list', 'skop', '--url', 'http://localhost:1234/')
    expect(code).toBe(0)
    expect(out).toContain('skop  Skop PDF Scraper API\n  GET    /skop/scrape/results/{job_id}  getJobResults')
    expect(out).toContain('  send Authorization: Bearer sk-standin\n')
    expect(out).toMatch(
      / {2}one-row +succeeded +1 rows {2}http:\/\/localhost:1234\/skop\/scrape\/results\/job_\w+/,
    )
    expect(out).not.toContain('deepset')
  })

  it('shows the same to programs', async () => {
    const { out } = await run('list', '--format', 'json')
    const { apis, jobs } = JSON.parse(out) as { apis: { id: string }[]; jobs: { api: string; url: string }[] }
    expect(apis.map(({ id }) => id)).toEqual(BUILT_IN)
    expect(jobs.every(({ api, url }) => url.startsWith(`/${api}/`))).toBe(true)
  })
})
