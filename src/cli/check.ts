/**
 * `standin check`: a verdict on a service, on the mock, or on recorded traffic.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { applyBaseline } from '../contract/baseline.ts'
import { count } from '../contract/display.ts'
import { CHECK_NAMES } from '../contract/finding.ts'
import type { RecordedOptions } from '../contract/recorded.ts'
import type { CheckOptions } from '../contract/run.ts'
import { checkTarget } from '../contract/run.ts'
import { isNamed } from '../contract/select.ts'
import type { Subject } from '../contract/subject.ts'
import type { Target } from '../contract/target.ts'
import { TargetUnreachable } from '../contract/unreachable.ts'
import type { Verdict } from '../contract/verdict.ts'
import { exitCode } from '../contract/verdict.ts'
import type { Profile } from '../model/job.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import { readBaseline, writeBaseline } from './baseline-file.ts'
import {
  CHECK_FLAGS,
  optionsOf,
  replayOf,
  selectionOf,
  thresholdsOf,
  verifyCheckFlags,
} from './check-flags.ts'
import type { Command, Flags, Terminal } from './command.ts'
import { judgeHar } from './har-source.ts'
import { judgedSubject, NO_CONTRACT } from './inferred.ts'
import { inProcessTarget, subjectOf, targetBase } from './judged.ts'
import type { LoadedApi } from './load-apis.ts'
import { isDocument, loadApis } from './load-apis.ts'
import { deadlineOf } from './pace-flags.ts'
import { realTime } from './real-time.ts'
import { toReporter, writeReports } from './report-files.ts'
import { runSelfTest } from './self-test.ts'
import { secretsOf } from './sent-flags.ts'
import type { Stop } from './stop.ts'
import { stopOf } from './stop.ts'
import { readTarget } from './target-url.ts'

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
  flags: CHECK_FLAGS,

  async run(names, flags, terminal) {
    const reporters = flags.texts('reporter').map(toReporter)
    const har = flags.text('har')
    const remote = flags.text('target')
    if (har !== null && remote !== null) throw new UsageError('--har and --target do not go together')
    if (remote !== null) readTarget(remote)
    const apis = await loadApis({
      names,
      specs: flags.text('specs'),
      needFixtures: har === null && remote === null,
      contract: flags.text('contract') === NO_CONTRACT ? null : flags.text('contract'),
      profile: flags.text('profile') as Profile,
    })
    verifyCheckFlags(flags, apis)
    const writeTo = flags.text('write-baseline')
    const today = new Date().toISOString().slice(0, 10)
    const known = flags.text('baseline')
    const baseline = known === null ? null : await readBaseline(known, today)
    const stop = stopOf(deadlineOf(flags))
    try {
      if (flags.flag('self-test')) return await runSelfTest(apis, flags, terminal, stop.signal)
      const chosen = await chooseApis(apis, flags.texts('only'))
      const callOf = (api: LoadedApi): string =>
        (names.length === apis.length ? names[apis.indexOf(api)] : undefined) ?? api.id
      const judged =
        har === null
          ? await judgeAll(
              chosen,
              await openTarget(chosen, names, flags, stop),
              flags,
              terminal,
              stop,
              callOf,
            )
          : await judgeRecorded(chosen, har, flags, terminal)
      const verdicts = baseline === null ? judged : applyBaseline(judged, baseline)
      const madeAt = flags.flag('report-timestamps') ? new Date().toISOString() : null
      const secrets = secretsOf(flags)
      await writeReports(reporters, { apis, verdicts, madeAt, secrets }, terminal)
      if (remote !== null) for (const verdict of verdicts) tellOfDenial(verdict, terminal)
      if (writeTo !== null) {
        const entries = await writeBaseline(writeTo, verdicts, today)
        terminal.note(`wrote ${count(entries, 'known failure')} to ${writeTo}: say why for each`)
      }
      return stop.isInterrupted() ? EXIT_INTERRUPTED : exitCode(verdicts)
    } catch (error) {
      if (stop.isInterrupted()) return EXIT_INTERRUPTED
      if (!(error instanceof TargetUnreachable)) throw error
      terminal.note(`standin: the target cannot be reached: ${error.message}`)
      return EXIT_UNREACHABLE
    } finally {
      stop.end()
    }
  },
}

/** Who never got in is told how to. */
function tellOfDenial({ api, successes, witnesses }: Verdict, terminal: Terminal): void {
  const answers = witnesses.flatMap(({ statuses }) => Object.entries(statuses))
  const total = (pairs: typeof answers): number => pairs.reduce((sum, [, times]) => sum + times, 0)
  const denied = total(answers.filter(([status]) => status === '401' || status === '403'))
  if (successes > 0 || denied === 0) return
  const share = `${denied} of ${count(total(answers), 'answer')} ${denied === 1 ? 'was' : 'were'} 401 or 403`
  terminal.note(`standin: ${api}: ${share}, none a success; credentials are given as --header or --query`)
}

/** The APIs that have one of the operations or findings that are asked for; all where only checks are. */
async function chooseApis(
  apis: readonly LoadedApi[],
  only: readonly string[],
): Promise<readonly LoadedApi[]> {
  const special = only.filter((text) => !(CHECK_NAMES as readonly string[]).includes(text))
  if (special.length === 0) return apis
  const subjects = await Promise.all(apis.map(subjectOf))
  const unknown = special.find((text) => !subjects.some((subject) => isNamed(subject, text)))
  if (unknown !== undefined) {
    const names = subjects.flatMap(({ document }) => document.operations.map(({ id }) => id))
    const hint = suggestion(unknown, [...CHECK_NAMES, ...names])
    throw new UsageError(`--only: no check, operation or finding is called \`${unknown}\`${hint}`)
  }
  return apis.filter((_, at) => {
    const subject = subjects[at]
    return subject !== undefined && special.some((text) => isNamed(subject, text))
  })
}

/** Who is judged. The mock of a built-in API stays what it is, by whichever contract it is judged. */
async function openTarget(
  apis: readonly LoadedApi[],
  names: readonly string[],
  flags: Flags,
  { signal }: Stop,
): Promise<Target> {
  if (flags.text('target') !== null) return remoteTarget(signal)
  const isOther = flags.text('contract') !== null && !names.some(isDocument)
  if (!isOther) return inProcessTarget(apis)
  const profile = flags.text('profile') as Profile
  return inProcessTarget(await loadApis({ names, specs: flags.text('specs'), needFixtures: true, profile }))
}

async function judgeAll(
  apis: readonly LoadedApi[],
  target: Target,
  flags: Flags,
  terminal: Terminal,
  { signal, isInterrupted }: Stop,
  callOf: (api: LoadedApi) => string,
): Promise<readonly Verdict[]> {
  const remote = flags.text('target')
  const bases: string[] = []
  for (const api of apis) bases.push(await targetBase(api, remote, target, apis.length > 1))
  const verdicts: Verdict[] = []
  for (const [at, api] of apis.entries()) {
    const progress = progressOf(terminal, api.id)
    const replay = replayOf(callOf(api), flags)
    const subject = await subjectFor(api, flags, terminal)
    const options = optionsOf({ ...api, contract: subject.contract }, flags, {
      baseUrl: bases[at] ?? '',
      signal,
      replay,
    })
    const profile = api.profile === 'wire' ? ', profile wire' : ''
    const own =
      remote === null
        ? { allowWrites: true, takesAnyCredential: true, label: `the mock, in process${profile}` }
        : { time: realTime, nonce: randomUUID() }
    verdicts.push(
      await checkTarget(subject, target, {
        ...options,
        ...own,
        ...onlyOf(subject, options),
        onProgress: progress.show,
      }),
    )
    progress.clear()
    if (isInterrupted()) break
  }
  return verdicts
}

/** Of what is asked for, what names something of one API. */
function onlyOf(subject: Subject, { selection = {} }: CheckOptions): Pick<CheckOptions, 'selection'> {
  return {
    selection: { ...selection, only: (selection.only ?? []).filter((text) => isNamed(subject, text)) },
  }
}

const PATIENCE_MS = 30_000

/** A service over HTTP; it is waited for so long, and not once the program was asked to end. */
function remoteTarget(signal: AbortSignal): Target {
  return (request) =>
    fetch(request, { signal: AbortSignal.any([signal, request.signal, AbortSignal.timeout(PATIENCE_MS)]) })
}

async function judgeRecorded(
  apis: readonly LoadedApi[],
  file: string,
  flags: Flags,
  terminal: Terminal,
): Promise<readonly Verdict[]> {
  const subjects = await Promise.all(apis.map((api) => subjectFor(api, flags, terminal)))
  const asked = { selection: selectionOf(flags), thresholds: thresholdsOf(flags) }
  const optionsFor = (subject: Subject): RecordedOptions => ({
    ...asked,
    ...onlyOf(subject, { baseUrl: '', ...asked }),
    bases: flags.texts('base'),
  })
  return judgeHar(subjects, file, optionsFor, (line) => terminal.note(`standin: ${line}`))
}

/** The mock draws where nobody wrote a contract, and nothing lives: there is nothing to infer for it. */
function subjectFor(api: LoadedApi, flags: Flags, terminal: Terminal): Promise<Subject> {
  const contract = flags.text('contract')
  const isMock = flags.text('har') === null && flags.text('target') === null
  if (isMock && contract !== NO_CONTRACT) return subjectOf(api)
  return judgedSubject(api, contract, (line) => terminal.note(`standin: ${line}`))
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
