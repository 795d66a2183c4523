/**
 * Writing the manifest: every document and job contract is read and verified. The build calls it.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readApiFolder } from './api-files.ts'
import { MANIFEST } from './manifest.ts'
import { verifyApi } from './verify-api.ts'

/**
 * Verifies every API of a folder and writes the manifest.
 *
 * @returns The ids of the APIs.
 * @throws {@link UsageError} when a document or job contract is not sound.
 */
export async function writeManifest(root: string): Promise<readonly string[]> {
  const apis = await readApiFolder(root)
  for (const api of apis) await verifyApi(api)
  const entries = apis.map(({ root: _, ...entry }) => entry)
  await writeFile(join(root, MANIFEST), `${JSON.stringify(entries)}\n`)
  return apis.map(({ id }) => id)
}
