/**
 * Faults in what Skop says of a job.
 *
 * @module
 */
import type { Body, Fault, Planted } from './fault.ts'
import { listAt, withBody, wrongContentType } from './fault.ts'

const isResults = ({ status, request }: Planted): boolean =>
  status === 200 && request.url.includes('/results/')

const inDocuments = (change: (documents: Body[]) => void) =>
  withBody(isResults, (body) => change(listAt(body, 'documents')))

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'an undocumented status',
    check: 'status_code_conformance',
    names: /203/,
    plant: (answer) =>
      answer.status === 200 && answer.request.url.includes('/status/') ? { status: 203 } : null,
  },
  wrongContentType(404),
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
  {
    name: 'a wrong type',
    check: 'response_schema_conformance',
    names: /\/documents\/0\/file_size_mb/,
    plant: inDocuments(([first]) => {
      if (first !== undefined) first['file_size_mb'] = String(first['file_size_mb'])
    }),
  },
  {
    name: 'a missing field',
    check: 'response_schema_conformance',
    names: /source_page/,
    plant: inDocuments(([first]) => {
      delete first?.['source_page']
    }),
  },
  {
    name: 'a document that stands there twice',
    check: 'law',
    names: /no document is listed twice/,
    plant: inDocuments((documents) => {
      if (documents[0] !== undefined && documents.length > 1) documents[1] = documents[0]
    }),
  },
  {
    name: 'documents that are not in order',
    check: 'law',
    names: /in the order of their extraction/,
    plant: inDocuments((documents) => {
      documents.reverse()
    }),
  },
  {
    name: 'a document that is less certain than was asked for',
    check: 'law',
    names: /confidence_score must be from/,
    plant: inDocuments(([first]) => {
      if (first !== undefined) first['confidence_score'] = 0
    }),
  },
  {
    name: 'a flag without its errors',
    check: 'law',
    names: /the errors flag is set exactly when errors are listed/,
    plant: withBody(isResults, (body) => {
      body['has_errors'] = body['has_errors'] !== true
    }),
  },
]
