/**
 * Faults in what Skop says of a job.
 *
 * @module
 */
import type { Fault } from './fault.ts'

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'an undocumented status',
    check: 'status_code_conformance',
    names: /203/,
    plant: (answer) =>
      answer.status === 200 && answer.request.url.includes('/status/') ? { status: 203 } : null,
  },
  {
    name: 'a wrong content type',
    check: 'content_type_conformance',
    names: /text\/html/,
    plant: (answer) => (answer.status === 404 ? { type: 'text/html' } : null),
  },
  {
    name: 'a broken sum',
    check: 'law',
    names: /total_documents_downloaded/,
    plant: (answer) => {
      if (answer.status !== 200 || !answer.request.url.includes('/results/')) return null
      const downloaded = Number(answer.body['total_documents_downloaded'])
      if (downloaded === 0) return null
      return { body: { ...answer.body, total_documents_downloaded: downloaded - 1 } }
    },
  },
  {
    name: 'a wrong echo',
    check: 'id_echo',
    names: /job_id/,
    plant: (answer) =>
      answer.status === 200 && answer.request.method === 'GET'
        ? { body: { ...answer.body, job_id: 'job_other' } }
        : null,
  },
]
