/**
 * What the judge is handed: APIs as subjects, and the targets that they are judged at.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Subject } from '../contract/subject.ts'
import type { Target } from '../contract/target.ts'
import { UsageError } from '../model/usage-error.ts'
import { createLocator } from '../openapi/locate.ts'
import { realEnvironment } from './environment.ts'
import type { LoadedApi } from './load-apis.ts'
import { assemble, DEFAULT_OPTIONS } from './standin.ts'
import { readTarget } from './target-url.ts'

/** An API as the judge knows it; its document's text is read for the lines of findings. */
export async function subjectOf({ document, contract, files }: LoadedApi): Promise<Subject> {
  const text = await readFile(join(files.root, files.file), 'utf8')
  return { document, contract, locate: createLocator(text), file: files.file }
}

/** Where the mock answers in process; nothing is resolved or connected to. */
const IN_PROCESS = 'http://standin'

/** The mock of these APIs, in this process. */
export async function inProcessTarget(apis: readonly LoadedApi[]): Promise<Target> {
  const { app } = await assemble(apis, DEFAULT_OPTIONS, realEnvironment)
  return async (request) => app.fetch(request)
}

/**
 * The mock of these APIs, made once, as it was at its beginning each time it is asked for: what runs before
 * have made is gone, and what they had drawn need not be drawn again.
 */
export async function renewedTarget(apis: readonly LoadedApi[]): Promise<() => Promise<Target>> {
  const target = await inProcessTarget(apis)
  return async () => {
    const answer = await target(new Request(`${IN_PROCESS}/_standin/reset`, { method: 'POST' }))
    if (!answer.ok) throw new Error(`the mock cannot be reset: ${answer.status}`)
    return target
  }
}

/**
 * The base URL of an API at a target. A target that is a standin has its APIs under mounts, so its origin is
 * enough; for others the URL is what comes before the document's paths.
 *
 * @param several - More than one API is judged: then the target must be a standin.
 * @throws {@link UsageError} when the URL is none, or one that cannot serve several APIs.
 */
export async function targetBase(
  { id, document }: LoadedApi,
  remote: string | null,
  target: Target,
  several: boolean,
): Promise<string> {
  const base = document.basePaths[0] ?? ''
  if (remote === null) return `${IN_PROCESS}/${id}${base}`
  const url = readTarget(remote)
  if (url.pathname === '/' && (await isStandin(target, url.origin, id))) return `${url.origin}/${id}${base}`
  if (several) throw new UsageError('name one API: this target is no standin that serves several')
  return remote.replace(/\/+$/, '')
}

async function isStandin(target: Target, origin: string, id: string): Promise<boolean> {
  try {
    const response = await target(new Request(`${origin}/_standin/apis`))
    const body = (await response.json()) as { readonly apis?: readonly { readonly id?: string }[] }
    return response.ok && body.apis?.some((api) => api.id === id) === true
  } catch {
    return false
  }
}
