/**
 * `standin serve`: the APIs on a port.
 *
 * @module
 */
import { createAdaptorServer } from '@hono/node-server'
import type { Access } from '../control/access.ts'
import { readAccess } from '../control/access.ts'
import type { Profile } from '../model/job.ts'
import { PROFILES } from '../model/job.ts'
import { queryKeysOf } from '../openapi/query-key.ts'
import type { Api, ServerOptions } from '../server/api.ts'
import { listApis, listJobs, operationNames } from '../server/listing.ts'
import { DELAY_LIMIT_MS } from '../server/preference.ts'
import { epochOf } from '../server/server.ts'
import type { FaultRule } from '../world/fault-plan.ts'
import { DEFAULT, look } from '../world/sandboxes.ts'
import type { Command, Flags, Terminal } from './command.ts'
import { realEnvironment } from './environment.ts'
import { curlOf } from './first-request.ts'
import { listen, untilStopped } from './listening.ts'
import type { Selection } from './load-apis.ts'
import { loadApis } from './load-apis.ts'
import { openStore } from './open-store.ts'
import { createRequestLog } from './request-log.ts'
import type { Assembly } from './standin.ts'
import { assemble, DEFAULT_OPTIONS, DEFAULT_SEED, readClock, readWebhookHosts } from './standin.ts'
import { watchedPaths, watchFiles } from './watch.ts'

/** Above what the server itself refuses, so that it is the server that says so, and how. */
const MAX_HEAD_BYTES = 65_536

/** Serves APIs until it is interrupted. */
export const serve: Command = {
  summary: 'answer as the APIs do, on a port',
  usage: '[api|file …] [flags]',
  description:
    'Serves every built-in API, or those that are named; a file is any OpenAPI document.\n' +
    'Each API answers under /<id>, and one alone at the root too. /_standin/jobs lists named jobs.',
  flags: {
    port: { type: 'string', short: 'p', value: 'n', default: '4010', help: 'port; 0 picks a free one' },
    host: { type: 'string', value: 'address', default: '127.0.0.1', help: 'address to listen on' },
    seed: { type: 'string', value: 'n', default: '1', help: 'seed of all that is drawn' },
    profile: {
      type: 'string',
      choices: PROFILES,
      default: 'spec',
      help: 'as the documents say, or as servers were seen to',
    },
    auth: { type: 'string', choices: ['on', 'off'], default: 'on', help: 'ask for credentials' },
    cors: { type: 'string', choices: ['on', 'off'], default: 'on', help: 'answer browsers of any origin' },
    clock: {
      type: 'string',
      value: 'mode',
      default: 'real',
      help: 'how time goes: real, frozen, auto, step:PT30S',
    },
    faults: { type: 'string', value: 'file', help: 'a fault plan: which requests go wrong, and how' },
    store: {
      type: 'string',
      value: 'url',
      default: 'memory',
      help: 'where sandboxes are kept: memory, or redis://… to share them',
    },
    'control-token': { type: 'string', value: 'token', help: 'what callers of /_standin must bring along' },
    'allow-host': {
      type: 'string',
      multiple: true,
      value: 'name',
      help: 'another name under which /_standin may be asked',
    },
    'allow-origin': {
      type: 'string',
      multiple: true,
      value: 'origin',
      help: 'whose pages may ask /_standin, such as http://localhost:3000',
    },
    'webhook-host': {
      type: 'string',
      multiple: true,
      value: 'name',
      help: 'where webhooks may go beside this machine',
    },
    watch: { type: 'boolean', help: 'load documents, contracts and fixtures again when they change' },
    delay: {
      type: 'string',
      value: 'ms',
      default: '0',
      help: 'wait so many milliseconds before each answer',
    },
    specs: { type: 'string', value: 'folder', help: 'serve the APIs of this folder instead' },
    log: {
      type: 'string',
      choices: ['pretty', 'json', 'silent'],
      default: 'pretty',
      help: 'what is printed',
    },
  },

  async run(names, flags, terminal) {
    const selection: Selection = {
      ...{ names, specs: flags.text('specs'), needFixtures: true },
      profile: flags.text('profile') as Profile,
    }
    const apis = await loadApis(selection)
    const options = await optionsOf(flags, apis)
    const beginning = { ...options.beginning, epochMs: epochOf(apis) }
    const access = accessOf(flags)
    const note = (text: string): void => terminal.note(`standin: ${text}`)
    const store = await openStore(flags.text('store') ?? 'memory', apis, beginning, note)
    try {
      const assembly = await assemble(apis, options, realEnvironment, { store, access })
      return await answerUntilStopped(assembly, selection, flags, terminal)
    } finally {
      await store?.close()
    }
  },
}

async function answerUntilStopped(
  assembly: Assembly,
  selection: Selection,
  flags: Flags,
  terminal: Terminal,
): Promise<number> {
  const mode = flags.text('log') ?? 'pretty'
  const log = createRequestLog(
    mode,
    () => queryKeysOf(assembly.server.apis.map(({ document }) => document)),
    terminal,
  )
  const server = createAdaptorServer({
    fetch: log(assembly.app.fetch),
    serverOptions: { maxHeaderSize: MAX_HEAD_BYTES },
  })
  const address = await listen(server, flags)
  const ended = untilStopped(server)
  const unwatch = flags.flag('watch') ? await watchApis(selection, assembly, mode, terminal) : null
  await printReady(address, mode, assembly, terminal)
  await ended
  await unwatch?.()
  await assembly.close()
  return 0
}

/** Serves what files say now, as soon as they say something that can be served. */
function watchApis(
  selection: Selection,
  assembly: Assembly,
  mode: string,
  terminal: Terminal,
): Promise<() => Promise<void>> {
  return watchFiles({
    paths: watchedPaths(selection.names, selection.specs),
    async reload() {
      assembly.reload(await loadApis({ ...selection, fresh: true }))
    },
    report(problem) {
      if (mode === 'json') terminal.print(JSON.stringify({ event: 'reload', problem }))
      else if (problem !== null) terminal.note(`standin: still serving what was there before: ${problem}`)
      else if (mode === 'pretty') terminal.print(`loaded again: ${namesOf(assembly)}`)
    },
  })
}

function accessOf(flags: Flags): Access {
  return readAccess({
    token: flags.text('control-token'),
    listensOn: flags.text('host') ?? '127.0.0.1',
    allowHosts: flags.texts('allow-host'),
    allowOrigins: flags.texts('allow-origin'),
  })
}

function namesOf({ server }: Assembly): string {
  return server.apis.map(({ id }) => id).join(', ')
}

async function optionsOf(flags: Flags, apis: readonly Api[]): Promise<ServerOptions> {
  return {
    beginning: {
      ...DEFAULT_OPTIONS.beginning,
      seed: flags.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? DEFAULT_SEED,
      clock: readClock('--clock', flags.text('clock') ?? 'real'),
      faults: await readFaults(flags.text('faults'), apis),
    },
    auth: flags.text('auth') === 'on',
    cors: flags.text('cors') === 'on',
    delayMs: flags.integer('delay', 0, DELAY_LIMIT_MS) ?? 0,
    webhookHosts: readWebhookHosts('--webhook-host', flags.texts('webhook-host')),
    mountAtRoot: true,
  }
}

async function readFaults(file: string | null, apis: readonly Api[]): Promise<readonly FaultRule[]> {
  if (file === null) return []
  const { readFaultFile } = await import('./fault-file.ts')
  return readFaultFile(file, operationNames(apis))
}

async function printReady(
  url: string,
  mode: string,
  { server }: Assembly,
  terminal: Terminal,
): Promise<void> {
  if (mode === 'json') {
    terminal.print(JSON.stringify({ event: 'ready', url }))
    return
  }
  if (mode === 'pretty') {
    const jobs = await look(server.sandboxes, DEFAULT, (turn) => listJobs(server, turn, null))
    for (const { id, title, operations } of listApis(server)) {
      const job = jobs.find(({ api, name }) => api === id && name === 'succeeded')
      terminal.print(`${id.padEnd(12)} ${title} · ${operations.length} operations`)
      if (job !== undefined) terminal.print(`${' '.repeat(13)}${curlOf(job, url)}`)
    }
  }
  const wire = server.apis.some(({ profile }) => profile === 'wire')
  if (mode === 'pretty' && wire) terminal.print('answering as servers were seen to: profile wire')
  terminal.print(`standin listening on ${url}`)
}
