/**
 * The floor: bare Hono on node-server, sending ready bytes. Each file given on the command line is answered
 * under its position; without files it only listens.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
process.argv.slice(2).forEach((file, position) => {
  const bytes = readFileSync(file)
  app.get(`/${position}`, () => new Response(bytes, { headers: { 'Content-Type': 'application/json' } }))
})
app.get('/_standin/health', () => new Response('{"status":"ready"}'))

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${port}` })}\n`)
})
