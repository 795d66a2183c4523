import { readdirSync, readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { LAW_KINDS } from '../../src/job-contract/law.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { listAt, objectAt } from '../../src/model/json.ts'
import { REFUSALS } from '../../src/model/refusal.ts'

const FOLDER = new URL('../../contracts/', import.meta.url)
const schema = JSON.parse(readFileSync(new URL('job-contract.schema.json', FOLDER), 'utf8')) as JsonObject
const ajv = new Ajv2020.default({ allErrors: true, strict: false, validateFormats: false })
const validate = ajv.compile(schema)

const CONTRACTS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))

function issuesOf(text: string): readonly string[] {
  validate(load(text))
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

function withLaw(law: string): string {
  const rest = 'operations: { read: { role: status } }'
  return `api: acme\n${rest}\nlaws:\n  - { law: it holds, on: [read], ${law} }\n`
}

describe('the schema of job contracts', () => {
  it.each(CONTRACTS)('accepts %s', (name) => {
    expect(issuesOf(readFileSync(new URL(name, FOLDER), 'utf8'))).toEqual([])
  })

  it('knows every state, refusal and kind of law that the program knows', () => {
    const properties = objectAt(schema, 'properties')
    const names = (at: string): string[] => Object.keys(objectAt(objectAt(properties, at), 'properties'))
    expect(names('states')).toEqual([...JOB_STATES])
    expect(names('refusals').sort()).toEqual(Object.keys(REFUSALS).sort())
    const law = objectAt(objectAt(schema, '$defs'), 'law')
    expect(listAt(law, 'oneOf').flatMap((branch) => listAt(branch, 'required'))).toEqual([...LAW_KINDS])
  })

  it.each([
    ['a misspelt member', 'api: acme\noperations: {}\nsates: {}\n'],
    ['a role that is none', 'api: acme\noperations: { read: { role: result } }\n'],
    ['a pointer that is none', 'api: acme\noperations: { read: { role: status, id: job_id } }\n'],
    [
      'a status that is no refusal',
      'api: acme\noperations: { read: { role: status } }\nrefusals: { forbidden: 200 }\n',
    ],
    ['a law without a kind', withLaw('each: /a')],
    ['a law of two kinds', withLaw('equals: [/a, 1], iff: [/a, 1]')],
    ['bounds without a bound', withLaw('within: { value: /a }')],
    ['a tolerance without equality', withLaw('iff: [/a, /b], tolerance: 1')],
    ['weights of nothing', withLaw('equals: [{ median: /a/*, weights: /b/* }, 1]')],
    ['a choice of nothing', withLaw('equals: [/a, 1], when: { /b: {} }')],
    ['a computation of two kinds', withLaw('equals: [{ count: /a, sum: [1] }, 1]')],
  ])('refuses %s', (_, text) => {
    expect(issuesOf(text)).not.toEqual([])
  })

  it.each([
    'equals: [/a, { sum: [/b/*/c, 1] }]',
    'equals: [/a, { round: [{ ratio: [/b, /c] }, 2] }], tolerance: 0.01',
    "equals: [/a, '']",
    'iff: [/a, { count: /b }], when: { /c: [x, null] }',
    'within: { value: /a/*, from: 0, to: { product: [/b, 2] } }',
    'ordered: { values: /a/*, strictly: true }',
    'subset: [/a/*, /b/*]',
    'subset: [{ values: /a/*, not: [null] }, { names: /b }], when: { /b: { not: [null] } }',
    'equals: [/a, { mean: /b/*/c, weights: /b/*/w }]',
    'equals: [/a, { median: /b/* }]',
    'within: { value: { sum: [/a/*] }, to: 3 }',
    "matches: { value: /a, pattern: '^{/b}$' }, each: /rows/*",
  ])('accepts a law with %s', (law) => {
    expect(issuesOf(withLaw(law))).toEqual([])
  })
})
