import { describe, expect, it } from 'vitest'
import { told, validatorWith } from './judged.ts'

const USER = {
  type: 'object',
  required: ['id', 'name', 'password'],
  properties: {
    id: { type: 'string', readOnly: true },
    name: { type: 'string' },
    password: { $ref: '#/components/schemas/Secret' },
  },
}
const SCHEMAS = { User: USER, Secret: { type: 'string', writeOnly: true } }
const REQUEST = { name: 'a', password: 'b' }
const ANSWER = { id: '1', name: 'a' }

describe.each(['3.0.3', '3.1.0'])('readOnly and writeOnly in %s', (version) => {
  it.each([
    ['directly', { $ref: '#/components/schemas/User' }],
    ['behind allOf', { allOf: [{ $ref: '#/components/schemas/User' }, { type: 'object' }] }],
    [
      'where another branch requires it',
      { allOf: [{ $ref: '#/components/schemas/User' }, { required: ['id'] }] },
    ],
    ['in a union', { anyOf: [{ type: 'integer' }, { $ref: '#/components/schemas/User' }] }],
  ])('bar a member from one way and leave it out of `required`: %s', (_, schema) => {
    const validator = validatorWith(version, schema, SCHEMAS)
    expect(told(validator, REQUEST, 'request')).toEqual([])
    expect(told(validator, ANSWER, 'response')).toEqual([])
    expect(told(validator, { ...REQUEST, id: '1' }, 'request')).toEqual(['/id readOnly'])
    expect(told(validator, { ...ANSWER, password: 'b' }, 'response')).toEqual(['/password writeOnly'])
    expect(told(validator, { ...REQUEST, ...ANSWER })).toEqual([])
    expect(told(validator, ANSWER)).toEqual([' required'])
  })

  it('hold for each item on its own', () => {
    const validator = validatorWith(version, { type: 'array', items: SCHEMAS.User }, SCHEMAS)
    expect(told(validator, [ANSWER, { ...ANSWER, password: 'x' }, {}], 'response')).toEqual([
      '/1/password writeOnly',
      '/2 required',
      '/2 required',
    ])
  })
})

describe('readOnly and writeOnly', () => {
  it('do not count beside a reference in 3.0, and do in 3.1', () => {
    const schema = { properties: { a: { $ref: '#/components/schemas/A', writeOnly: true } } }
    const told30 = told(validatorWith('3.0.3', schema, { A: {} }), { a: 1 }, 'response')
    const told31 = told(validatorWith('3.1.0', schema, { A: {} }), { a: 1 }, 'response')
    expect([told30, told31]).toEqual([[], ['/a writeOnly']])
  })
})
