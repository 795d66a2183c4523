/**
 * `standin proxy`: between clients and a service, judging what passes.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Traffic } from '../contract/live.ts'
import { createTraffic } from '../contract/live.ts'
import { basesOf } from '../contract/recorded.ts'
import { maskFinding, maskText } from '../contract/secret/mask.ts'
import type { Subject } from '../contract/subject.ts'
import { exitCode } from '../contract/verdict.ts'
import { readAccess, verifyHosts } from '../control/access.ts'
import type { Profile } from '../model/job.ts'
import { PROFILES } from '../model/job.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Command, Flags, Terminal } from './command.ts'
import type { HarRecording } from './har-recording.ts'
import { openHarRecording } from './har-recording.ts'
import { judgedSubject, NO_CONTRACT } from './inferred.ts'
import { listen, untilStopped } from './listening.ts'
import { loadApis } from './load-apis.ts'
import type { Passed } from './proxy-server.ts'
import { createProxy } from './proxy-server.ts'
import { toReporter, writeReports } from './report-files.ts'
import { readVersion } from './standin.ts'
import { readTarget } from './target-url.ts'

/** Judges the traffic of a service until it is interrupted. */
export const proxy: Command = {
  summary: 'judge live traffic to a service, and record it',
  usage: '<api|file> --target url [flags]',
  description:
    'Passes requests on to a service and judges its answers by the OpenAPI document and the job contract.\n' +
    'Each answer says in `Standin-Verdict` whether it is kept, broken, unmatched or unjudged; findings\n' +
    'are printed as they come, and a verdict on all when it is interrupted. Bodies larger than --max-body\n' +
    'pass unjudged; streams pass as they come and are judged when they end.',
  flags: {
    target: { type: 'string', value: 'url', help: "base URL that the document's paths follow" },
    port: { type: 'string', short: 'p', value: 'n', default: '4011', help: 'port; 0 picks a free one' },
    host: { type: 'string', value: 'address', default: '127.0.0.1', help: 'address to listen on' },
    'allow-host': {
      type: 'string',
      multiple: true,
      value: 'name',
      help: 'another name under which the proxy may be asked',
    },
    errors: {
      type: 'boolean',
      default: false,
      help: 'answer 502 with the findings in place of a broken answer',
    },
    record: { type: 'string', value: 'file.har', help: 'write the traffic down, without credentials' },
    contract: { type: 'string', value: 'file', help: 'the job contract; none judges without one' },
    profile: {
      type: 'string',
      choices: PROFILES,
      default: 'spec',
      help: 'judge by the document, or by what servers were seen to do',
    },
    reporter: {
      type: 'string',
      value: 'name[=file]',
      multiple: true,
      default: 'terminal',
      help: 'how the verdict is told at the end',
    },
    timeout: { type: 'string', value: 'ms', default: '30000', help: 'how long the service may be silent' },
    'max-body': {
      type: 'string',
      value: 'bytes',
      default: '8388608',
      help: 'larger bodies pass unjudged',
    },
    specs: { type: 'string', value: 'folder', help: 'an API of this folder instead' },
    log: {
      type: 'string',
      choices: ['pretty', 'json', 'silent'],
      default: 'pretty',
      help: 'what is printed while traffic passes',
    },
  },

  async run(names, flags, terminal) {
    const [name, ...others] = names
    if (name === undefined || others.length > 0) throw new UsageError('name the one API or file to judge by')
    const base = flags.text('target')
    if (base === null) throw new UsageError('--target is missing: the base URL of the service')
    const target = readTarget(base)
    const reporters = flags.texts('reporter').map(toReporter)
    const [api] = await loadApis({
      names: [name],
      specs: flags.text('specs'),
      needFixtures: false,
      contract: flags.text('contract') === NO_CONTRACT ? null : flags.text('contract'),
      profile: flags.text('profile') as Profile,
    })
    if (api === undefined) throw new UsageError(`there is no API ${name}`)
    const note = (line: string): void => terminal.note(`standin: ${line}`)
    const subject = await judgedSubject(api, flags.text('contract'), note)
    const traffic = trafficOf(subject, target)
    const recording = await recordingOf(flags, traffic, terminal)
    await passUntilStopped(target, traffic, recording, flags, terminal)
    const verdict = traffic.verdict(target.href, 1)
    await writeReports(reporters, { apis: [api], verdicts: [verdict], madeAt: null }, terminal)
    return exitCode([verdict])
  },
}

/**
 * The document's paths may follow the target's URL, or a server's path behind it; where the target is named
 * without a path, the mount of a standin too.
 */
function trafficOf(subject: Subject, target: URL): Traffic {
  const prefix = target.pathname.replace(/\/+$/, '')
  const bases = basesOf(subject, prefix === '' ? [`/${subject.document.id}`] : [])
  return createTraffic(subject, {
    bases: [...new Set(bases.map((base) => `${prefix}${base}`))],
    walks: 'at each page',
  })
}

async function recordingOf(flags: Flags, traffic: Traffic, terminal: Terminal): Promise<HarRecording | null> {
  const file = flags.text('record')
  if (file === null) return null
  const creator = { name: 'standin', version: await readVersion() }
  return openHarRecording(file, creator, traffic.secrets, (text) => terminal.note(`standin: ${text}`))
}

async function passUntilStopped(
  target: URL,
  traffic: Traffic,
  recording: HarRecording | null,
  flags: Flags,
  terminal: Terminal,
): Promise<void> {
  const log = logOf(flags.text('log') ?? 'pretty', traffic, terminal)
  const server = createProxy({
    target,
    errors: flags.flag('errors'),
    limitBytes: flags.integer('max-body', 0, 1_000_000_000) ?? 0,
    timeoutMs: flags.integer('timeout', 1, 3_600_000) ?? 1,
    holdMs: HOLD_MS,
    verify: hostVerifier(flags),
    judge: traffic.judge,
    passed(passed) {
      log(passed)
      recording?.add(passed)
    },
  })
  const url = await listen(server, flags)
  const ended = untilStopped(server)
  const ready = `standin proxy listening on ${url}`
  terminal.print(flags.text('log') === 'json' ? JSON.stringify({ event: 'ready', url }) : ready)
  await ended
  await recording?.save()
}

/** A body that takes longer to come is passed on as it comes. */
const HOLD_MS = 10_000

function hostVerifier(flags: Flags): (request: IncomingMessage) => void {
  const access = readAccess({
    token: null,
    listensOn: flags.text('host') ?? '127.0.0.1',
    allowHosts: flags.texts('allow-host'),
    allowOrigins: [],
  })
  return ({ headersDistinct }) => {
    const hosts = headersDistinct['host'] ?? []
    verifyHosts(access, { hosts: () => hosts, origin: () => `http://${hosts[0] ?? ''}` })
  }
}

/** One line for each finding, and for what passes unjudged; no credential stands in it. */
function logOf(mode: string, traffic: Traffic, terminal: Terminal): (passed: Passed) => void {
  if (mode === 'silent') return () => undefined
  return ({ exchange, judged, reason }) => {
    // What keeps its promises is not told of, and most answers do.
    if (judged !== null && judged.findings.length === 0) return
    const secrets = traffic.secrets()
    const { method, url } = exchange.request
    const at = oneLine(
      maskText(secrets, `${method} ${url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\?.*$/s, '')}`),
    )
    const { status } = exchange.response
    if (judged === null && mode === 'json')
      terminal.print(JSON.stringify({ event: 'unjudged', at, status, reason }))
    else if (judged === null) terminal.print(`unjudged ${status} ${at}: ${reason}`)
    for (const finding of judged?.findings ?? []) {
      const { id, check, level, message, document } = maskFinding(secrets, finding)
      const place = `${document.file}:${document.line}:${document.column}`
      const grade = level === 'error' ? 'broken' : level
      terminal.print(
        mode === 'json'
          ? JSON.stringify({ event: 'finding', id, check, level, at, status, message, place })
          : `${grade} ${status} ${at} ${check}: ${oneLine(message)} (${place})`,
      )
    }
  }
}

const SHOWN = 500

/** Foreign text as one line that no terminal takes for a command. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\u{FFFD}')
  return plain.length <= SHOWN ? plain : `${plain.slice(0, SHOWN)}…`
}
