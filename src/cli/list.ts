/**
 * `standin list`: APIs, operations and named jobs.
 *
 * @module
 */
import type { JobListing } from '../server/listing.ts'
import { listApis, listJobs } from '../server/listing.ts'
import { DEFAULT, look } from '../world/sandboxes.ts'
import type { Command } from './command.ts'
import { realEnvironment } from './environment.ts'
import { renderMarkdown } from './list-markdown.ts'
import { loadApis } from './load-apis.ts'
import { assemble, DEFAULT_OPTIONS } from './standin.ts'

/** Lists what can be served. */
export const list: Command = {
  summary: 'show APIs, operations and named jobs',
  usage: '[api|file …] [flags]',
  description:
    'Shows what `standin serve` answers: each API with its operations, and its named jobs as URLs.',
  flags: {
    url: {
      type: 'string',
      value: 'url',
      default: 'http://127.0.0.1:4010',
      help: 'where the server listens, for the printed URLs',
    },
    specs: { type: 'string', value: 'folder', help: 'list the APIs of this folder instead' },
    format: {
      type: 'string',
      choices: ['text', 'json', 'markdown'],
      default: 'text',
      help: 'for people, for programs or for a page',
    },
  },

  async run(names, flags, { print }) {
    const apis = await loadApis({ names, specs: flags.text('specs'), needFixtures: true })
    const { server } = await assemble(apis, DEFAULT_OPTIONS, realEnvironment)
    const all = await look(server.sandboxes, DEFAULT, (turn) => listJobs(server, turn, null))
    const url = (flags.text('url') ?? '').replace(/\/+$/, '')
    if (flags.text('format') === 'json') {
      print(JSON.stringify({ apis: listApis(server), jobs: all }, null, 2))
      return 0
    }
    if (flags.text('format') === 'markdown') {
      print(renderMarkdown(listApis(server), all, url))
      return 0
    }
    for (const { id, title, mount, operations } of listApis(server)) {
      print(`${id}  ${title}`)
      for (const operation of operations)
        print(`  ${operation.method.padEnd(6)} ${mount}${operation.path}  ${operation.id}`)
      const jobs = all.filter(({ api }) => api === id)
      if (jobs[0] !== undefined) print(`  send ${headersOf(jobs[0])}`)
      const width = Math.max(20, ...jobs.map(({ name }) => (name ?? '').length))
      for (const job of jobs) print(`  ${jobLine(job, width, url)}`)
      print('')
    }
    return 0
  },
}

function headersOf({ headers }: JobListing): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return lines.length === 0 ? 'no credentials' : lines.join(', ')
}

function jobLine({ name, state, rows, url }: JobListing, width: number, base: string): string {
  return `${(name ?? '').padEnd(width)} ${state.padEnd(20)} ${String(rows).padStart(8)} rows  ${base}${url}`
}
