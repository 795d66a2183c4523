/**
 * Imports that may never be, each with its reason. The table of `import-table.ts` forbids some of them too;
 * these stand whatever the table comes to say.
 *
 * @module
 */
import type { Plant, Rule, Violation } from './rule.ts'
import { inEach } from './rule.ts'
import { CODE, importsOf } from './source.ts'

const OUTSIDE_CLI = /^src\/(?!cli\/|cli\.ts$).*\.ts$/

/** A rule that no file of `from` imports a target of `to`; the plant's reports leave the reason out. */
function never(says: string, from: RegExp, to: RegExp, because: string, plant: Plant): Rule {
  const check = inEach(from, (path, text) =>
    importsOf(path, text).flatMap(({ target, line }): Violation[] =>
      target !== null && to.test(target) ? [{ path, line, message: `imports ${target}: ${because}` }] : [],
    ),
  )
  const reports = plant.reports.map((report) => `${report}: ${because}`)
  return { says, check, planted: [{ files: plant.files, reports }] }
}

const servesWithoutFaker = never(
  'server, world and values import neither faker nor the judge',
  /^src\/(server|world|values)\/.*\.ts$/,
  /^(@faker-js\/faker|src\/contract\/.*)$/,
  'what serves draws from fixtures, and is judged by strangers',
  {
    files: {
      'src/server/a.ts': "import { faker } from '@faker-js/faker/locale/en'\n",
      'src/values/b.ts': "import type { Finding } from '../contract/finding.ts'\n",
      'src/world/c.ts': "import { Job } from '../job-contract/job.ts'\n",
    },
    reports: [
      'src/server/a.ts:1 imports @faker-js/faker',
      'src/values/b.ts:1 imports src/contract/finding.ts',
    ],
  },
)

const oneFaker = never(
  'only src/generator imports faker',
  /^src\/(?!generator\/).*\.ts$/,
  /^@faker-js\/faker$/,
  'only src/generator/ may',
  {
    files: {
      'src/cli/generate.ts': "\nconst { Faker } = await import('@faker-js/faker')\n",
      'src/generator/faker.ts': "import { Faker } from '@faker-js/faker'\n",
    },
    reports: ['src/cli/generate.ts:2 imports @faker-js/faker'],
  },
)

const judgeApart = never(
  'the judge imports nothing of what it judges',
  /^src\/contract\/.*\.ts$/,
  /^src\/(server|world|vendor|values|generator)\//,
  'the judge shares no code with the judged beyond reading documents',
  {
    files: {
      'src/contract/a.ts': "import type { V } from '../vendor/vendor.ts'\nimport '../openapi/document.ts'\n",
    },
    reports: ['src/contract/a.ts:1 imports src/vendor/vendor.ts'],
  },
)

const noVendorFiles = never(
  'src/ imports nothing from the folders beside it',
  /^src\/.*\.ts$/,
  /^(specs|contracts|fixtures|test|bench|examples)\//,
  'the build finds these and writes a manifest',
  {
    files: {
      'src/cli/manifest.ts': "import { vendor } from '../../specs/acme/vendor.ts'\n",
      'src/vendor/x.ts': "\n\nimport schema from '../../contracts/job-contract.schema.json'\n",
    },
    reports: [
      'src/cli/manifest.ts:1 imports specs/acme/vendor.ts',
      'src/vendor/x.ts:3 imports contracts/job-contract.schema.json',
    ],
  },
)

const runsAnywhere = never(
  'nothing of Node is imported outside src/cli',
  OUTSIDE_CLI,
  /^(node:.*|@hono\/node-server|ioredis|redis)$/,
  'the app runs wherever fetch does; disk and sockets are the business of src/cli/',
  {
    files: {
      'src/openapi/a.ts': "import { readFile } from 'node:fs/promises'\nimport { join } from 'path'\n",
      'src/server/b.ts': "import type { Server } from '@hono/node-server'\nimport { Hono } from 'hono'\n",
      'src/cli.ts': "import { argv } from 'node:process'\n",
      'src/cli/serve.ts': "import 'fs'\n",
      'src/client.ts': "import 'node:os'\n",
    },
    reports: [
      'src/client.ts:1 imports node:os',
      'src/openapi/a.ts:1 imports node:fs/promises',
      'src/openapi/a.ts:2 imports node:path',
      'src/server/b.ts:1 imports @hono/node-server',
    ],
  },
)

const noPeerCode = never(
  'nothing imports @stoplight',
  CODE,
  /(^|\/)@stoplight\//,
  'Prism runs as a child process, as a second opinion',
  {
    files: {
      'contracts/prism.contract.ts': "import { createInstance } from '@stoplight/prism-http'\n",
      'build.mjs': "import '../node_modules/@stoplight/prism-cli/dist/index.js'\n",
      'test/x.test.ts': "const command = 'node_modules/@stoplight/prism-cli/dist/index.js'\n",
    },
    reports: [
      'build.mjs:1 imports ../node_modules/@stoplight/prism-cli/dist/index.js',
      'contracts/prism.contract.ts:1 imports @stoplight/prism-http',
    ],
  },
)

const noComputedImport: Rule = {
  says: 'imports outside src/cli are plain: neither computed nor by alias',
  check: inEach(OUTSIDE_CLI, (path, text) =>
    importsOf(path, text).flatMap(({ target, line }): Violation[] => {
      if (target === null) return [{ path, line, message: 'imports a computed path: no rule could judge it' }]
      if (!/^[#/]/.test(target)) return []
      return [{ path, line, message: `imports ${target}: src/ imports its own files by relative path` }]
    }),
  ),
  planted: [
    {
      files: {
        'src/server/a.ts': "const load = (name: string) => import(name)\nimport '#world'\n",
        'src/cli/specs.ts': 'const load = (name: string) => import(name)\n',
      },
      reports: [
        'src/server/a.ts:1 imports a computed path: no rule could judge it',
        'src/server/a.ts:2 imports #world: src/ imports its own files by relative path',
      ],
    },
  ],
}

const vendorTypesOnly: Rule = {
  says: 'a vendor imports types from src/ and nothing else',
  check: inEach(/^specs\/[^/]+\/vendor\.ts$/, (path, text) =>
    importsOf(path, text).flatMap(({ target, line, typeOnly }): Violation[] => {
      const name = target ?? 'a computed path'
      if (!name.startsWith('src/')) {
        return [{ path, line, message: `imports ${name}: a vendor imports types of src/ alone` }]
      }
      if (typeOnly) return []
      return [{ path, line, message: `imports ${name} as a value: a vendor is handed its values` }]
    }),
  ),
  planted: [
    {
      files: {
        'specs/acme/vendor.ts': [
          "import type { Vendor } from '../../src/vendor/vendor.ts'",
          "import { round } from '../../src/model/round.ts'",
          "import { type Job } from '../../src/model/job.ts'",
          "import type { Column } from '../other/vendor.ts'",
          "import { createHash } from 'node:crypto'",
        ].join('\n'),
        'specs/acme/vendor.test.ts': "import { expect } from 'vitest'\n",
      },
      reports: [
        'specs/acme/vendor.ts:2 imports src/model/round.ts as a value: a vendor is handed its values',
        'specs/acme/vendor.ts:3 imports src/model/job.ts as a value: a vendor is handed its values',
        'specs/acme/vendor.ts:4 imports specs/other/vendor.ts: a vendor imports types of src/ alone',
        'specs/acme/vendor.ts:5 imports node:crypto: a vendor imports types of src/ alone',
      ],
    },
  ],
}

/** Rules about imports that may never be. */
export const arrowRules: readonly Rule[] = [
  servesWithoutFaker,
  oneFaker,
  judgeApart,
  noVendorFiles,
  runsAnywhere,
  noPeerCode,
  noComputedImport,
  vendorTypesOnly,
]
