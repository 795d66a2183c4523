/**
 * Serves this folder, and nothing else, to a browser on this machine: `node serve.mjs [port]`.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'job.css': 'text/css; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'deepset.js': 'text/javascript; charset=utf-8',
  'element.js': 'text/javascript; charset=utf-8',
  'request.js': 'text/javascript; charset=utf-8',
  'skop.js': 'text/javascript; charset=utf-8',
}

const server = createServer(async ({ url }, response) => {
  const name = new URL(url ?? '/', 'http://page').pathname.slice(1) || 'index.html'
  if (!Object.hasOwn(TYPES, name)) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such file.\n')
    return
  }
  const bytes = await readFile(new URL(name, import.meta.url))
  response.writeHead(200, { 'content-type': TYPES[name], 'cache-control': 'no-store' }).end(bytes)
})

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`front end on http://127.0.0.1:${server.address().port}`)
})
