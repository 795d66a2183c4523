/**
 * The official suite of JSON Schema 2020-12, its required part and its formats, as Debian packages it in
 * libtest-json-schema-acceptance-perl; another copy is found by JSON_SCHEMA_TEST_SUITE. Where it is absent
 * the test says so, and fails in CI.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json } from '../src/model/json.ts'
import { Library } from '../src/openapi/schema/resource.ts'
import type { JudgeOptions } from '../src/openapi/schema/schema-judge.ts'
import { SchemaJudge } from '../src/openapi/schema/schema-judge.ts'

const DEBIAN = '/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance'
const SUITE = process.env['JSON_SCHEMA_TEST_SUITE'] ?? DEBIAN
const TESTS = join(SUITE, 'tests', 'draft2020-12')
const isHere = existsSync(TESTS)

/** What is judged otherwise than the suite says, with the reason. Empty: nothing is. */
const DEVIATIONS: Readonly<Record<string, string>> = {}

interface Group {
  readonly description: string
  readonly schema: Json
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[]
}

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json
}

/** The documents that the suite's schemas lead to, and the metaschemas as ajv ships them. */
function remotes(): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>()
  const root = join(SUITE, 'remotes')
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue
    const file = join(entry.parentPath, entry.name)
    found.set(`http://localhost:1234${file.slice(root.length)}`, readJson(file))
  }
  const base = createRequire(import.meta.url).resolve('ajv/dist/refs/json-schema-2020-12/schema.json')
  const names = readdirSync(join(base, '..', 'meta')).map((name) => `meta/${name}`)
  for (const name of ['schema.json', ...names]) {
    const address = `https://json-schema.org/draft/2020-12/${name.replace(/\.json$/, '')}`
    found.set(address, readJson(join(base, '..', name)))
  }
  return found
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
}

interface Outcome {
  readonly total: number
  readonly wrong: readonly string[]
}

function run(folder: string, options: JudgeOptions, skip = ''): Outcome {
  const others = remotes()
  const wrong: string[] = []
  let total = 0
  for (const file of filesIn(folder).filter((name) => name !== skip)) {
    for (const { description, schema, tests } of readJson(join(folder, file)) as unknown as Group[]) {
      const library = new Library(
        { address: 'https://suite.invalid/schema', json: schema, kind: 'schema', dialect: '2020-12' },
        others,
      )
      const judge = new SchemaJudge(library, { heirsOf: () => [] }, options)
      for (const test of tests) {
        total += 1
        const name = `${file}: ${description}: ${test.description}`
        const faults = judge.faults('')
        const manner = { limit: 10, meant: false, direction: null }
        const right = faults.length === 0 && judge.judge('', test.data, manner).length === 0
        if (right !== test.valid || faults.length > 0) {
          wrong.push(faults[0] === undefined ? name : `${name} (${faults[0].message})`)
        }
      }
    }
  }
  return { total, wrong }
}

function report(part: string, { total, wrong }: Outcome): void {
  process.stdout.write(`JSON-Schema-Test-Suite 2020-12, ${part}: ${total - wrong.length} of ${total}\n`)
}

describe('the JSON Schema test suite, draft 2020-12', () => {
  it('is here, in CI at least', () => {
    if (!isHere) process.stdout.write(`the JSON Schema test suite is not at ${SUITE}: nothing was run\n`)
    if (process.env['CI'] !== undefined) expect(isHere).toBe(true)
  })

  it.runIf(isHere)('agrees on everything that is required', () => {
    const outcome = run(TESTS, { formats: false, ajv: false })
    report('required', outcome)
    expect(outcome.total).toBeGreaterThan(1100)
    expect(outcome.wrong).toEqual(Object.keys(DEVIATIONS))
  })

  it.runIf(isHere)('agrees on it where ajv judges first; format.json wants formats to be remarks', () => {
    const outcome = run(TESTS, { cold: 0 }, 'format.json')
    report('required, with ajv', outcome)
    expect(outcome.wrong).toEqual(Object.keys(DEVIATIONS))
  })

  it.runIf(isHere)('agrees on every format', () => {
    const outcome = run(join(TESTS, 'optional', 'format'), { formats: true, ajv: false })
    report('formats', outcome)
    expect(outcome.total).toBeGreaterThan(400)
    expect(outcome.wrong).toEqual([])
  })
})
