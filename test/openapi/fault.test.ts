import { describe, expect, it } from 'vitest'
import { createJudge, verifySchemas } from '../../src/contract/subject.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { adviceOn } from '../../src/openapi/advice.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createLocator } from '../../src/openapi/locate.ts'
import { documentWith, SCHEMA, validatorWith } from './judged.ts'

describe('a schema that is none', () => {
  it.each<readonly [Json, string, RegExp]>([
    [{ type: 'strnig' }, '/type', /there is no type "strnig"/],
    [{ type: [] }, '/type', /names no type/],
    [{ pattern: '^(?i)abc$' }, '/pattern', /is no pattern/],
    [{ patternProperties: { '[': true } }, '/patternProperties', /is no pattern/],
    [{ minLength: -1 }, '/minLength', /whole number from 0, is -1/],
    [{ minLength: '3' }, '/minLength', /is "3"/],
    [{ maximum: '3' }, '/maximum', /must be a number/],
    [{ multipleOf: 0 }, '/multipleOf', /above 0/],
    [{ enum: 'a' }, '/enum', /must be a list/],
    [{ required: 'a' }, '/required', /list of names/],
    [{ required: true }, '/required', /list of names/],
    [{ anyOf: [] }, '/anyOf', /at least one schema/],
    [{ allOf: {} }, '/allOf', /at least one schema/],
    [{ properties: [] }, '/properties', /an object that holds schemas/],
    [{ items: 'x' }, '/items', /a schema is an object, true or false/],
    [{ properties: { a: null } }, '/properties/a', /a schema is an object, true or false/],
    [{ properties: { a: { items: { format: 3 } } } }, '/properties/a/items/format', /must be a text/],
    [{ uniqueItems: 'yes' }, '/uniqueItems', /true or false/],
    [{ $ref: 3 }, '/$ref', /must be a text/],
    [{ discriminator: {} }, '/discriminator', /needs `propertyName`/],
  ])('%j is told of where it stands', (schema, at, message) => {
    const validator = validatorWith('3.1.0', schema)
    const faults = validator.faults(SCHEMA)
    expect(faults.map(({ pointer }) => pointer)).toContain(SCHEMA + at)
    expect(faults.map((fault) => fault.message).join()).toMatch(message)
    expect(() => validator.check(SCHEMA, 'x')).toThrow(message)
  })

  it('is listed with all others, those of requests included, with their lines', () => {
    const content = (schema: Json): JsonObject => ({ 'application/json': { schema } })
    const json: JsonObject = {
      openapi: '3.1.0',
      info: { title: 'a', version: '1' },
      paths: {
        '/a': {
          post: {
            parameters: [{ name: 'q', in: 'query', schema: { minimum: 'x' } }],
            requestBody: { content: content({ type: 'strnig' }) },
            responses: { '200': { description: 'a', content: content({ items: { pattern: '[' } }) } },
          },
        },
      },
    }
    const document = createDocument('a', 'a.yaml', json)
    const locate = createLocator(JSON.stringify(json, null, 2))
    const judge = createJudge({ document, contract: null, locate, file: 'a.yaml' })
    let message = ''
    try {
      verifySchemas(judge)
    } catch (error) {
      message = String(error)
    }
    expect(message.split('\n').map((line) => line.replace(/: `.*/, ''))).toEqual([
      'UsageError: a.yaml:15:16',
      'a.yaml:23:18',
      'a.yaml:35:22',
    ])
  })
})

describe('advice', () => {
  const adviceFor = (version: string, schema: Json): readonly string[] =>
    adviceOn(createDocument('a', 'a.yaml', documentWith(version, schema))).map(
      ({ pointer, message }) => `${pointer.slice(SCHEMA.length)} ${message}`,
    )

  it.each<readonly [string, Json, readonly string[]]>([
    [
      '3.1.0',
      { properties: { a: { minimun: 1 } } },
      ['/properties/a/minimun `minimun` is no keyword of schemas; did you mean `minimum`?'],
    ],
    ['3.1.0', { properties: { minimun: {}, nullable: {} }, 'x-requird': 1, colour: 'red' }, []],
    [
      '3.1.0',
      { type: 'string', nullable: true },
      ['/nullable `nullable` says nothing since OpenAPI 3.1; add "null" to `type`'],
    ],
    ['3.0.3', { nullable: true }, ['/nullable `nullable` says nothing without `type`']],
    ['3.1.0', { enum: [{ requird: 1 }], example: { minimun: 1 } }, []],
    ['3.1.0', { pattern: '^a\\_b$' }, [expect.stringContaining('has no Unicode mode') as unknown as string]],
  ])('in %s on %j', (version, schema, advice) => {
    expect(adviceFor(version, schema)).toEqual(advice)
  })
})
