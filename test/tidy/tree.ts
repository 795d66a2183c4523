/**
 * Reads the repository's text files for the tidy rules. It judges nothing.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tree } from './rule.ts'

/** What is installed, built or reported, and so nobody's to keep tidy. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'coverage', 'report'])
const SKIPPED_FILE = /\.(tgz|log)$/

/** Reads every text file under a folder; what holds a NUL byte is no text. */
export function readTree(root: string): Tree {
  const files = new Map<string, string>()

  const readFolder = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) readFolder(path)
      if (!entry.isFile() || SKIPPED_FILE.test(path)) continue
      const text = readFileSync(join(root, path), 'utf8')
      if (!text.includes('\0')) files.set(path, text)
    }
  }

  readFolder('')
  return files
}
