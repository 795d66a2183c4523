/**
 * Bodies that are asked to be refused: provably wrong, one violation each, at any depth.
 */
import { describe, expect, it } from 'vitest'
import { brokenBodies } from '../../src/contract/plan/body.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Operation } from '../../src/openapi/operation.ts'
import { judgeOf, sentBy } from './planned.ts'

function bodiesOf(
  schema: Json,
  schemas: JsonObject = {},
  media: JsonObject = {},
): readonly { keyword: string; text: string | null; fault: string }[] {
  const subject = sentBy(schema, schemas, media)
  const operation = subject.document.operations[0] as Operation
  return brokenBodies(judgeOf(subject), operation).map(({ pointer, text, fault }) => ({
    keyword: pointer.split('/').slice(-2).join('/'),
    text,
    fault,
  }))
}

const ORDER = {
  type: 'object',
  required: ['name', 'lines'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', readOnly: true },
    name: { type: 'string', minLength: 2 },
    note: { type: ['string', 'null'], maxLength: 3 },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z]{3}$' },
          count: { type: 'integer', minimum: 1 },
        },
      },
    },
  },
} as const

describe('a body', () => {
  it('is broken at each node, also within lists and members that no example has', () => {
    const faults = bodiesOf(ORDER, {}, { example: { name: 'tea', lines: [{ sku: 'ABC' }] } }).map(
      ({ fault }) => fault,
    )
    expect(faults).toEqual(
      expect.arrayContaining([
        'the required body is missing',
        'the body is of a media type that is not documented',
        'the body is no JSON',
        'the body lacks the required member name',
        'the body lacks the required member lines/0/sku',
        expect.stringMatching(/^the body's member standin_unknown is .*not documented$/),
        expect.stringMatching(/^the body's member name is "t", shorter than 2$/),
        expect.stringMatching(/^the body's member note is .*longer than 3$/),
        expect.stringMatching(/^the body's member lines is \[\], of fewer than 1 items$/),
        expect.stringMatching(/^the body's member lines\/0\/count is 0, below 1$/),
        expect.stringMatching(/^the body's member lines\/0\/sku is .*outside the pattern$/),
      ]),
    )
    expect(faults.join()).not.toMatch(/member id\b/)
  })

  it('holds one violation alone', () => {
    const subject = sentBy(ORDER, {}, { example: { name: 'tea', lines: [{ sku: 'ABC' }] } })
    const judged = judgeOf(subject)
    const [operation] = subject.document.operations
    const schema = operation?.body?.content[0]?.schema ?? ''
    const texts = brokenBodies(judged, operation as Operation).flatMap(({ text, mediaType }) =>
      text !== null &&
      mediaType === 'application/json' &&
      text.endsWith('}') &&
      !text.includes('"lines":[{"sku":"ABC"}]}'.slice(0, -1).repeat(2))
        ? [text]
        : [],
    )
    for (const text of texts) {
      if (!isJson(text)) continue
      expect(judged.validator.check(schema, JSON.parse(text)), text).toHaveLength(1)
    }
    expect(texts.length).toBeGreaterThan(8)
  })

  it('of branches is broken by the name of none, and by a value of none', () => {
    const schemas = {
      Cat: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { const: 'Cat' }, lives: { type: 'integer', maximum: 9 } },
      },
      Dog: { type: 'object', required: ['kind'], properties: { kind: { const: 'Dog' } } },
    }
    const oneOf = ['Cat', 'Dog'].map((name) => ({ $ref: `#/components/schemas/${name}` }))
    const bodies = bodiesOf({ oneOf, discriminator: { propertyName: 'kind' } }, schemas)
    const faults = bodies.map(({ fault }) => fault)
    expect(faults).toEqual(
      expect.arrayContaining([
        'the body\'s member kind is "standin-unknown", the name of no branch',
        'the body lacks the required member kind',
        "the body's member lives is 10, above 9",
      ]),
    )
  })

  it('is not said to be wrong where a lenient reader could make it right', () => {
    const schema = {
      type: 'object',
      properties: { many: { type: 'array', items: { type: 'string' } }, any: {}, text: { type: 'string' } },
    }
    const wrong = bodiesOf(schema).filter(({ fault }) => fault.includes('member'))
    // A text is a list of one, a number is a text: neither is sent.
    expect(wrong.map(({ text }) => text)).toEqual(
      ['{"many":{"standin":true}}', '{"text":{"standin":true}}', '{"many":[{"standin":true}]}'].filter(
        (text) => wrong.some((each) => each.text === text),
      ),
    )
    expect(wrong.some(({ text }) => text?.includes('"any"'))).toBe(false)
  })

  it('of a schema that recurses ends', () => {
    const Node = {
      type: 'object',
      required: ['value'],
      properties: { value: { type: 'integer' }, next: { $ref: '#/components/schemas/Node' } },
    }
    expect(bodiesOf({ $ref: '#/components/schemas/Node' }, { Node }).length).toBeLessThan(80)
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
