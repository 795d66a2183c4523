/**
 * Where this package lies: in a clone beside its sources, or installed with what the build wrote.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's own folder. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

/** Is this the compiled program? It cannot import TypeScript, and has the manifest that the build wrote. */
export const isCompiled: boolean = !import.meta.url.endsWith('.ts')

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'specs'))) return folder
    if (folder === dirname(folder)) return from
  }
}
