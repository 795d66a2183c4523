/**
 * Reading flags: from the command line, else from a `STANDIN_…` variable, else from `standin.config.json`,
 * else the default.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, isScalar, memberOf, objectAt } from '../model/json.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Command, Flag, Flags } from './command.ts'

/** The configuration file, looked for in the working folder. */
export const CONFIG_FILE = 'standin.config.json'

/** What the command line says. */
export interface CommandLine {
  readonly names: readonly string[]
  readonly flags: Flags
}

/** The values of a flag, and what to call the place that they are from. */
interface Value {
  readonly source: string
  readonly texts: readonly string[]
}

type Values = ReadonlyMap<string, Value>

function variableOf(name: string): string {
  return `STANDIN_${name.toUpperCase().replaceAll('-', '_')}`
}

function firstOf(places: readonly (readonly [string, readonly string[] | undefined])[]): Value {
  const [source = '', texts = []] = places.find(([, given]) => given !== undefined) ?? []
  return { source, texts }
}

/**
 * Reads the arguments of a command.
 *
 * @throws {@link UsageError} for unknown flags, with the nearest known one, and for values they cannot have.
 */
export function readFlags(
  command: Command,
  commandName: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  config: JsonObject,
): CommandLine {
  const { names, given } = parse(command, commandName, args)
  const values = new Map<string, Value>()
  for (const [name, flag] of Object.entries(command.flags)) {
    const variable = environment[variableOf(name)]
    const configured = memberOf(objectAt(config, commandName), name) ?? memberOf(config, name)
    const found = firstOf([
      [`--${name}`, given.get(name)],
      [variableOf(name), variable === undefined ? undefined : [variable]],
      [`\`${name}\` in ${CONFIG_FILE}`, textsOf(configured)],
      [`--${name}`, flag.default === undefined ? [] : [String(flag.default)]],
    ])
    for (const text of found.texts) verifyValue(found.source, flag, text)
    values.set(name, found)
  }
  return { names, flags: createFlags(values, new Set(given.keys())) }
}

/** An object is the section of a command that is called as a flag is. */
function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || isObject(value)) return undefined
  return Array.isArray(value) ? (value as readonly Json[]).map(String) : [String(value)]
}

function parse(
  command: Command,
  commandName: string,
  args: readonly string[],
): { names: readonly string[]; given: ReadonlyMap<string, readonly string[]> } {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type, short }]) => [
      name,
      { type, multiple: true as const, ...(short === undefined ? {} : { short }) },
    ]),
  )
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const names: string[] = []
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') names.push(token.value)
    if (token.kind !== 'option') continue
    const name = token.name
    const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined
    if (flag === undefined) throw unknownFlag(command, commandName, token.rawName)
    if (flag.type === 'string' && token.value === undefined)
      throw new UsageError(`${token.rawName} needs a value`)
    if (flag.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value`)
    const values = given.get(name) ?? []
    given.set(name, flag.multiple === true ? [...values, token.value ?? 'true'] : [token.value ?? 'true'])
  }
  return { names, given }
}

function unknownFlag(command: Command, commandName: string, raw: string): UsageError {
  const known = Object.keys(command.flags).map((name) => `--${name}`)
  return new UsageError(`standin ${commandName} has no flag ${raw}${suggestion(raw, known)}`)
}

function verifyValue(source: string, { choices, type }: Flag, value: string): void {
  const allowed = type === 'boolean' ? ['true', 'false'] : choices
  if (allowed === undefined || allowed.includes(value)) return
  throw new UsageError(`${source} must be one of ${allowed.join(', ')}, not \`${value}\``)
}

function createFlags(values: Values, given: ReadonlySet<string>): Flags {
  const text = (name: string): string | null => values.get(name)?.texts.at(-1) ?? null
  return {
    text,
    texts: (name) => values.get(name)?.texts ?? [],
    flag: (name) => text(name) === 'true',
    isGiven: (name) => given.has(name),
    integer(name, min, max) {
      const value = text(name)
      if (value === null) return null
      const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      const source = values.get(name)?.source ?? `--${name}`
      throw new UsageError(`${source} must be an integer from ${min} to ${max}, not \`${value}\``)
    },
  }
}

/**
 * Reads the configuration file of a folder; an empty one where there is none.
 *
 * @throws {@link UsageError} when it is not a JSON object, or names what no command has, at the top or in the
 * section of a command.
 */
export async function readConfig(
  path: string,
  commands: Readonly<Record<string, () => Promise<Command>>>,
): Promise<JsonObject> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return {}
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `${CONFIG_FILE} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (!isObject(data)) throw new UsageError(`${CONFIG_FILE} must hold an object`)
  const sections = new Map<string, readonly string[]>()
  for (const [name, load] of Object.entries(commands)) sections.set(name, Object.keys((await load()).flags))
  const flags = [...new Set([...sections.values()].flat())]
  verifyNames(data, 'no command has', ['$schema', ...sections.keys(), ...flags])
  for (const [name, value] of Object.entries(data)) {
    const own = sections.get(name)
    if (own !== undefined && isObject(value)) {
      verifyNames(value, `${name} has no`, own)
      for (const [flag, text] of Object.entries(value)) verifyConfigured(`${name}.${flag}`, text)
    } else if (own !== undefined && !flags.includes(name)) {
      throw new UsageError(`${CONFIG_FILE}: \`${name}\` must hold the flags of that command`)
    } else verifyConfigured(name, value)
  }
  return data
}

function verifyNames(data: JsonObject, lack: string, known: readonly string[]): void {
  for (const name of Object.keys(data)) {
    if (known.includes(name)) continue
    throw new UsageError(`${CONFIG_FILE}: ${lack} \`${name}\`${suggestion(name, known)}`)
  }
}

/** A flag has a text, a number or a boolean, or a list of these. */
function verifyConfigured(name: string, value: Json): void {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value]
  if (items.every((item) => item !== null && isScalar(item))) return
  throw new UsageError(`${CONFIG_FILE}: \`${name}\` must be a text, a number or a boolean`)
}
