import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createValidator } from '../../src/openapi/validator.ts'
import { TRAPS } from './trap.ts'

const SCHEMA = '/paths/~1a~1{id}/get/responses/200/content/application~1json/schema'

function documentOf(version: string, schema: Json, schemas: Json = {}): JsonObject {
  const content = { 'application/json': { schema } }
  return {
    openapi: version,
    info: { title: 'traps', version: '1' },
    paths: { '/a/{id}': { get: { responses: { '200': { description: 'a', content } } } } },
    components: { schemas },
  }
}

function validatorOf(version: string, schema: Json, schemas?: Json): (value: Json) => readonly string[] {
  const validator = createValidator(
    createDocument('traps', 'traps.yaml', documentOf(version, schema, schemas)),
  )
  return (value) => validator.check(SCHEMA, value).map(({ keyword }) => keyword)
}

const CASES = TRAPS.flatMap((trap) =>
  trap.dialects.flatMap((dialect) => [
    ...(trap.good ?? []).map((value) => ({ ...trap, dialect, value, right: true })),
    ...(trap.bad ?? []).map((value) => ({ ...trap, dialect, value, right: false })),
  ]),
)

describe('public traps', () => {
  it.each(
    CASES.map(
      (each) => [`${each.dialect} ${each.name} ${String(JSON.stringify(each.value))}`, each] as const,
    ),
  )('%s', (_, { dialect, schema, components, value, right }) => {
    const check = validatorOf(dialect === '3.0' ? '3.0.3' : '3.1.0', schema, components)
    if (right) expect(check(value)).toEqual([])
    else expect(check(value)).not.toEqual([])
  })
})

describe('the validator', () => {
  it('names the keyword in the document that was broken, behind references too', () => {
    const schemas = { Row: { type: 'object', properties: { size: { type: 'integer', maximum: 3 } } } }
    const json = documentOf('3.1.0', { type: 'array', items: { $ref: '#/components/schemas/Row' } }, schemas)
    const validator = createValidator(createDocument('a', 'a.yaml', json))
    expect(validator.check(SCHEMA, [{ size: 1 }, { size: 4 }])).toMatchObject([
      { at: '/1/size', keyword: 'maximum', schema: '/components/schemas/Row/properties/size/maximum' },
    ])
  })

  it('tells of as many issues as it is asked for', () => {
    const validator = createValidator(
      createDocument('a', 'a.yaml', documentOf('3.1.0', { items: { type: 'null' } })),
    )
    const value = Array.from({ length: 80 }, () => 1)
    expect(validator.check(SCHEMA, value)).toHaveLength(50)
    expect(validator.check(SCHEMA, value, 70)).toHaveLength(70)
    expect(validator.check(SCHEMA, value, 1)).toHaveLength(1)
  })

  it('judges a part on its own as it does inside of a page that admits anything', () => {
    const row = { type: 'object', required: ['size'] }
    const page = { type: 'array', items: { anyOf: [{ $ref: '#/components/schemas/Row' }, {}] } }
    const validator = createValidator(createDocument('a', 'a.yaml', documentOf('3.1.0', page, { Row: row })))
    // Often enough that ajv has taken over.
    for (let time = 0; time < 20; time += 1) {
      const [good, bad] = [{ size: 1 }, { name: 'a' }]
      expect(validator.check(SCHEMA, [good, bad])).toEqual([])
      expect(validator.check('/components/schemas/Row', good)).toEqual([])
      expect(validator.check('/components/schemas/Row', bad)).toMatchObject([{ keyword: 'required' }])
    }
  })

  it.each([
    ['a type that is none', { type: 'strnig' }],
    ['a pattern that does not compile', { type: 'string', pattern: '^(?i)abc$' }],
  ])('throws on %s, and lets no answer pass in its place', (_, schema) => {
    expect(() => validatorOf('3.1.0', schema)('a')).toThrow(UsageError)
    expect(() => validatorOf('3.1.0', schema)('a')).toThrow(
      /traps\.yaml: the schema at \/paths.* does not compile/,
    )
  })

  it('compiles only the schemas that it is asked for', () => {
    const json = documentOf('3.1.0', { type: 'integer' }, { Broken: { type: 'strnig' } })
    expect(createValidator(createDocument('a', 'a.yaml', json)).check(SCHEMA, 1)).toEqual([])
  })

  it('leaves the document as it was', () => {
    const json = documentOf('3.0.3', { type: 'number', nullable: true, minimum: 0, exclusiveMinimum: true })
    const before = JSON.stringify(json)
    createValidator(createDocument('a', 'a.yaml', json)).check(SCHEMA, 1)
    expect(JSON.stringify(json)).toBe(before)
  })
})
