/**
 * A step of GitHub Actions as the environment tells of it: where the repository is and where a summary goes.
 *
 * @module
 */
import { appendFile, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** GitHub takes no longer summary of a step, and drops one that is. */
const SUMMARY_LIMIT_BYTES = 1024 * 1024

/** Does the program run in a workflow of GitHub? */
export function isGithub(environment: Environment): boolean {
  return environment['GITHUB_ACTIONS'] === 'true'
}

/** Names files as the repository does, with forward slashes; a file outside of it keeps its own name. */
export function pathInRepository(environment: Environment, root: string, file: string): string {
  const workspace = environment['GITHUB_WORKSPACE'] ?? process.cwd()
  const path = relative(workspace, resolve(root, file))
  return (path.startsWith('..') ? file : path).split(sep).join('/')
}

/** How many bytes the summary of the step still takes, and where it is; null where there is none. */
export async function summaryOfStep(
  environment: Environment,
): Promise<{ readonly file: string; readonly room: number } | null> {
  const file = environment['GITHUB_STEP_SUMMARY'] ?? ''
  if (file === '') return null
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  return { file, room: Math.max(0, SUMMARY_LIMIT_BYTES - size) }
}

/** Appends to the summary of the step. */
export async function appendSummary(file: string, text: string): Promise<void> {
  await appendFile(file, text)
}
