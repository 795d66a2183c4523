/**
 * The rules of the house, enforced. Each rule of `tidy/` is first shown to bite on what was planted for it,
 * then held against the real tree.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ambientRules } from './tidy/ambient.ts'
import { arrowRules } from './tidy/arrow.ts'
import { importRules, MAY_IMPORT } from './tidy/import-table.ts'
import { nameRules } from './tidy/name.ts'
import { packageRules } from './tidy/package.ts'
import { toText } from './tidy/rule.ts'
import { sizeRules } from './tidy/size.ts'
import { syntaxRules } from './tidy/syntax.ts'
import { readTree } from './tidy/tree.ts'

const RULES = [
  ...importRules,
  ...arrowRules,
  ...ambientRules,
  ...nameRules,
  ...sizeRules,
  ...syntaxRules,
  ...packageRules,
]

const tree = readTree(fileURLToPath(new URL('..', import.meta.url)))

describe.each(RULES.map((rule) => [rule.says, rule] as const))('%s', (_, { check, planted }) => {
  it('is reported where it was broken on purpose', () => {
    for (const { files, reports } of planted) {
      expect(check(new Map(Object.entries(files))).map(toText)).toEqual(reports)
    }
    expect(planted.flatMap(({ reports }) => reports)).not.toEqual([])
  })

  it('holds in this repository', () => {
    expect(check(tree).map(toText)).toEqual([])
  })
})

describe('the tree that is judged', () => {
  it('holds every folder of the import table, so that no rule passes for want of files', () => {
    const present = new Set([...tree.keys()].map((path) => path.split('/').slice(0, 2).join('/')))
    const folders = [...Object.keys(MAY_IMPORT), 'cli'].map((folder) => `src/${folder}`)
    expect(folders.filter((folder) => !present.has(folder))).toEqual([])
  })

  it('holds the package, its lock and the hidden files', () => {
    const named = ['package.json', 'package-lock.json', 'README.md', '.npmrc', '.ci/run']
    expect(named.filter((path) => !tree.has(path))).toEqual([])
  })
})
