/**
 * The manifest: what the build found in `specs/` and `contracts/`, verified and parsed, so that the compiled
 * program starts without reading YAML.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../model/usage-error.ts'
import type { ApiFiles } from './api-files.ts'
import { packageRoot } from './root.ts'

/** Where the manifest lies in the package. */
export const MANIFEST: string = join('dist', 'manifest.json')

/** Reads the manifest of this package. */
export async function readManifest(): Promise<readonly ApiFiles[]> {
  const text = await readFile(join(packageRoot, MANIFEST), 'utf8').catch(() => {
    throw new UsageError('the build is not complete; run `npm run build`')
  })
  const entries = JSON.parse(text) as readonly Omit<ApiFiles, 'root'>[]
  return entries.map((entry) => ({ ...entry, root: packageRoot }))
}
