/**
 * The flags of `standin check`, and what they say to the judge.
 *
 * @module
 */
import type { Dimension } from '../contract/coverage/coverage.ts'
import { DIMENSIONS } from '../contract/coverage/coverage.ts'
import type { Thresholds } from '../contract/coverage/summary.ts'
import type { CheckName } from '../contract/finding.ts'
import { CHECK_NAMES } from '../contract/finding.ts'
import type { JobRef } from '../contract/plan/job-ref.ts'
import { parametersOf } from '../contract/plan/job-ref.ts'
import { CASES_LIMIT } from '../contract/plan/plan.ts'
import type { CheckOptions } from '../contract/run.ts'
import type { SelectionOptions, Severity, Shard } from '../contract/select.ts'
import { PROFILES } from '../model/job.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Flag, Flags } from './command.ts'
import { verifyParameters, verifyTogether } from './flag-conflict.ts'
import type { LoadedApi } from './load-apis.ts'
import { deadlineOf, PACE_FLAGS, patienceOf, rateOf, streamTimeOf } from './pace-flags.ts'
import { headersOf, queryOf, SENT_FLAGS } from './sent-flags.ts'

/** The flags of the command. */
export const CHECK_FLAGS: Readonly<Record<string, Flag>> = {
  target: { type: 'string', value: 'url', help: "base URL that the document's paths follow" },
  ...SENT_FLAGS,
  job: {
    type: 'string',
    value: 'id|path',
    multiple: true,
    help: 'a job to read: its id, or a result path',
  },
  parameter: {
    type: 'string',
    value: 'name=value',
    multiple: true,
    help: 'a path parameter beside the job',
  },
  har: { type: 'string', value: 'file', help: 'judge the exchanges of a HAR file; nothing is sent' },
  base: {
    type: 'string',
    value: 'url|path',
    multiple: true,
    help: 'what recorded requests begin with; else the servers of the document',
  },
  contract: {
    type: 'string',
    value: 'file',
    help: 'the job contract of the one API that is judged; none judges by the document alone',
  },
  profile: {
    type: 'string',
    choices: PROFILES,
    default: 'spec',
    help: 'judge by the documents, or by what servers were seen to do',
  },
  reporter: {
    type: 'string',
    value: 'name[=file]',
    multiple: true,
    default: 'terminal',
    help: 'terminal, json, junit, sarif, github, html or har',
  },
  'report-timestamps': { type: 'boolean', default: false, help: 'say in reports when they were made' },
  seed: { type: 'string', value: 'n', default: '1', help: 'seed of what is drawn for the plan' },
  'allow-writes': {
    type: 'boolean',
    default: false,
    help: 'make, change and cancel jobs of the target too',
  },
  'max-cases': {
    type: 'string',
    value: 'n',
    default: String(CASES_LIMIT),
    help: 'requests of the plan at the most, for each API; walks and jobs come on top',
  },
  only: {
    type: 'string',
    value: 'name',
    multiple: true,
    help: 'only this check, operation or finding (by its id); of one name the check',
  },
  severity: {
    type: 'string',
    value: 'check=level',
    multiple: true,
    help: 'off, warn or error: how the findings of a check count',
  },
  shard: { type: 'string', value: 'i/n', help: 'do the i-th of n equal shares of the work' },
  'min-witness': {
    type: 'string',
    value: 'name=percent',
    multiple: true,
    help: `what must be seen of what the document allows: ${DIMENSIONS.join(', ')}`,
  },
  baseline: { type: 'string', value: 'file', help: 'failures that are known and let pass for a while' },
  'write-baseline': { type: 'string', value: 'file', help: 'write all that fails now as known failures' },
  ...PACE_FLAGS,
  'self-test': {
    type: 'boolean',
    default: false,
    help: 'plant faults in the answers of the mock, and tell how many the judge finds',
  },
  specs: { type: 'string', value: 'folder', help: 'the APIs of this folder instead' },
}

const MOST_SHARDS = 1_000
const MOST_CASES = 1_000_000
const SEVERITIES: readonly Severity[] = ['off', 'warn', 'error']

/**
 * How one API is judged, by the flags.
 *
 * @throws {@link UsageError} for values that say nothing.
 */
export function optionsOf(
  api: LoadedApi,
  flags: Flags,
  base: Pick<CheckOptions, 'baseUrl' | 'signal' | 'time' | 'replay'> & { readonly baseUrl: string },
): CheckOptions {
  const rate = rateOf(flags)
  const patienceMs = patienceOf(flags)
  const streamMs = streamTimeOf(flags)
  const headers = headersOf(flags, 'header')
  const others = headersOf(flags, 'other-header')
  const query = queryOf(flags)
  return {
    ...base,
    selection: selectionOf(flags),
    thresholds: thresholdsOf(flags),
    ...(rate === null ? {} : { rate }),
    ...(patienceMs === null ? {} : { patienceMs }),
    ...(streamMs === null ? {} : { streamMs }),
    ...(headers.length === 0 ? {} : { credentials: Object.fromEntries(headers) }),
    ...(query.length === 0 ? {} : { query }),
    ...(others.length === 0 ? {} : { otherCredentials: Object.fromEntries(others) }),
    jobs: flags.texts('job').map((text) => toJob(api, text)),
    parameters: Object.fromEntries(flags.texts('parameter').map(toParameter)),
    maxCases: maxCasesOf(flags),
    seed: seedOf(flags),
    allowWrites: flags.flag('allow-writes'),
    concurrency: concurrencyOf(flags),
  }
}

function maxCasesOf(flags: Flags): number {
  return flags.integer('max-cases', 1, MOST_CASES) ?? CASES_LIMIT
}

function seedOf(flags: Flags): number {
  return flags.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1
}

function concurrencyOf(flags: Flags): number {
  return flags.integer('concurrency', 1, 64) ?? 4
}

function toParameter(text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`--parameter must be name=value, not \`${text}\``)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

/** A path says which job it is by the parameter that the job contract names. */
function toJob({ document, contract, id }: LoadedApi, text: string): JobRef {
  if (!text.includes('/')) return { id: text }
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(new RegExp(`^/${id}(?=/)`), '')
  const values = parametersOf(document, { id: text, url: path })
  const names = Object.values(contract?.operations ?? {}).flatMap(({ job }) => job ?? [])
  const found = names.map((name) => values[name]).find((value) => value !== undefined)
  if (found === undefined) throw new UsageError(`--job ${text}: no operation of ${id} on a job has this path`)
  return { id: found, url: path }
}

/**
 * Which checks are made, how they count, and which share of the work is done.
 *
 * @throws {@link UsageError} for values that say nothing.
 */
export function selectionOf(flags: Flags): SelectionOptions {
  const shard = shardOf(flags.text('shard'))
  return {
    only: flags.texts('only'),
    ...(shard === null ? {} : { shard }),
    severities: Object.fromEntries(flags.texts('severity').map(toSeverity)),
  }
}

function shardOf(text: string | null): Shard | null {
  if (text === null) return null
  const [, index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number)
  if (index !== undefined && count !== undefined && index >= 1 && index <= count && count <= MOST_SHARDS) {
    return { index, count }
  }
  throw new UsageError(
    `--shard must be i/n with i from 1 to n and n at most ${MOST_SHARDS}, such as 1/3, not \`${text}\``,
  )
}

function toSeverity(text: string): [CheckName, Severity] {
  const [name = '', level = ''] = text.split(/=(.*)/s)
  const check = CHECK_NAMES.find((each) => each === name)
  const severity = SEVERITIES.find((each) => each === level)
  if (check === undefined) {
    throw new UsageError(`--severity: there is no check \`${name}\`${suggestion(name, CHECK_NAMES)}`)
  }
  if (severity === undefined) {
    throw new UsageError(`--severity ${name} must be one of ${SEVERITIES.join(', ')}, not \`${level}\``)
  }
  return [check, severity]
}

/**
 * Percentages of coverage that are asked for.
 *
 * @throws {@link UsageError} for unknown dimensions and numbers that are no percentage.
 */
export function thresholdsOf(flags: Flags): Thresholds {
  return Object.fromEntries(flags.texts('min-witness').map(toThreshold))
}

function toThreshold(text: string): [Dimension, number] {
  const [name = '', number = ''] = text.split(/=(.*)/s)
  const dimension = DIMENSIONS.find((each) => each === name)
  if (dimension === undefined) {
    const known = `${DIMENSIONS.join(', ')}${suggestion(name, DIMENSIONS)}`
    throw new UsageError(`--min-witness: there is no \`${name}\` among ${known}`)
  }
  const percent = /^\d+(?:\.\d+)?$/.test(number) ? Number(number) : Number.NaN
  if (percent >= 0 && percent <= 100) return [dimension, percent]
  throw new UsageError(`--min-witness ${name} must be a percentage from 0 to 100, not \`${number}\``)
}

/** The command of a run for one API, secrets left out, to which `--only` can be added. */
export function replayOf(api: string, flags: Flags): string {
  const words = ['standin', 'check', api]
  for (const name of [
    'target',
    'contract',
    'specs',
    'profile',
    'seed',
    'max-cases',
    'patience',
    'stream-time',
  ]) {
    const text = flags.text(name)
    if (text !== null && text !== CHECK_FLAGS[name]?.default) words.push(`--${name}`, text)
  }
  for (const [name] of headersOf(flags, 'header')) words.push('--header', `${name}: ***`)
  for (const [name] of queryOf(flags)) words.push('--query', `${name}=***`)
  for (const name of ['job', 'parameter']) {
    for (const text of flags.texts(name)) words.push(`--${name}`, text)
  }
  if (flags.flag('allow-writes')) words.push('--allow-writes')
  return words.map(quote).join(' ')
}

/** Quoted for a POSIX shell, where it must be. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * Reads every flag once, so that a wrong one is told of before anything is sent.
 *
 * @throws {@link UsageError} for the first that says nothing.
 */
export function verifyCheckFlags(flags: Flags, apis: readonly LoadedApi[]): void {
  headersOf(flags, 'header')
  headersOf(flags, 'other-header')
  queryOf(flags)
  selectionOf(flags)
  thresholdsOf(flags)
  maxCasesOf(flags)
  rateOf(flags)
  deadlineOf(flags)
  patienceOf(flags)
  streamTimeOf(flags)
  concurrencyOf(flags)
  seedOf(flags)
  verifyTogether(flags)
  const names = flags.texts('parameter').map((text) => toParameter(text)[0])
  verifyParameters(apis, names)
}
