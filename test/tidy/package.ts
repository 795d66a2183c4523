/**
 * The repository as a package: exact versions, a lock without addresses, no path of one machine.
 *
 * @module
 */
import type { Rule, Violation } from './rule.ts'
import { inEach } from './rule.ts'

/** A version, or a version of a package that is installed under another name. */
const EXACT = /^(?:npm:[\w@./-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?$/
const INSTALLED = ['dependencies', 'devDependencies', 'optionalDependencies']

/** The line a text first stands on, from 1. */
function lineWith(text: string, part: string): number {
  return text.slice(0, Math.max(text.indexOf(part), 0)).split('\n').length
}

const exactVersions: Rule = {
  says: 'package.json pins every installed package to an exact version',
  check: inEach(/^package\.json$/, (path, text) => {
    const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    return INSTALLED.flatMap((group) => Object.entries(manifest[group] ?? {})).flatMap(
      ([name, version]): Violation[] => {
        if (EXACT.test(version)) return []
        const line = lineWith(text, `"${name}": "${version}"`)
        return [{ path, line, message: `asks for ${name} ${version}: pin an exact version` }]
      },
    )
  }),
  planted: [
    {
      files: {
        'package.json': JSON.stringify(
          {
            dependencies: { hono: '4.13.19', ajv: '^8.20.0' },
            devDependencies: {
              vitest: 'latest',
              knip: '6.42.1-beta.1',
              old: 'npm:hono@3.0.0',
              new: 'npm:hono',
            },
            peerDependencies: { ioredis: '>=6' },
          },
          null,
          2,
        ),
      },
      reports: [
        'package.json:4 asks for ajv ^8.20.0: pin an exact version',
        'package.json:7 asks for vitest latest: pin an exact version',
        'package.json:10 asks for new npm:hono: pin an exact version',
      ],
    },
  ],
}

const lockWithoutAddresses: Rule = {
  says: 'package-lock.json holds no addresses of a registry',
  check: inEach(/^package-lock\.json$/, (path, text): Violation[] => {
    if (!text.includes('"resolved"')) return []
    const mend = 'npm install --package-lock-only, with the .npmrc of this folder, leaves them out'
    return [{ path, line: lineWith(text, '"resolved"'), message: `holds "resolved" addresses: ${mend}` }]
  }),
  planted: [
    {
      files: { 'package-lock.json': '{\n  "a": { "resolved": "https://registry.test/a.tgz" }\n}\n' },
      reports: [
        'package-lock.json:2 holds "resolved" addresses: ' +
          'npm install --package-lock-only, with the .npmrc of this folder, leaves them out',
      ],
    },
  ],
}

/** A path that starts at one machine's root; the same words further down a path or an address are free. */
const MACHINE_PATH = /(?<![\w.~})#-])\/(?:home|root|work)\/(?=[\w.])/

const noMachinePath: Rule = {
  says: 'no file holds an absolute path of one machine',
  check: inEach(/^/, (path, text) =>
    text.split('\n').flatMap((line, index): Violation[] => {
      const found = MACHINE_PATH.exec(line)
      if (found === null) return []
      return [{ path, line: index + 1, message: `holds a path of one machine: ${found[0]}…` }]
    }),
  ),
  planted: [
    {
      // Joined, so that this file holds none itself.
      files: {
        'README.md': `Run it.\n\n    cd ${['', 'home', 'ada', 'standin'].join('/')}\n`,
        '.ci/run': `#!/usr/bin/env bash\nsource '${['', 'root', '.profile'].join('/')}'\n`,
        'src/model/a.ts': `// file:${['', '', '', 'work', 'main'].join('/')}\n`,
        'specs/acme/openapi.yaml': `url: https://acme.test${['', 'work', 'items'].join('/')}\n`,
      },
      reports: [
        `.ci/run:2 holds a path of one machine: ${['', 'root', ''].join('/')}…`,
        `README.md:3 holds a path of one machine: ${['', 'home', ''].join('/')}…`,
        `src/model/a.ts:1 holds a path of one machine: ${['', 'work', ''].join('/')}…`,
      ],
    },
  ],
}

/** Rules about the repository as a package. */
export const packageRules: readonly Rule[] = [exactVersions, lockWithoutAddresses, noMachinePath]
