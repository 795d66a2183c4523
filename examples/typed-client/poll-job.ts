/**
 * A Scale Dex job, polled until it has ended, by a client whose types were generated from the document.
 *
 * @module
 */
import createClient from 'openapi-fetch'
import type { components, paths } from './scale-dex.d.ts'

type Job = components['schemas']['Job']

/** Which job, and who asks for it. */
export interface DexJob {
  /** What the document's paths follow, such as `http://127.0.0.1:4010/scale-dex`. */
  readonly baseUrl: string
  readonly project: string
  readonly job: string
  readonly key: string
  readonly account: string
}

/** How often is asked, and who wants to know. */
export interface Polling {
  readonly everyMs: number
  /** Told of every answer: documents that are done, and all of them; of a batch only. */
  readonly onProgress?: (done: number, total: number) => void
}

/** The words for jobs that go on. */
const GOES_ON: ReadonlySet<Job['status']> = new Set(['pending', 'running'])

/**
 * Polls a job to its end.
 *
 * @throws Error with the answer's `detail` when it cannot be read.
 */
export async function pollJob(place: DexJob, { everyMs, onProgress }: Polling): Promise<Job> {
  const client = createClient<paths>({
    baseUrl: place.baseUrl,
    headers: { 'x-api-key': place.key, 'x-selected-account-id': place.account },
  })
  for (;;) {
    const { data: job, error } = await client.GET('/v1/projects/{project_id}/jobs/{job_id}', {
      params: { path: { project_id: place.project, job_id: place.job } },
    })
    if (job === undefined) throw new Error(JSON.stringify(error.detail))
    const { progress } = job
    if (progress != null)
      onProgress?.(progress.succeeded + progress.failed + progress.cancelled, progress.total)
    if (!GOES_ON.has(job.status)) return job
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
