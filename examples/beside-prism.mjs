/**
 * The same requests to `prism mock` and to standin, for the result operation of every built-in API: what each
 * of them answers to a job that has ended, to one that runs, to the next page, and to a job that is not there.
 *
 *     npm run build && node examples/beside-prism.mjs
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'

const root = new URL('../', import.meta.url)
const path = (name) => fileURLToPath(new URL(name, root))

/** A program that listens, once it has printed `ready`. */
async function started(args, ready) {
  const child = spawn(process.execPath, args, { cwd: path('.'), stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  const found = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${text}`)))
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      const match = ready.exec(text)
      if (match !== null) resolve(match)
    })
  })
  return { child, found }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

const pointer = (value, at) =>
  at === undefined
    ? undefined
    : at
        .split('/')
        .slice(1)
        .reduce((node, name) => node?.[name], value)

/** What an answer shows: its status, its rows, its state. */
async function shownBy(url, headers, rows, state) {
  const response = await fetch(url, { headers })
  const text = await response.text()
  const body = text === '' ? null : JSON.parse(text)
  const list = pointer(body, rows)
  const parts = [`${response.status}`]
  if (response.ok && pointer(body, state) !== undefined) parts.push(pointer(body, state))
  if (response.ok) parts.push(Array.isArray(list) ? `${list.length} rows` : 'no rows')
  return { text, line: parts.join(', ') }
}

const { child: standin, found } = await started(
  ['dist/cli.js', 'serve', '--port', '0', '--log', 'json'],
  /"url":"([^"]+)"/,
)
const children = [standin]
try {
  const { jobs } = await (await fetch(`${found[1]}/_standin/jobs`)).json()
  const apis = [...new Set(jobs.map(({ api }) => api))]
  const prisms = await Promise.all(
    apis.map(async (api) => {
      const port = String(await freePort())
      const prism = 'node_modules/@stoplight/prism-cli/dist/index.js'
      const mock = await started([prism, 'mock', `specs/${api}/openapi.yaml`, '--port', port], /listening on/)
      children.push(mock.child)
      return `http://127.0.0.1:${port}`
    }),
  )
  for (const [position, api] of apis.entries()) {
    const { operations } = load(await readFile(path(`contracts/${api}.yaml`), 'utf8'))
    const results = Object.values(operations).find(({ role }) => role === 'results')
    const own = jobs.filter((job) => job.api === api)
    const named = (name) => own.find((job) => job.name === name)
    const { url: ended, headers, id } = named('succeeded')
    const questions = [
      ['a job that succeeded', ended],
      ['its second page', results.rows?.page === undefined ? null : `${ended}?${results.rows.page}=2`],
      ['a job that runs', named('running').url],
      ['a job that failed', named('failed').url],
      [
        'a job that is not there',
        ended.replace(
          id,
          id.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0')),
        ),
      ],
    ].filter(([, url]) => url !== null)
    console.log(`${api.padEnd(25)}  ${'prism mock'.padEnd(34)}  standin`)
    const first = {}
    for (const [what, url] of questions) {
      const cells = []
      for (const [server, base] of [
        ['prism', `${prisms[position]}${url.slice(api.length + 1)}`],
        ['standin', `${found[1]}${url}`],
      ]) {
        const { text, line } = await shownBy(base, headers, results.rows?.at, results.state)
        first[server] ??= text
        cells.push(text === first[server] && what !== questions[0][0] ? `${line} (the same)` : line)
      }
      console.log(`  ${what.padEnd(23)}  ${cells[0].padEnd(34)}  ${cells[1]}`)
    }
  }
} finally {
  for (const child of children) child.kill('SIGTERM')
}
