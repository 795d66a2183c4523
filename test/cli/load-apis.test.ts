/**
 * What people wrote, verified before anything is served: each fault is named with its file, its line and how
 * to mend it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import { UsageError } from '../../src/model/usage-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-load-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0

/** Writes files below a new folder and returns its path. */
function written(files: Readonly<Record<string, string>>): string {
  count += 1
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, String(count), name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return join(folder, String(count))
}

const HEAD = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\n"
const PATHS = `paths:
  /jobs/{job}:
    get:
      operationId: rows
      parameters: [{name: job, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties: {list: {type: array, items: {$ref: '#/components/schemas/Row'}}}
`
const row = (id: string): string =>
  `components:\n  schemas:\n    Row: {type: object, properties: {id: ${id}}}\n`
const CONTRACT = `api: own
states: {}
operations:
  rows: {role: results, job: job, rows: {at: /list, id: id}}
`

async function refusalOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const path = join(written(files), name)
  const selection = name === 'specs' ? { names: [], specs: path } : { names: [path], specs: null }
  const error: unknown = await loadApis({ ...selection, needFixtures: true }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message
}

/** Each line holds ten times the one before. */
function bombLines(lines: number): string {
  const line = (at: number): string => `x-${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]\n`
  return Array.from({ length: lines }, (_, at) => line(at)).join('')
}

function nested(text: string): string {
  return '['.repeat(150) + text + ']'.repeat(150)
}

describe('a document', () => {
  it.each([
    ['does not parse', `${HEAD}paths: {a\n`, /a\.yaml:4:\d+: /],
    ['has a key twice', `${HEAD}paths: {}\npaths: {}\n`, /a\.yaml:4:1: /],
    [
      'holds itself by an alias',
      `${HEAD}paths: {}\ncomponents:\n  schemas:\n    A: &a {items: *a}\n`,
      /a\.yaml:6:12: an alias leads back into what it stands in/,
    ],
    [
      'is more than anyone can read by its aliases',
      `${HEAD}paths: {}\nx-0: &a0 [${'1,'.repeat(10)}]\n${bombLines(9)}`,
      /a\.yaml:\d+:\d+: aliases repeat more than 1000000 values/,
    ],
    [
      'nests too deeply by its aliases',
      `${HEAD}paths: {}\nx-0: &a0 ${nested('1')}\nx-1: &a1 ${nested('*a0')}\nx-2: ${nested('*a1')}\n`,
      /a\.yaml:6:156: nests deeper than 400 levels/,
    ],
    ['is no object', '- 1\n', /a\.yaml: expected an object/],
    ['is no OpenAPI', 'swagger: "2.0"\n', /a\.yaml/],
    [
      'has a misspelt method',
      `${HEAD}paths:\n  /a:\n    gte: {}\n`,
      /a\.yaml:4:3: .*unevaluated properties: gte/,
    ],
    [
      'has a reference that leads nowhere',
      `${HEAD}paths:\n  /a:\n    get: {responses: {default: {$ref: '#/components/responses/Gone'}}}\n`,
      /a\.yaml:5:\d+: \$ref #\/components\/responses\/Gone leads nowhere/,
    ],
    [
      'has such a reference under a member called default',
      `${HEAD}paths: {}\n${row('{properties: {default: {$ref: "#/x"}}}')}`,
      /a\.yaml:6:\d+: \$ref #\/x leads nowhere/,
    ],
    [
      'refers to another file',
      `${HEAD}paths: {}\n${row('{$ref: "other.yaml#/a"}')}`,
      /a\.yaml:6:\d+: \$ref other\.yaml#\/a leaves the document/,
    ],
    [
      'has a name in a path that is no parameter',
      `${HEAD}${PATHS.replace('name: job', 'name: jobs')}${row('{}')}`,
      /a\.yaml:5:5: rows has `\{job\}` in its path and no path parameter `job`; did you mean `jobs`\?/,
    ],
    [
      'asks for a security scheme that is nowhere',
      `${HEAD}components: {securitySchemes: {key: {type: http, scheme: bearer}}}\n` +
        'paths:\n  /a:\n    get: {security: [{keey: []}], responses: {default: {description: a}}}\n',
      /a\.yaml:6:\d+: GET \/a asks for the security scheme `keey`, which is nowhere; did you mean `key`/,
    ],
  ])('that %s is refused with its place', async (_, text, message) => {
    expect(await refusalOf('a.yaml', { 'a.yaml': text })).toMatch(message)
  })

  it('may have members of any name, of keywords too', async () => {
    const members = '{properties: {default: {type: string}, example: {$ref: "#/components/schemas/Row"}}}'
    const path = join(written({ 'a.yaml': `${HEAD}paths: {}\n${row(members)}` }), 'a.yaml')
    expect(await loadApis({ names: [path], specs: null, needFixtures: true })).toHaveLength(1)
  })

  it('may use merge keys', async () => {
    const text = `${HEAD}x-a: &a {description: one}\npaths: {/a: {get: {responses: {200: {<<: *a}}}}}\n`
    const path = join(written({ 'a.yaml': text }), 'a.yaml')
    const [api] = await loadApis({ names: [path], specs: null, needFixtures: true })
    expect(JSON.stringify(api?.document.json)).toContain('"200":{"description":"one"}')
  })

  const reference = '{$ref: "nowhere.yaml#/a"}'

  it.each([
    ['a list of values', `{enum: [${reference}]}`],
    ['one value', `{const: ${reference}}`],
    ['examples of values', `{example: {$id: x, $anchor: a}, examples: [{$id: x, $anchor: a}, ${reference}]}`],
    ['a default', `{default: ${reference}}`],
    ['an extension', `{x-a: ${reference}}`],
    ['the name of a member', '{properties: {$ref: {type: string}, $id: {type: string}}}'],
    ['an address of its own', '{$id: "https://a.example/d/s", $ref: t, $defs: {t: {$id: t, type: string}}}'],
    [
      'dynamic anchors of two resources',
      '{$defs: {a: {$id: "a:1", $dynamicAnchor: n}, b: {$id: "a:2", $dynamicAnchor: n}}}',
    ],
  ])('may have what looks like a broken reference in %s', async (_, id) => {
    const path = join(written({ 'a.yaml': `${HEAD}${PATHS}${row(id)}` }), 'a.yaml')
    expect(await loadApis({ names: [path], specs: null, needFixtures: true })).toHaveLength(1)
  })

  it.each([
    ['a schema called default', 'schemas: {default: {$ref: "#/x"}}'],
    ['an example', 'examples: {a: {$ref: "#/x"}}'],
    ['a header', 'headers: {x-a: {schema: {$ref: "#/x"}}}'],
    ['a link', 'links: {default: {$ref: "#/x"}}'],
  ])('is held to the references of %s', async (_, components) => {
    const text = `${HEAD}paths: {}\ncomponents:\n  ${components}\n`
    expect(await refusalOf('a.yaml', { 'a.yaml': text })).toMatch(/a\.yaml:5:\d+: \$ref #\/x leads nowhere/)
  })

  it('names two schemas of one address', async () => {
    const text = `${HEAD}paths: {}\n${row('{$id: "a:1", properties: {b: {$id: "a:1"}}}')}`
    expect(await refusalOf('a.yaml', { 'a.yaml': text })).toMatch(
      /a\.yaml:6:\d+: a:1 is the address of .* too/,
    )
  })

  it('is called after its file, or after its folder, and no two alike', async () => {
    const root = written({ 'My Shop.yaml': `${HEAD}paths: {}\n`, 'pets/openapi.yaml': `${HEAD}paths: {}\n` })
    const names = ['My Shop.yaml', 'pets/openapi.yaml'].map((name) => join(root, name))
    const apis = await loadApis({ names, specs: null, needFixtures: true })
    expect(apis.map(({ id }) => id)).toEqual(['my-shop', 'pets'])
    const same = [...names, join(root, 'My Shop.yaml')]
    await expect(loadApis({ names: same, specs: null, needFixtures: true })).rejects.toThrow(
      /two APIs are called `my-shop`: .*My Shop\.yaml and .*My Shop\.yaml; rename one/,
    )
  })
})

describe('a folder of APIs', () => {
  const document = `${HEAD}${PATHS}`

  it.each([
    ['has no API', { 'specs/readme.md': '' }, /specs holds no API: expected <api>\/openapi\.yaml/],
    [
      'names an operation that is nowhere',
      { 'contracts/own.yaml': CONTRACT.replace('rows: {role', 'rowz: {role') },
      /contracts\/own\.yaml:4:3: the document has no operation `rowz`; did you mean `rows`\?/,
    ],
    [
      'names a parameter that is nowhere',
      { 'contracts/own.yaml': CONTRACT.replace('job: job', 'job: jobb') },
      /contracts\/own\.yaml:4:\d+: .*no parameter of rows `jobb`; did you mean `job`\?/,
    ],
    [
      'has another shape',
      { 'contracts/own.yaml': `${CONTRACT}colour: red\n` },
      /contracts\/own\.yaml:\d+:\d+: .*colour/,
    ],
    [
      'has no fixture',
      { 'contracts/own.yaml': CONTRACT },
      /fixtures\/own\.json is missing; write it with `standin generate own --specs .*specs`/,
    ],
    [
      'has a fixture that is none',
      { 'contracts/own.yaml': CONTRACT, 'fixtures/own.json': '{}' },
      /fixtures\/own\.json is no fixture/,
    ],
    [
      'has a vendor that exports none',
      { 'specs/own/vendor.js': 'export const other = 1\n' },
      /exports no `vendor`/,
    ],
    [
      'has a vendor that answers what is nowhere',
      { 'specs/own/vendor.js': 'export const vendor = { sources: [], answers: { nothing: () => null } }\n' },
      /specs\/own\/vendor\.js: it answers nothing, which the document lacks/,
    ],
  ])('that %s is refused', async (name, files: Readonly<Record<string, string>>, message) => {
    const base =
      name === 'has no API'
        ? {}
        : { 'specs/own/openapi.yaml': `${document}${row('{format: uuid, type: string}')}` }
    expect(await refusalOf('specs', { ...base, ...files })).toMatch(message)
  })

  it('says how its server departs from its document, and is served and judged by either', async () => {
    const wire =
      'document: {paths: {/jobs/{job}: {get: {responses: {200: {description: seen}}}}}}\n' +
      'contract: {refusals: {job_not_found: 400}}\n'
    const specs = join(
      written({
        'specs/own/openapi.yaml': `${document}${row('{format: uuid, type: string}')}`,
        'specs/own/wire.yaml': wire.replace('/jobs/{job}', "'/jobs/{job}'").replace('200', "'200'"),
        'contracts/own.yaml': CONTRACT,
      }),
      'specs',
    )
    const load = (profile?: 'spec' | 'wire') =>
      loadApis({ names: [], specs, needFixtures: false, ...(profile === undefined ? {} : { profile }) })
    const [[said], [seen]] = [await load(), await load('wire')]
    const described = (api: typeof said) => api?.document.operations[0]?.responses.get('200')?.content.length
    expect([said?.profile, said?.contract?.refusals, described(said)]).toEqual(['spec', {}, 1])
    expect([seen?.profile, seen?.contract?.refusals]).toEqual(['wire', { job_not_found: 400 }])
    expect(JSON.stringify(seen?.document.json)).toContain('"description":"seen"')
    expect(seen?.files.source).toBe(said?.files.source)
  })

  it.each([
    [
      'contract: {operations: {rows: {job: jobb}}}',
      /with .*wire\.yaml merged in: .*no parameter of rows `jobb`/,
    ],
    ['documents: {}', /wire\.yaml: `documents` is neither `document` nor `contract`/],
  ])('that departs into what is not sound is refused: %s', async (wire, message) => {
    const files = {
      'specs/own/openapi.yaml': `${document}${row('{format: uuid, type: string}')}`,
      'specs/own/wire.yaml': wire,
      'contracts/own.yaml': CONTRACT,
    }
    expect(await refusalOf('specs', files)).toMatch(message)
  })

  it.each([
    [
      '{type: integer}',
      /contracts\/own\.yaml:4:\d+: `id` must be integer; without a column of a vendor\.js it is a UUID/,
    ],
    ['{type: string, pattern: "^row-"}', /`id` must match pattern/],
  ])('whose rows cannot have the ids they would get is refused: %s', async (id, message) => {
    const files = { 'specs/own/openapi.yaml': `${document}${row(id)}`, 'contracts/own.yaml': CONTRACT }
    expect(await refusalOf('specs', files)).toMatch(message)
  })

  it('whose rows have no such member is refused', async () => {
    const contract = CONTRACT.replace('id: id', 'id: idd')
    const files = { 'specs/own/openapi.yaml': `${document}${row('{}')}`, 'contracts/own.yaml': contract }
    expect(await refusalOf('specs', files)).toMatch(/`idd` is no member of a row; did you mean `id`\?/)
  })
})
