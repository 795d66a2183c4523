/**
 * The path of an operation for one job: whose it is and its id, filled in.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import type { ApiWorld } from './api-world.ts'

/** The path of an operation, without its mount, every parameter filled in. */
export function fillPath(
  operation: Operation,
  { contract, jobs }: Pick<ApiWorld, 'contract' | 'jobs'>,
  jobId: string,
): string {
  const own = contract.operations[operation.id]?.job ?? ''
  const values: Readonly<Record<string, string>> = { ...jobs.scope, [own]: jobId }
  return operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
