/**
 * What is said of a document that its metaschema refuses: one line for each fault, of the branch that was
 * meant, with its place.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readApiFile } from '../../src/cli/api-files.ts'
import { verifyApi } from '../../src/cli/verify-api.ts'
import { UsageError } from '../../src/model/usage-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function linesOf(text: string): Promise<readonly string[]> {
  const path = join(folder, 'a.yaml')
  writeFileSync(path, text)
  const error: unknown = await readApiFile(path, folder)
    .then(verifyApi)
    .then(
      () => null,
      (thrown: unknown) => thrown,
    )
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message.split('\n')
}

const head = (version: string): string => `openapi: ${version}\ninfo: {title: a, version: '1'}\n`
const schema = (text: string): string => `paths: {}\ncomponents:\n  schemas:\n    A: ${text}\n`
const parameter = (text: string): string =>
  `paths:\n  /a:\n    parameters: [${text}]\n    get: {responses: {default: {description: a}}}\n`
const scheme = (text: string): string => `paths: {}\ncomponents:\n  securitySchemes:\n    A: ${text}\n`

describe('a document that its metaschema refuses', () => {
  it.each([
    ['3.0.3', schema('{type: string, const: a}'), 'A must NOT have additional properties: const'],
    ['3.0.3', schema('{type: integer, exclusiveMinimum: 0}'), 'A/exclusiveMinimum must be boolean'],
    [
      '3.0.3',
      schema('{type: strng}'),
      'A/type must be "array", "boolean", "integer", "number", "object" or "string", is "strng"',
    ],
    ['3.0.3', schema('{properties: {a: {exclusiveMinimum: 0}}}'), 'A/properties/a/exclusiveMinimum must be'],
    ['3.0.3', schema('{$ref: 5}'), 'A/$ref must be string'],
    [
      '3.0.3',
      parameter('{name: a, in: pth, schema: {}}'),
      '0/in must be "path", "query", "header" or "cookie", is "pth"',
    ],
    ['3.0.3', parameter('{name: a, in: path, schema: {}}'), '0 must have `required`'],
    [
      '3.0.3',
      parameter('{name: a, in: path, required: false, schema: {}}'),
      '0/required must be true, is false',
    ],
    ['3.0.3', scheme('{type: http}'), 'A must have `scheme`'],
    ['3.1.0', parameter('{name: a, in: query}'), '0 must have `schema` or `content`'],
    ['3.1.0', 'paths: {/a: {get: {responses: {200: {}}}}}\n', '/200 must have `description`'],
    ['3.2.0', '', 'the document must have `paths`, `components` or `webhooks`'],
  ])('%s: %s', async (version, text, ...parts) => {
    const lines = await linesOf(head(version) + text)
    expect(lines).toHaveLength(1)
    for (const part of parts) expect(lines[0]).toContain(part)
    expect(lines[0]).toMatch(/^a\.yaml:\d+:\d+: /)
  })
})

describe('a document that nobody reads', () => {
  it.each([
    [head('3.3.0'), 'a.yaml:1:1: `openapi` is 3.3.0; 3.0, 3.1 and 3.2 are understood'],
    [head('3.1'), 'a.yaml:1:1: `openapi` must be a text such as "3.1.0", is 3.1'],
    ['info: {}\n', 'a.yaml:1:1: `openapi` is missing'],
  ])('says which are read: %s', async (text, line) => {
    expect((await linesOf(`${text}paths: {}\n`))[0]).toContain(line)
  })

  it('has an operationId twice, and both places are named', async () => {
    const operation = '{get: {operationId: a, responses: {default: {description: a}}}}'
    const text = `${head('3.1.0')}paths:\n  /a: ${operation}\n  /b: ${operation}\n`
    expect(await linesOf(text)).toEqual(['a.yaml:5:8: operationId a stands twice; first at a.yaml:4:8'])
  })
})
