import { fileURLToPath } from 'node:url'
import { contractOf, describeContract } from 'standin/vitest'
import { expect, it } from 'vitest'
import { createApp } from './app.js'

const document = fileURLToPath(new URL('openapi.yaml', import.meta.url))
const contract = await contractOf({ document })
const id = '8f14e45f-ceea-467f-9a36-dedd4bea2543'
const app = createApp(() => id)

function order(picture: string): Request {
  const headers = { 'Content-Type': 'application/json' }
  return new Request('http://localhost/jobs', { method: 'POST', headers, body: JSON.stringify({ picture }) })
}

it('takes an order', async () => {
  const request = order('cat.png')
  const response = await app.request(request)
  await expect(response).toKeepContract(contract, { request })
  expect(response.status).toBe(202)
})

it('knows no other job', async () => {
  const response = await app.request('/jobs/c9f0f895-fb98-4b91-8a2d-5b1e5f0f3d1a')
  await expect(response).toKeepContract({ document }, { operationId: 'getThumbnail' })
})

// One test for each operation and check, of an app that has a job.
await app.request(order('dog.png'))
await describeContract({ document, fetch: app.fetch, parameters: { job_id: id } })
