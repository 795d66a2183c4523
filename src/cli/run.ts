/**
 * Running a command line: which command, its flags, its help, its exit code.
 *
 * @module
 */
import { join } from 'node:path'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Command, Flag, Terminal } from './command.ts'
import { CONFIG_FILE, readConfig, readFlags } from './flags.ts'
import { readVersion } from './standin.ts'

/** Exit code of a usage, document or contract error. */
const EXIT_USAGE = 2

/** Commands by name, and other names for them. */
export interface Program {
  /** Each loads when it is asked for. */
  readonly commands: Readonly<Record<string, () => Promise<Command>>>
  readonly aliases: Readonly<Record<string, string>>
}

/** Runs a command line and resolves to the exit code; what is a bug is thrown. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [first = '', ...rest] = args
  try {
    if (first === '--version' || first === '-V') {
      terminal.print(await readVersion())
      return 0
    }
    if (first === '' || first === '--help' || first === '-h' || first === 'help') {
      const named = first === 'help' ? rest[0] : undefined
      terminal.print(named === undefined ? await programHelp(program) : await commandHelp(program, named))
      return first === '' ? EXIT_USAGE : 0
    }
    const name = commandName(program, first)
    const command = await findCommand(program, name)
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.print(await commandHelp(program, name))
      return 0
    }
    const config = await readConfig(join(process.cwd(), CONFIG_FILE), program.commands)
    const { names, flags } = readFlags(command, name, rest, terminal.environment, config)
    return await command.run(names, flags, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.note(`standin: ${error.message}`)
    return EXIT_USAGE
  }
}

/** What an alias stands for; any other word is itself. */
function commandName({ aliases }: Program, word: string): string {
  return Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word
}

function findCommand({ commands, aliases }: Program, name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load !== undefined) return load()
  const known = [...Object.keys(commands), ...Object.keys(aliases)]
  throw new UsageError(
    `there is no command \`${name}\`${suggestion(name, known)} (standin --help lists them)`,
  )
}

async function programHelp({ commands }: Program): Promise<string> {
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => [name, await load()] as const),
  )
  const rows = loaded.map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  return [
    'standin stands in for job-result APIs: a mock server and a contract judge.',
    '',
    'usage: standin <command> [arguments] [flags]',
    '',
    ...rows,
    '',
    "`standin <command> --help` lists a command's flags. Each flag may also stand in",
    `${CONFIG_FILE} or in a STANDIN_… variable; the command line wins, then the variable.`,
    '',
    'exit codes: 0 kept · 1 broken or stale · 2 usage, document or contract error ·',
    '            3 target unreachable · 4 nothing validated · 130 interrupted',
  ].join('\n')
}

async function commandHelp(program: Program, asked: string): Promise<string> {
  const name = commandName(program, asked)
  const command = await findCommand(program, name)
  const labels = Object.entries(command.flags).map(
    ([flagName, flag]) => [labelOf(flagName, flag), flag] as const,
  )
  const width = Math.max(...labels.map(([label]) => label.length), 0)
  const other = Object.entries(program.aliases).flatMap(([alias, target]) => (target === name ? [alias] : []))
  return [
    `usage: standin ${name} ${command.usage}`,
    '',
    command.description,
    ...(other.length === 0 ? [] : ['', `other name: ${other.join(', ')}`]),
    '',
    ...labels.map(([label, flag]) => `  ${label.padEnd(width)}  ${helpOf(flag)}`),
  ].join('\n')
}

function labelOf(name: string, { short, value, choices, type }: Flag): string {
  const argument = type === 'boolean' ? '' : ` ${choices?.join('|') ?? value ?? 'value'}`
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${argument}`
}

function helpOf(flag: Flag): string {
  const notes = [
    ...(flag.default === undefined || flag.default === false ? [] : [`default ${String(flag.default)}`]),
    ...(flag.multiple === true ? ['may be repeated'] : []),
  ]
  return notes.length === 0 ? flag.help : `${flag.help} (${notes.join('; ')})`
}
