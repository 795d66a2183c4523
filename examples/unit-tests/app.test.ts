import { fileURLToPath } from 'node:url'
import { contractOf, describeContract } from 'standin/vitest'
import { expect, it } from 'vitest'
import { createApp } from './app.js'

const document = fileURLToPath(new URL('openapi.yaml', import.meta.url))
const contract = await contractOf({ document })
const app = createApp(() => '8f14e45f-ceea-467f-9a36-dedd4bea2543')

it('takes an order', async () => {
  const request = new Request('http://localhost/jobs', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"picture":"cat.png"}',
  })
  const response = await app.request(request)
  await expect(response).toKeepContract(contract, { request })
  expect(response.status).toBe(202)
})

it('knows no other job', async () => {
  const response = await app.request('/jobs/c9f0f895-fb98-4b91-8a2d-5b1e5f0f3d1a')
  await expect(response).toKeepContract({ document }, { operationId: 'getThumbnail' })
})

// One test for each operation and check.
await describeContract({
  document,
  fetch: app.fetch,
  jobs: [{ id: '8f14e45f-ceea-467f-9a36-dedd4bea2543' }],
})
