/**
 * Methods that a path does not document, and HEAD beside GET. What could change something is sent only where
 * writes are allowed, and to no job that other requests ask for where there is another.
 *
 * @module
 */

import type { Operation } from '../../openapi/operation.ts'
import { encodePart } from '../exchange.ts'
import { contractOf } from '../subject.ts'
import { matchTemplate } from '../view.ts'
import { aimAt, pathFor, requiredQuery, unknownScope } from './aim.ts'
import type { Case } from './case.ts'
import type { JobRef } from './job-ref.ts'
import { callJob, mainJob, parametersOf } from './job-ref.ts'
import type { Scope } from './scope.ts'
import { unsendable } from './scope.ts'

const WRITES = ['PUT', 'POST', 'DELETE', 'PATCH'] as const
/** A method that nobody has: servers may refuse it before they look where it goes. */
const MADE_UP = 'STANDIN'

/** For each path of the document: a request with each method that it lacks. */
export function methodCases(scope: Scope): readonly Case[] {
  const { operations } = scope.aim.judge.subject.document
  return [...new Set(operations.map(({ path }) => path))].flatMap((path) => {
    const own = operations.filter((operation) => operation.path === path)
    const [first] = own
    return first === undefined ? [] : strayCases(scope, own.find(({ method }) => method === 'GET') ?? first)
  })
}

function strayCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim, allowWrites } = scope
  const path = strayPath(scope, operation)
  if (path === null) return []
  const fitting = methodsAt(scope, operation, path)
  const { operations } = aim.judge.subject.document
  const methods = operations.filter((each) => each.path === operation.path).map(({ method }) => method)
  const others = fitting.filter((method) => !methods.includes(method))
  const asked = ['GET', ...(allowWrites ? [...WRITES, MADE_UP] : [])].filter(
    (method) => !fitting.includes(method),
  )
  const shot = { operation, path }
  const refused = asked.map((method) => {
    const statuses = method === MADE_UP ? [400, 405, 501] : [405]
    return aimAt(aim, {
      ...shot,
      stray: method,
      purpose: `${method}, which is not documented`,
      expects: { kind: 'unsupported', methods, others, statuses },
    })
  })
  if (fitting.includes('OPTIONS')) return refused
  const expects = { kind: 'unsupported', methods, others, statuses: [] } as const
  return [...refused, aimAt(aim, { ...shot, stray: 'OPTIONS', purpose: 'which methods there are', expects })]
}

/** Where the resource is: a job that is known, or a path that needs none; null where nothing is known. */
function strayPath({ aim, jobs }: Scope, operation: Operation): Readonly<Record<string, string>> | null {
  const { subject } = aim.judge
  const job = spareJob(jobs)
  const named = contractOf(subject, operation.id)?.job ?? null
  if (unknownScope(aim, operation, job) !== null || (named !== null && job === null)) return null
  const given = { ...aim.parameters, ...(job === null ? {} : parametersOf(subject.document, job)) }
  const missing = operation.parameters.some(
    ({ in: place, name }) => place === 'path' && name !== named && given[name] === undefined,
  )
  return missing ? null : pathFor(aim, operation, job)
}

/** A job that other requests do not depend on; the main one only where it is alone. */
function spareJob(jobs: readonly JobRef[]): JobRef | null {
  const main = mainJob(jobs)
  const others = jobs.filter((job) => job !== main)
  return others.find(({ name }) => name === 'one-row') ?? others.at(-1) ?? main
}

/** The documented methods of every template that a path fits. */
function methodsAt(
  { aim }: Scope,
  operation: Operation,
  path: Readonly<Record<string, string>>,
): readonly string[] {
  const filled = operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => encodePart(path[name] ?? ''))
  const segments = filled.split('/').length
  const fitting = aim.judge.subject.document.operations.filter(
    (each) => each.path.split('/').length === segments && matchTemplate(each.path, filled) !== null,
  )
  return [...new Set(fitting.map(({ method }) => method))]
}

/** A GET and the HEAD of the same, to be held beside each other. */
export type HeadPair = readonly [Case, Case]

/** For each GET that can succeed, itself and its HEAD. */
export function headPairs({ aim, jobs }: Scope): readonly HeadPair[] {
  const { subject } = aim.judge
  const { operations } = subject.document
  const job = jobs.find(({ name }) => name === 'one-row') ?? mainJob(jobs)
  return operations.flatMap((operation): HeadPair[] => {
    const { method, path } = operation
    if (unsendable(operation) !== null) return []
    if (method !== 'GET' || operations.some((each) => each.path === path && each.method === 'HEAD')) return []
    const named = contractOf(subject, operation.id)?.job ?? null
    if (unknownScope(aim, operation, job) !== null || (named !== null && job === null)) return []
    const shot = {
      operation,
      path: pathFor(aim, operation, job),
      query: requiredQuery(aim, operation),
      expects: { kind: 'documented' },
    } as const
    const who = named === null || job === null ? '' : `${callJob(job)}: `
    return [
      [
        aimAt(aim, { ...shot, purpose: `${who}GET beside HEAD` }),
        aimAt(aim, { ...shot, stray: 'HEAD', purpose: `${who}HEAD beside GET` }),
      ],
    ]
  })
}
