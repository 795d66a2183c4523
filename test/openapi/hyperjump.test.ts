/**
 * Random schemas and values, judged by the house, with and without ajv, and by a second reader of JSON
 * Schema. STANDIN_SEED draws others.
 *
 * @module
 */
import { registerSchema, unregisterSchema, validate } from '@hyperjump/json-schema/draft-2020-12'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { Library } from '../../src/openapi/schema/resource.ts'
import { SchemaJudge } from '../../src/openapi/schema/schema-judge.ts'

const SEED = Number(process.env['STANDIN_SEED'] ?? 5)
const RUNS = 300
const TIME_LIMIT_MS = 8000

const name = fc.constantFrom('a', 'b', 'c', 'toString')
const scalar = fc.constantFrom<Json>(null, true, false, 0, 1, 2, 0.5, '', 'a', 'ab', 'b')
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    scalar,
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value

const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const
const count = fc.constantFrom(0, 1, 2)
const ANCHORS = ['x', 'y'] as const

/** `if` and `then`, perhaps `else`. */
function conditional(parts: readonly Json[]): Json {
  return Object.fromEntries(parts.map((part, at) => [['if', 'then', 'else'][at] ?? '', part]))
}

/** Every keyword, each with a value that it may have; a schema has a few of them. */
const schema = fc.letrec<{ schema: Json; object: Json; schemas: Json; named: Json }>((tie) => ({
  schema: fc.oneof({ maxDepth: 4, depthSize: 'small' }, fc.boolean(), tie('object')),
  schemas: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<Json>,
  named: fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
  object: fc
    .array(
      fc.oneof(
        fc.record({
          type: fc.oneof(
            fc.constantFrom(...TYPES),
            fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1 }),
          ),
        }),
        fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
        fc.record({ const: value }),
        fc.record({ minimum: count }),
        fc.record({ exclusiveMaximum: count }),
        fc.record({ multipleOf: fc.constantFrom(0.5, 1, 2) }),
        fc.record({ minLength: count }),
        fc.record({ maxLength: count }),
        fc.record({ pattern: fc.constantFrom('^a', 'b$', '^(a|b)*$') }),
        fc.record({ minItems: count }),
        fc.record({ maxItems: count }),
        fc.record({ uniqueItems: fc.boolean() }),
        fc.record({ contains: tie('schema') }),
        fc.record({ contains: tie('schema'), minContains: count }),
        fc.record({ contains: tie('schema'), maxContains: count }),
        fc.record({ prefixItems: tie('schemas') }),
        fc.record({ items: tie('schema') }),
        fc.record({ minProperties: count }),
        fc.record({ required: fc.uniqueArray(name, { maxLength: 2 }) }),
        fc.record({
          dependentRequired: fc.dictionary(name, fc.uniqueArray(name), { maxKeys: 2, noNullPrototype: true }),
        }),
        fc.record({ properties: tie('named') }),
        fc.record({
          patternProperties: fc.dictionary(fc.constantFrom('^a', 'S'), tie('schema'), {
            maxKeys: 2,
            noNullPrototype: true,
          }),
        }),
        fc.record({ additionalProperties: tie('schema') }),
        fc.record({ propertyNames: tie('schema') }),
        fc.record({ dependentSchemas: tie('named') }),
        fc.record({ allOf: tie('schemas') }),
        fc.record({ anyOf: tie('schemas') }),
        fc.record({ oneOf: tie('schemas') }),
        fc.record({ not: tie('schema') }),
        fc.tuple(tie('schema'), tie('schema'), tie('schema')).map(conditional),
        fc.tuple(tie('schema'), tie('schema')).map(conditional),
        fc.record({ unevaluatedItems: tie('schema') }),
        fc.record({ unevaluatedProperties: tie('schema') }),
        // A member or an item down, so that no schema applies itself to one value for ever.
        fc.record({ properties: fc.record({ a: fc.constantFrom({ $ref: '#' }, { $ref: '#/$defs/one' }) }) }),
        fc.record({ items: fc.constantFrom(...ANCHORS.map((anchor) => ({ $dynamicRef: `#${anchor}` }))) }),
        fc.record({
          properties: fc.record({ b: fc.constantFrom({ $ref: 'inner' }, { $dynamicRef: 'inner#x' }) }),
        }),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts): Json => Object.assign({}, ...parts) as Json),
}))

const whole = fc
  .record({
    root: schema.object,
    one: schema.schema,
    x: schema.object,
    y: schema.object,
    inner: schema.object,
  })
  .map(({ root, one, x, y, inner }): Json => {
    const innerX = { ...(x as object), $dynamicAnchor: 'x' } as Json
    return {
      ...(root as object),
      $defs: {
        one,
        x: { ...(inner as object), $dynamicAnchor: 'x' },
        y: { ...(y as object), $anchor: 'y' },
        inner: { ...(inner as object), $id: 'inner', $defs: { one, x: innerX, y: { $anchor: 'y' } } },
      },
    } as Json
  })

let drawn = 0

async function secondOpinion(json: Json, data: Json): Promise<boolean> {
  drawn += 1
  const address = `https://hyperjump.invalid/${drawn}/schema`
  const dialect = 'https://json-schema.org/draft/2020-12/schema'
  registerSchema({ ...(json as object), $schema: dialect } as never, address)
  try {
    return (await validate(address, data as never)).valid
  } finally {
    unregisterSchema(address)
  }
}

function houseVerdict(json: Json, data: Json, ajv: boolean): boolean {
  const address = 'https://hyperjump.invalid/0/schema'
  const library = new Library({ address, json, kind: 'schema', dialect: '2020-12' })
  const judge = new SchemaJudge(library, { heirsOf: () => [] }, { ajv, cold: 0 })
  expect(judge.faults('')).toEqual([])
  return judge.judge('', data, { limit: 5, meant: ajv, direction: null }).length === 0
}

describe('the validator and @hyperjump/json-schema', () => {
  it('agree on random schemas and values', async () => {
    const seen = { right: 0, wrong: 0 }
    const property = fc.asyncProperty(
      whole,
      fc.array(value, { minLength: 3, maxLength: 3 }),
      async (json, all) => {
        for (const data of all) {
          const verdict = await secondOpinion(json, data)
          seen[verdict ? 'right' : 'wrong'] += 1
          expect([houseVerdict(json, data, false), houseVerdict(json, data, true)]).toEqual([
            verdict,
            verdict,
          ])
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: TIME_LIMIT_MS })
    // Both verdicts were there, each many times.
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(50)
  }, 60_000)
})
