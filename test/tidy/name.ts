/**
 * Names and places: what files and folders are called, which words `src/` may not say, and where tests stand.
 *
 * @module
 */
import type { Rule, Tree, Violation } from './rule.ts'
import { inEach } from './rule.ts'

/** Folders that say nothing of what is in them. */
const SAYS_NOTHING = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'lib', 'types'])

const tellingFolders: Rule = {
  says: 'no folder is named utils, helpers, common, lib or types',
  check: (files) => {
    const found = new Map<string, string>()
    for (const path of [...files.keys()].sort()) {
      const folders = path.split('/').slice(0, -1)
      const at = folders.findIndex((folder) => SAYS_NOTHING.has(folder))
      const folder = folders.slice(0, at + 1).join('/')
      if (at >= 0 && !found.has(folder)) found.set(folder, path)
    }
    return [...found].map(([folder, path]) => {
      return { path, line: 1, message: `stands in ${folder}/: name a folder after what it holds` }
    })
  },
  planted: [
    {
      files: {
        'src/utils/a.ts': '',
        'src/utils/b.ts': '',
        'test/world/lib/c.ts': '',
        'src/model/types.ts': '',
      },
      reports: [
        'src/utils/a.ts:1 stands in src/utils/: name a folder after what it holds',
        'test/world/lib/c.ts:1 stands in test/world/lib/: name a folder after what it holds',
      ],
    },
  ],
}

/** `job-contract.schema.json`; a page for people, such as README.md, shouts. */
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
const PAGE = /^[A-Z]+\.md$/

const kebabCase: Rule = {
  says: 'files and folders are named in kebab-case',
  check: inEach(/^(src|specs|contracts|fixtures|test|bench|examples)\//, (path): Violation[] => {
    const parts = path.split('/')
    const wrong = parts.find((part) => !KEBAB_CASE.test(part) && !PAGE.test(part))
    return wrong === undefined ? [] : [{ path, line: 1, message: `${wrong} is not in kebab-case` }]
  }),
  planted: [
    {
      files: {
        'src/server/findJob.ts': '',
        'src/JobContract/reader.ts': '',
        'test/find_job.test.ts': '',
        'specs/acme/README.md': '',
        'specs/acme/golden/page-1.json': '',
        'contracts/job-contract.schema.json': '',
      },
      reports: [
        'src/JobContract/reader.ts:1 JobContract is not in kebab-case',
        'src/server/findJob.ts:1 findJob.ts is not in kebab-case',
        'test/find_job.test.ts:1 find_job.test.ts is not in kebab-case',
      ],
    },
  ],
}

/** The five that the project began with; the folders of `specs/` join them. */
const KNOWN_VENDORS = ['deepset', 'talonic', 'skop', 'llama-stack', 'scale-dex']

/** Finds a vendor's name however it is joined: llama-stack, llama_stack, LlamaStack. */
function toPattern(vendor: string): RegExp {
  const words = vendor.split(/[-_.]/).map((word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&'))
  return new RegExp(words.join('[-_. ]?'), 'iu')
}

function checkVendorNames(files: Tree): Violation[] {
  const found = [...files.keys()].flatMap((path) => /^specs\/([^/]+)\//.exec(path)?.[1] ?? [])
  const vendors = [...new Set([...KNOWN_VENDORS, ...found])].map((name) => [name, toPattern(name)] as const)

  return inEach(/^src\//, (path, text) =>
    vendors.flatMap(([vendor, pattern]): Violation[] => {
      const message = `names ${vendor}: src/ names no vendor, in code or comment`
      const lines = text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []))
      if (pattern.test(path) && lines.length === 0) lines.push(1)
      return lines.map((line) => ({ path, line, message }))
    }),
  )(files)
}

const namesNoVendor: Rule = {
  says: 'src/ names no vendor',
  check: checkVendorNames,
  planted: [
    {
      files: {
        'specs/acme-jobs/openapi.yaml': 'openapi: 3.1.0',
        'specs/README.md': 'acme and deepset',
        'src/server/a.ts': "// as Deepset does\nif (id === 'talonic') renderLlamaStack()\n",
        'src/vendor/skop.ts': 'export {}\n',
        'src/cli/b.ts': 'const ACME_JOBS = 1\nconst scaledex = 2\n',
        'src/cli/quiet.ts': '// the README of specs/, a llama, a stack\n',
        'test/a.test.ts': "it('serves deepset')",
      },
      reports: [
        'src/cli/b.ts:2 names scale-dex: src/ names no vendor, in code or comment',
        'src/cli/b.ts:1 names acme-jobs: src/ names no vendor, in code or comment',
        'src/server/a.ts:1 names deepset: src/ names no vendor, in code or comment',
        'src/server/a.ts:2 names talonic: src/ names no vendor, in code or comment',
        'src/server/a.ts:2 names llama-stack: src/ names no vendor, in code or comment',
        'src/vendor/skop.ts:1 names skop: src/ names no vendor, in code or comment',
      ],
    },
  ],
}

const testsMirror: Rule = {
  says: 'a folder of tests mirrors a folder of src/, or examples/',
  check: (files) => {
    const folders = new Set([...files.keys()].flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []))
    return inEach(/^test\/[^/]+\/.*\.test\.ts$/, (path): Violation[] => {
      const folder = path.split('/')[1] ?? ''
      if (folders.has(folder) || folder === 'examples') return []
      return [{ path, line: 1, message: `mirrors nothing: there is no folder src/${folder}/` }]
    })(files)
  },
  planted: [
    {
      files: {
        'src/world/clock.ts': '',
        'src/cli.ts': '',
        'test/world/clock.test.ts': '',
        'test/wolrd/clock.test.ts': '',
        'test/cli.ts/x.test.ts': '',
        'test/tidy/rule.ts': '',
        'test/examples/page.test.ts': '',
        'test/readme.test.ts': '',
      },
      reports: [
        'test/cli.ts/x.test.ts:1 mirrors nothing: there is no folder src/cli.ts/',
        'test/wolrd/clock.test.ts:1 mirrors nothing: there is no folder src/wolrd/',
      ],
    },
  ],
}

/** Rules about names and places. */
export const nameRules: readonly Rule[] = [tellingFolders, kebabCase, namesNoVendor, testsMirror]
