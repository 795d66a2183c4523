/**
 * Which folder of `src/` may import which: the table of the design, held to the letter. A folder that the
 * table does not name may stand nowhere, so a new one is a decision and not an accident.
 *
 * @module
 */
import type { Rule, Tree, Violation } from './rule.ts'
import { inEach } from './rule.ts'
import { importsOf } from './source.ts'

/** For each folder, the other folders of `src/` that it may import; types count as values do. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  openapi: ['model'],
  'job-contract': ['model', 'openapi'],
  random: ['model'],
  values: ['model', 'openapi', 'random'],
  vendor: ['model', 'openapi', 'job-contract', 'random'],
  fixture: ['model'],
  generator: ['model', 'openapi', 'job-contract', 'random', 'vendor', 'fixture', 'values'],
  world: ['model', 'job-contract', 'random', 'vendor', 'fixture'],
  server: ['model', 'openapi', 'job-contract', 'vendor', 'fixture', 'values', 'world'],
  control: ['model', 'openapi', 'world', 'server'],
  contract: ['model', 'openapi', 'job-contract', 'random'],
}

/** These tie the rest together, and may import anything in `src/`. */
const FREE = new Set(['cli', 'cli.ts', 'index.ts', 'vitest.ts'])

const STRAY = `stands in no folder of the import table: ${Object.keys(MAY_IMPORT).join(', ')}, cli`

/** `src/world/clock.ts` is of `world`, `src/cli.ts` of `cli.ts`. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

const checkTable = inEach(/^src\/.*\.ts$/, (path, text): Violation[] => {
  const folder = folderOf(path)
  if (FREE.has(folder)) return []
  const allowed = MAY_IMPORT[folder]
  if (allowed === undefined) {
    return [{ path, line: 1, message: STRAY }]
  }

  const may = `${folder} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}`
  return importsOf(path, text).flatMap(({ target, line }) => {
    if (target === null || !target.startsWith('src/')) return []
    const other = folderOf(target)
    if (other === folder || allowed.includes(other)) return []
    return [{ path, line, message: `imports ${target}: ${may}` }]
  })
})

const WORLD = 'world may import model, job-contract, random, vendor, fixture'
const CONTRACT = 'contract may import model, openapi, job-contract, random'

const importTable: Rule = {
  says: 'a folder of src/ imports only the folders that the table allows it',
  check: checkTable,
  planted: [
    {
      files: {
        'src/world/x.ts': "import { a } from '../model/a.ts'\n\nimport { y } from '../server/y.ts'\n",
        'src/world/deep/z.ts': "export { c } from '../../control/c.ts'\nimport '../clock.ts'\n",
        'src/model/a.ts': "import type { Y } from '../server/y.ts'\ntype Z = import('../random/z.ts').Z\n",
        'src/contract/run.ts': "const run = await import('../../src/vendor/vendor.ts')\n",
        'src/values/v.ts': "import { createStandin } from 'standin'\nimport { cli } from '../cli.ts'\n",
        'src/cli/serve.ts': "import '../server/y.ts'\nimport '../contract/run.ts'\n",
        'src/index.ts': "export * from './cli/serve.ts'\n",
      },
      reports: [
        `src/contract/run.ts:1 imports src/vendor/vendor.ts: ${CONTRACT}`,
        'src/model/a.ts:1 imports src/server/y.ts: model may import nothing',
        'src/model/a.ts:2 imports src/random/z.ts: model may import nothing',
        'src/values/v.ts:1 imports src/index.ts: values may import model, openapi, random',
        'src/values/v.ts:2 imports src/cli.ts: values may import model, openapi, random',
        `src/world/deep/z.ts:1 imports src/control/c.ts: ${WORLD}`,
        `src/world/x.ts:3 imports src/server/y.ts: ${WORLD}`,
      ],
    },
    {
      files: { 'src/stray.ts': '', 'src/plumbing/pipe.ts': '' },
      reports: [`src/plumbing/pipe.ts:1 ${STRAY}`, `src/stray.ts:1 ${STRAY}`],
    },
  ],
}

/** The import graph of the files in `src/`; targets that are no file are left to the compiler. */
function toGraph(files: Tree): Map<string, { target: string; line: number }[]> {
  const graph = new Map<string, { target: string; line: number }[]>()
  for (const path of [...files.keys()].filter((name) => /^src\/.*\.ts$/.test(name)).sort()) {
    const edges = importsOf(path, files.get(path) ?? '').flatMap(({ target, line }) =>
      target?.startsWith('src/') && files.has(target) ? [{ target, line }] : [],
    )
    graph.set(path, edges)
  }
  return graph
}

/** Reports each import that leads back to a file on the way to it. */
function checkCycles(files: Tree): Violation[] {
  const graph = toGraph(files)
  const violations: Violation[] = []
  const done = new Set<string>()

  const follow = (path: string, way: readonly string[]): void => {
    if (done.has(path)) return
    for (const { target, line } of graph.get(path) ?? []) {
      const start = [...way, path].indexOf(target)
      if (start < 0) {
        follow(target, [...way, path])
        continue
      }
      const cycle = [...way, path].slice(start).concat(target).join(' -> ')
      violations.push({ path, line, message: `closes an import cycle: ${cycle}` })
    }
    done.add(path)
  }

  for (const path of graph.keys()) follow(path, [])
  return violations
}

const CYCLE = 'src/model/c.ts -> src/world/a.ts -> src/world/b.ts -> src/model/c.ts'

const noCycles: Rule = {
  says: 'no import cycle joins files of src/',
  check: checkCycles,
  planted: [
    {
      files: {
        'src/world/a.ts': "import { b } from './b.ts'\nimport { d } from './d.ts'\n",
        'src/world/b.ts': "import { d } from './d.ts'\nimport { c } from '../model/c.ts'\n",
        'src/world/d.ts': '',
        'src/model/c.ts': "\nimport type { A } from '../world/a.ts'\n",
        'src/model/self.ts': "export * from './self.ts'\n",
      },
      reports: [
        `src/world/b.ts:2 closes an import cycle: ${CYCLE}`,
        'src/model/self.ts:1 closes an import cycle: src/model/self.ts -> src/model/self.ts',
      ],
    },
  ],
}

/** Rules about the arrows between the files of `src/`. */
export const importRules: readonly Rule[] = [importTable, noCycles]
