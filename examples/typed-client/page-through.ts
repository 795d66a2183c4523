/**
 * Every result of a deepset job, page by page, by a client whose types were generated from the document:
 * a misspelt parameter or member does not compile.
 *
 * @module
 */
import createClient from 'openapi-fetch'
import type { components, paths } from './deepset.d.ts'

type JobResult = components['schemas']['JobResult']

/** Which job, and who asks for it. */
export interface JobPlace {
  /** What the document's paths follow, such as `http://127.0.0.1:4010/deepset`. */
  readonly baseUrl: string
  readonly workspace: string
  readonly job: string
  readonly key: string
}

/**
 * Reads all results by cursor, in the order of their creation.
 *
 * @throws Error with the answer's `detail` when a page is refused.
 */
export async function readAllResults(place: JobPlace, limit = 50): Promise<readonly JobResult[]> {
  const client = createClient<paths>({ baseUrl: place.baseUrl })
  const results: JobResult[] = []
  for (;;) {
    const after = results.at(-1)?.job_result_id
    const { data: page, error } = await client.GET(
      '/api/v2/workspaces/{workspace_id}/jobs/{job_id}/results',
      {
        headers: { Authorization: `Bearer ${place.key}` },
        params: {
          path: { workspace_id: place.workspace, job_id: place.job },
          query: { limit, field: 'created_at', order: 'ASC', ...(after === undefined ? {} : { after }) },
        },
      },
    )
    if (page === undefined) throw new Error(JSON.stringify(error.detail))
    // Nothing was selected, so each item is a whole result; the document's union cannot say so.
    results.push(...(page.data as readonly JobResult[]))
    if (!page.has_more) return results
  }
}
