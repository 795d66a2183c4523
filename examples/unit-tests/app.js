// A job API of a few lines, as an example of what is tested; it keeps its jobs in memory.
import { Hono } from 'hono'

/** Creates the app; `pick` chooses the ids. */
export function createApp(pick) {
  const jobs = new Map()
  const app = new Hono()

  app.post('/jobs', async (context) => {
    const order = await context.req.json().catch(() => null)
    const sound = order !== null && typeof order === 'object' && Object.keys(order).length === 1
    if (!sound || typeof order.picture !== 'string' || order.picture === '') {
      return context.json({ detail: 'name one picture' }, 400)
    }
    const job = { id: pick(), status: 'queued' }
    jobs.set(job.id, job)
    return context.json(job, 202)
  })

  app.get('/jobs/:id', (context) => {
    const job = jobs.get(context.req.param('id'))
    return job === undefined ? context.json({ detail: 'there is no such job' }, 404) : context.json(job)
  })

  app.all('/jobs', (context) => context.json({ detail: 'only POST' }, 405, { Allow: 'POST' }))
  app.all('/jobs/:id', (context) => context.json({ detail: 'only GET' }, 405, { Allow: 'GET' }))

  return app
}
