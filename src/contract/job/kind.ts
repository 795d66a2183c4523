/**
 * Kinds of jobs: an API may have exports and renders, and the first of each may have one id. Which kind an
 * operation speaks of follows from its path.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import type { Subject } from '../subject.ts'
import { contractOf } from '../subject.ts'

const KINDS = new WeakMap<Subject, readonly string[]>()

/** The kind of jobs that an operation speaks of; empty where the API has but one. */
export function kindOf(subject: Subject, operation: Operation): string {
  const kinds = KINDS.get(subject) ?? kindsOf(subject)
  KINDS.set(subject, kinds)
  if (kinds.length < 2) return ''
  const own = nounOf(subject, operation)
  const fits = kinds.filter((kind) => own === kind || own.startsWith(`${kind}/`))
  return fits.reduce((best, kind) => (kind.length > best.length ? kind : best), '') || own
}

/** The nouns of which one operation shows a state by the id. */
function kindsOf(subject: Subject): readonly string[] {
  const shown = subject.document.operations.filter((operation) => {
    const contract = contractOf(subject, operation.id)
    const { method, path } = operation
    return method === 'GET' && contract?.state != null && path.endsWith(`/{${contract.job}}`)
  })
  return [...new Set(shown.map((operation) => nounOf(subject, operation)))]
}

/** What stands before the job's id, else the whole path; versions of an API share its jobs. */
function nounOf(subject: Subject, { id, path }: Operation): string {
  const job = contractOf(subject, id)?.job ?? null
  const [before = ''] = job === null ? [path] : path.split(`/{${job}}`)
  return before.replace(/\/v\d+[a-z]*\d*(?=\/|$)/gi, '').replace(/\/+$/, '')
}
