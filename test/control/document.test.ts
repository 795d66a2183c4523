import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, describe, expect, it } from 'vitest'
import { createControlDocument } from '../../src/control/document.ts'
import { createParts } from '../../src/control/parts.ts'
import type { Document } from '../../src/openapi/document.ts'
import { createValidator } from '../../src/openapi/validator.ts'

const parts = createParts('1.0.0', () => document)
const document: Document = createControlDocument(parts, '1.0.0', false)

const folder = mkdtempSync(join(tmpdir(), 'standin-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a linter of the project on the document. */
async function lint(command: string, ...rest: readonly string[]): Promise<unknown> {
  const file = join(folder, 'openapi.json')
  writeFileSync(file, JSON.stringify(document.json))
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  return promisify(execFile)(join('node_modules', '.bin', command), ['lint', file, ...rest], { env }).then(
    () => 'content',
    (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
  )
}

describe('the document of the control API', () => {
  it('keeps the metaschema', async () => {
    expect(await new Validator().validate(structuredClone(document.json))).toMatchObject({ valid: true })
  })

  it('pleases the linters of the project', async () => {
    const results = await Promise.all([
      lint('redocly', '--config', 'redocly.yaml'),
      lint('spectral', '--ruleset', '.spectral.yaml', '--fail-severity', 'warn', '--quiet'),
    ])
    expect(results).toEqual(['content', 'content'])
  })

  it('documents what is handled, and nothing else', () => {
    const handled = parts.flatMap(({ handlers }) => Object.keys(handlers))
    expect(document.operations.map(({ id }) => id).sort()).toEqual([...handled].sort())
    expect(new Set(handled).size).toBe(handled.length)
    const others = parts.flatMap(({ bodyLimits, complaints }) =>
      Object.keys({ ...bodyLimits, ...complaints }),
    )
    expect(others.filter((id) => !handled.includes(id))).toEqual([])
  })

  it('gives an example that is right for each body and each answer', () => {
    const validator = createValidator(document)
    for (const { id, body, responses } of document.operations) {
      const media = [body, ...responses.values()].flatMap((part) => part?.content ?? [])
      for (const { type, schema, examples } of media) {
        if (type === 'text/html' || schema === null) continue
        expect([id, type, examples.size]).toEqual([id, type, 1])
        for (const example of examples.values())
          expect([id, validator.check(schema, example)]).toEqual([id, []])
      }
    }
  })

  it('says of every refusal that it is a problem', () => {
    for (const { id, responses } of document.operations) {
      const refusals = [...responses].filter(([status]) => !status.startsWith('2'))
      expect([id, refusals.map(([, { content }]) => content.map(({ type }) => type).join())]).toEqual([
        id,
        refusals.map(() => 'application/problem+json'),
      ])
    }
  })

  it('asks for a token where one is set, and never for health', () => {
    const guarded = createControlDocument(parts, '1.0.0', true)
    for (const { id, security } of guarded.operations) {
      expect([id, security]).toEqual([id, id === 'getHealth' ? [] : [{ controlToken: [] }]])
    }
    expect(document.operations[0]?.security).toEqual([{ controlToken: [] }, {}])
  })

  it('takes no two parts that describe one thing', () => {
    const [first] = parts
    if (first === undefined) throw new Error('there are parts')
    expect(() => createControlDocument([...parts, first], '1', false)).toThrow(
      'two parts of the control API describe /',
    )
  })
})
