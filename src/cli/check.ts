/**
 * `standin check`: a verdict on a service, on the mock, or on recorded traffic.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { exchangesFromHar } from '../contract/har.ts'
import type { JobRef } from '../contract/plan/job-ref.ts'
import { parametersOf } from '../contract/plan/job-ref.ts'
import { checkExchanges } from '../contract/recorded.ts'
import type { CheckOptions } from '../contract/run.ts'
import { checkTarget } from '../contract/run.ts'
import type { Target } from '../contract/target.ts'
import { TargetUnreachable } from '../contract/target.ts'
import type { Verdict } from '../contract/verdict.ts'
import { exitCode } from '../contract/verdict.ts'
import type { Profile } from '../model/job.ts'
import { PROFILES } from '../model/job.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Command, Flags, Terminal } from './command.ts'
import { inProcessTarget, subjectOf, targetBase } from './judged.ts'
import type { LoadedApi } from './load-apis.ts'
import { loadApis } from './load-apis.ts'
import { toReporter, writeReports } from './report-files.ts'

const EXIT_UNREACHABLE = 3
const EXIT_INTERRUPTED = 130

/** Judges APIs. */
export const check: Command = {
  summary: 'judge a service, the mock or recorded traffic',
  usage: '[api|file …] [flags]',
  description:
    'Judges answers by the OpenAPI document and the job contract. Without --target the mock is judged in\n' +
    'process; with it whatever answers there, read-only unless --allow-writes; with --har a recording.\n' +
    'Where the target is a standin it is asked for its jobs, else name some with --job.',
  flags: {
    target: { type: 'string', value: 'url', help: "base URL that the document's paths follow" },
    header: { type: 'string', value: "'name: value'", multiple: true, help: 'sent with every request' },
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
    contract: { type: 'string', value: 'file', help: 'the job contract of the one API that is judged' },
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
      help: 'terminal, json, junit or sarif',
    },
    'report-timestamps': { type: 'boolean', default: false, help: 'say in reports when they were made' },
    seed: { type: 'string', value: 'n', default: '1', help: 'seed of what is drawn for the plan' },
    'allow-writes': {
      type: 'boolean',
      default: false,
      help: 'make, change and cancel jobs of the target too',
    },
    concurrency: { type: 'string', value: 'n', default: '4', help: 'requests at the same time' },
    specs: { type: 'string', value: 'folder', help: 'the APIs of this folder instead' },
  },

  async run(names, flags, terminal) {
    const reporters = flags.texts('reporter').map(toReporter)
    const har = flags.text('har')
    const remote = flags.text('target')
    if (har !== null && remote !== null) throw new UsageError('--har and --target do not go together')
    const apis = await loadApis({
      names,
      specs: flags.text('specs'),
      needFixtures: har === null && remote === null,
      contract: flags.text('contract'),
      profile: flags.text('profile') as Profile,
    })
    const abort = new AbortController()
    process.once('SIGINT', () => abort.abort())
    try {
      const verdicts =
        har === null ? await judgeAll(apis, flags, terminal, abort.signal) : await judgeHar(apis, har)
      const madeAt = flags.flag('report-timestamps') ? new Date().toISOString() : null
      await writeReports(reporters, { apis, verdicts, madeAt }, terminal)
      return exitCode(verdicts)
    } catch (error) {
      if (abort.signal.aborted) return EXIT_INTERRUPTED
      if (!(error instanceof TargetUnreachable)) throw error
      terminal.note(`standin: the target cannot be reached: ${error.message}`)
      return EXIT_UNREACHABLE
    }
  },
}

async function judgeAll(
  apis: readonly LoadedApi[],
  flags: Flags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const remote = flags.text('target')
  const target: Target = remote === null ? await inProcessTarget(apis) : remoteTarget(signal)
  const verdicts: Verdict[] = []
  for (const api of apis) {
    const baseUrl = await targetBase(api, remote, target, apis.length > 1)
    const options = optionsOf(api, flags, { baseUrl, signal })
    const progress = progressOf(terminal, api.id)
    const writes =
      remote === null
        ? {
            allowWrites: true,
            label: `the mock, in process${api.profile === 'wire' ? ', profile wire' : ''}`,
          }
        : {}
    verdicts.push(
      await checkTarget(await subjectOf(api), target, { ...options, ...writes, onProgress: progress.show }),
    )
    progress.clear()
  }
  return verdicts
}

const PATIENCE_MS = 30_000

/** A service over HTTP; it is waited for so long, and not once the program was asked to end. */
function remoteTarget(signal: AbortSignal): Target {
  return (request) =>
    fetch(request, { signal: AbortSignal.any([signal, request.signal, AbortSignal.timeout(PATIENCE_MS)]) })
}

async function judgeHar(apis: readonly LoadedApi[], file: string): Promise<readonly Verdict[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const exchanges = exchangesFromHar(text)
  return Promise.all(
    apis.map(async (api) =>
      checkExchanges(await subjectOf(api), exchanges, { basePaths: [`/${api.id}`], label: file }),
    ),
  )
}

function optionsOf(
  api: LoadedApi,
  flags: Flags,
  base: { readonly baseUrl: string; readonly signal: AbortSignal },
): CheckOptions {
  const headers = flags.texts('header').map(toHeader)
  return {
    ...base,
    ...(headers.length === 0 ? {} : { credentials: Object.fromEntries(headers) }),
    jobs: flags.texts('job').map((text) => toJob(api, text)),
    parameters: Object.fromEntries(flags.texts('parameter').map(toParameter)),
    seed: flags.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1,
    allowWrites: flags.flag('allow-writes'),
    concurrency: flags.integer('concurrency', 1, 64) ?? 4,
  }
}

function toHeader(text: string): [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new UsageError(`--header must be 'name: value', not \`${text.slice(0, 20)}\``)
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()]
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

/** One line that is written over; nothing where nobody looks. */
function progressOf(
  terminal: Terminal,
  api: string,
): { show: (done: number, planned: number) => void; clear: () => void } {
  if (!terminal.interactive) return { show: () => undefined, clear: () => undefined }
  return {
    show: (done, planned) => {
      if (done % 20 === 0) process.stderr.write(`\r\u001b[2K${api}: ${done} of about ${planned} exchanges`)
    },
    clear: () => process.stderr.write('\r\u001b[2K'),
  }
}
