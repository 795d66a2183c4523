/**
 * Watching the files that APIs are read from: what changes is loaded again, and what does not load leaves
 * everything as it is.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { packageRoot } from './root.ts'

/** Editors write a file in several steps; these are taken for one change. */
const SETTLE_MS = 100

/** What is watched, and what is done with it. */
export interface Watching {
  readonly paths: readonly string[]
  /** Loads everything anew; throws where it cannot be served. */
  readonly reload: () => Promise<void>
  /** Told of each attempt: null when it went well, else what is wrong. */
  readonly report: (problem: string | null) => void
}

/** Where the APIs come from: the folders that hold them, or single files. */
export function watchedPaths(names: readonly string[], specs: string | null): readonly string[] {
  const files = names.filter((name) => /\.(?:ya?ml|json)$/.test(name)).map((name) => resolve(name))
  const root = specs === null ? packageRoot : dirname(resolve(specs))
  const folders = [specs === null ? join(packageRoot, 'specs') : resolve(specs)]
  const beside = ['contracts', 'fixtures'].map((folder) => join(root, folder))
  const known = files.length > 0 && files.length === names.length ? [] : [...folders, ...beside]
  return [...files, ...known].filter((path) => existsSync(path))
}

/** Watches until it is closed. */
export async function watchFiles({ paths, reload, report }: Watching): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar')
  // A file is watched by its folder: it may be taken away for a while, or be another one.
  const folders = paths.filter((path) => statSync(path).isDirectory())
  const files = new Set(paths.filter((path) => !folders.includes(path)))
  const parents = new Set([...files].map((file) => dirname(file)))
  const isOurs = (path: string): boolean =>
    files.has(path) || parents.has(path) || folders.some((folder) => `${path}/`.startsWith(`${folder}/`))
  const watcher = watch([...folders, ...parents], { ignoreInitial: true, ignored: (path) => !isOurs(path) })
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function attempt(): Promise<void> {
    try {
      await reload()
      report(null)
    } catch (error) {
      // Whatever it is, a file that is half saved ends no server.
      report(error instanceof Error ? error.message : String(error))
    }
  }

  watcher.on('error', (error) => report(`files cannot be watched: ${String(error)}`))
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(attempt)
    }, SETTLE_MS)
  })
  await new Promise<void>((ready) => {
    watcher.once('ready', ready)
  })
  return async () => {
    clearTimeout(timer)
    await watcher.close()
    await running
  }
}
