import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { judgeBody } from './acme/answer.ts'

async function messagesOf(body: Json, schema: Json, schemas: Json = {}): Promise<readonly string[]> {
  return (await judgeBody(body, schema, [], schemas)).findings.map(({ message }) => message)
}

const CAT = {
  type: 'object',
  required: ['kind', 'lives'],
  properties: { kind: { const: 'cat' }, lives: { type: 'integer' } },
}
const DOG = {
  type: 'object',
  required: ['kind', 'tricks'],
  properties: { kind: { const: 'dog' }, tricks: { type: 'array' } },
}
const PETS = { Cat: CAT, Dog: DOG }
const PET = { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] }

describe('of a union only the branch that was meant is told of', () => {
  it('by its constant', async () => {
    expect(await messagesOf({ kind: 'dog', tricks: 3 }, PET, PETS)).toEqual([
      '/tricks must be array, is integer 3',
    ])
    expect(await messagesOf({ kind: 'cat', tricks: [] }, PET, PETS)).toEqual(['the body lacks `lives`'])
  })

  it('inside a list, grouped over its items', async () => {
    const body = [
      { kind: 'cat', lives: 9 },
      { kind: 'cat', lives: 'x' },
      { kind: 'cat', lives: 'y' },
    ]
    expect(await messagesOf(body, { type: 'array', items: PET }, PETS)).toEqual([
      '/1/lives must be integer, is string "x" (2 rows, first /1)',
    ])
  })

  it('by its type, where a nullable value is wrong inside', async () => {
    const schema = { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'integer' } } }] }
    expect(await messagesOf({ a: 'x' }, schema)).toEqual(['/a must be integer, is string "x"'])
  })

  it('all types together where none admits the value', async () => {
    const schema = { anyOf: [{ type: 'integer' }, { type: 'null' }] }
    expect(await messagesOf('x', schema)).toEqual(['the body must be integer or null, is string "x"'])
  })

  it('in unions inside unions', async () => {
    const inner = { anyOf: [{ type: 'string' }, { type: 'object', required: ['b'] }] }
    const schema = {
      anyOf: [{ type: 'object', required: ['a'], properties: { a: inner } }, { type: 'null' }],
    }
    expect(await messagesOf({ a: {} }, schema)).toEqual(['/a lacks `b`'])
  })

  it('but several matches of a oneOf are a fault of their own', async () => {
    expect(await messagesOf(1, { oneOf: [{ type: 'number' }, { type: 'integer' }] })).toEqual([
      'the body must match exactly one of the schemas, matches several: 1',
    ])
  })
})

describe('an issue is a sentence with expected and actual', () => {
  it.each<readonly [Json, Json, string]>([
    ['x', { enum: ['a', 'b', null] }, 'the body must be "a", "b" or null, is "x"'],
    [null, { type: 'object' }, 'the body must be object, is null'],
    [1, { const: 2 }, 'the body must be 2, is 1'],
    [5, { maximum: 3 }, 'the body must be <= 3, is 5'],
    ['x', { format: 'uuid' }, 'the body must be a uuid, is "x"'],
    [0.25, { multipleOf: 0.1 }, 'the body must be a multiple of the documented number, is 0.25'],
    [
      { b: 1 },
      { properties: { a: true }, additionalProperties: false },
      'the body has the undocumented member `b`',
    ],
    [
      { createdAt: 1 },
      { required: ['created_at'], properties: { created_at: true } },
      'the body lacks `created_at`; it has `createdAt`, is that meant?',
    ],
    [
      { totl: 1 },
      { properties: { total: true }, unevaluatedProperties: false },
      'the body has the undocumented member `totl`; is `total` meant?',
    ],
    [
      'a'.repeat(90),
      { maxLength: 5 },
      `the body must NOT have more than 5 characters, is "${'a'.repeat(58)}…`,
    ],
  ])('%j by %j', async (body, schema, message) => {
    expect(await messagesOf(body, schema)).toEqual([message])
  })
})

describe('one line for each distinct problem', () => {
  const ROWS = {
    type: 'object',
    properties: { data: { items: { properties: { size: { type: 'integer' }, name: { type: 'string' } } } } },
  }

  it('with the number of rows that have it, and the first', async () => {
    const data = Array.from({ length: 40 }, (_, at) => ({ size: at > 2 ? 'x' : 1, name: at === 7 ? 1 : 'a' }))
    expect(await messagesOf({ data }, ROWS)).toEqual([
      '/data/3/size must be integer, is string "x" (37 rows, first /data/3)',
      '/data/7/name must be string, is integer 1',
    ])
  })

  it('even where there are too many to count', async () => {
    const data = Array.from({ length: 20_000 }, () => ({ size: 'x' }))
    expect(await messagesOf({ data }, ROWS)).toEqual([
      '/data/0/size must be integer, is string "x" (5000 rows or more, first /data/0)',
    ])
  })

  it('names what has no place in an answer, names of members, and what must not be there', async () => {
    const properties = { secret: { type: 'string', writeOnly: true }, gone: false }
    const schema = { type: 'object', properties, propertyNames: { pattern: '^[a-z]+$' } }
    expect(await messagesOf({ secret: 'a', gone: 1, B: 2 }, schema)).toEqual([
      'the body has the member `B`: property name must be valid: must match pattern "^[a-z]+$"',
      '/secret must NOT be in an answer, it is writeOnly',
      '/gone must not be there',
    ])
  })

  it('and one alone for a wrong discriminator', async () => {
    const schema = { ...PET, discriminator: { propertyName: 'kind' } }
    expect(await messagesOf({ kind: 'cow' }, schema, PETS)).toEqual([
      '/kind must be "cat" or "dog", is "cow"',
    ])
    expect(await messagesOf({ lives: 1 }, schema, PETS)).toEqual(['the body lacks the discriminator `kind`'])
  })
})
