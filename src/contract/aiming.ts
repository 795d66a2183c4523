/**
 * What a run begins with: the jobs of the target, how it is addressed, and what must never be told of it.
 *
 * @module
 */

import type { Aim, QueryPair } from './plan/aim.ts'
import { credentialNames, exampleCredentials } from './plan/aim.ts'
import { acceptedCredentials, STAND_IN } from './plan/credential.ts'
import type { JobRef } from './plan/job-ref.ts'
import { discoverJobs } from './plan/job-ref.ts'
import type { Secrets } from './secret/mask.ts'
import { SHORTEST_FOUND, secretsIn } from './secret/mask.ts'
import type { Subject } from './subject.ts'
import type { Target } from './target.ts'

/** What is known of a target before it is asked anything. */
export interface Acquaintance {
  readonly jobs?: readonly JobRef[]
  readonly credentials?: Readonly<Record<string, string>>
  /** What the query of every request carries, as {@link credentials} are carried by its headers. */
  readonly query?: readonly QueryPair[]
  readonly otherCredentials?: Readonly<Record<string, string>>
  /** The target takes every credential that the job contract does not rule out. */
  readonly takesAnyCredential?: boolean
  readonly parameters?: Readonly<Record<string, string>>
  readonly seed?: number
  readonly signal?: AbortSignal
}

/** The jobs that were named, be it as the parameters of their ids; else those that the target tells of. */
export async function findJobs(
  { document, contract }: Subject,
  target: Target,
  baseUrl: string,
  { jobs, parameters = {}, signal }: Acquaintance,
): Promise<readonly JobRef[]> {
  if (jobs !== undefined && jobs.length > 0) return jobs
  const names = new Set(Object.values(contract?.operations ?? {}).flatMap(({ job }) => job ?? []))
  const named = [...names].flatMap((name) => parameters[name] ?? [])
  if (named.length > 0) return [...new Set(named)].map((id) => ({ id }))
  return (await discoverJobs(target, new URL(baseUrl).origin, document.id, signal)) ?? []
}

/** How requests are made: with the credentials that were given, the contract's examples, or the jobs'. */
export function createAim(
  judge: Aim['judge'],
  baseUrl: string,
  jobs: readonly JobRef[],
  options: Acquaintance,
): Aim {
  const { subject } = judge
  const examples =
    options.takesAnyCredential === true ? acceptedCredentials(subject) : exampleCredentials(subject)
  const bare = Object.keys(examples.headers).length === 0 && examples.query.length === 0
  const known = bare ? { headers: jobs[0]?.headers ?? {}, query: [] } : examples
  const { credentials: given = {}, query = [] } = options
  const names = credentialNames(subject)
  const told = [...Object.keys(given), ...query.map(([name]) => name)]
  const brought = told.some((name) => names.has(name.toLowerCase()))
  return {
    judge,
    baseUrl,
    ...(brought
      ? { headers: given, query }
      : { headers: { ...known.headers, ...given }, query: [...known.query, ...query] }),
    parameters: options.parameters ?? {},
    seed: options.seed ?? 1,
  }
}

/** The examples of a job contract are public; everything else that opens a door is secret. */
export function secretsOf(
  { judge, headers, query }: Aim,
  jobs: readonly JobRef[],
  options: Acquaintance,
): Secrets {
  const { subject } = judge
  const names = new Set([...credentialNames(subject), ...query.map(([name]) => name.toLowerCase())])
  const given = [
    headers,
    options.credentials ?? {},
    options.otherCredentials ?? {},
    ...jobs.map((job) => job.headers ?? {}),
  ]
  const values = given.flatMap((each) =>
    Object.entries(each).flatMap(([name, value]) => (names.has(name.toLowerCase()) ? secretsIn(value) : [])),
  )
  const examples = Object.values(subject.contract?.credentials ?? {}).map(({ example }) => example)
  const open = new Set([STAND_IN, ...examples])
  const isOpen = (value: string): boolean => secretsIn(value).some((part) => open.has(part))
  const asked = query.map(([, value]) => value).filter((value) => value.length >= SHORTEST_FOUND)
  return { names, values: [...new Set([...values, ...asked])].filter((value) => !isOpen(value)) }
}
