import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { SCHEMA, told, validatorWith } from './judged.ts'

const CAT = {
  type: 'object',
  required: ['kind', 'lives'],
  properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
}
const DOG = {
  type: 'object',
  required: ['kind', 'tricks'],
  properties: { kind: { type: 'string' }, tricks: { type: 'array', items: { type: 'string' } } },
}
const SCHEMAS = { Cat: CAT, Dog: DOG }
const BRANCHES = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
const MAPPING = { cat: '#/components/schemas/Cat', dog: 'Dog' }

function pets(keyword: string, mapping?: Json): JsonObject {
  const discriminator = { propertyName: 'kind', ...(mapping === undefined ? {} : { mapping }) }
  return { [keyword]: BRANCHES, discriminator }
}

describe.each(['3.0.3', '3.1.0', '3.2.0'])('a discriminator in %s', (version) => {
  it.each(['oneOf', 'anyOf'])('beside %s asks for a name of the mapping or of a branch', (keyword) => {
    const validator = validatorWith(version, pets(keyword, MAPPING), SCHEMAS)
    expect(told(validator, { kind: 'cat', lives: 9 })).toEqual([])
    expect(told(validator, { kind: 'Dog', tricks: [] })).toEqual([])
    expect(told(validator, { kind: 'fish', lives: 9 })).toEqual(['/kind discriminator'])
    expect(told(validator, { kind: 3, lives: 9 })).toEqual(['/kind discriminator'])
    expect(told(validator, { lives: 9 })).toEqual([' discriminator'])
  })

  it('holds the value to the schema that it names, and tells of that one alone', () => {
    const validator = validatorWith(version, pets('oneOf'), SCHEMAS)
    expect(told(validator, { kind: 'Dog', lives: 9 })).toEqual([' required'])
    expect(told(validator, { kind: 'Dog', tricks: [1, 2] })).toEqual(['/tricks/0 type', '/tricks/1 type'])
  })

  it('takes the words that branches have for the member for names of theirs', () => {
    const word = (text: string): JsonObject => ({ kind: { type: 'string', enum: [text] } })
    const schemas = {
      Cat: { ...CAT, properties: { ...CAT.properties, ...word('cat') } },
      Dog: { ...DOG, properties: { ...DOG.properties, ...word('dog') } },
    }
    const half = { dog: '#/components/schemas/Dog' }
    for (const schema of [pets('oneOf'), pets('anyOf', half)]) {
      const validator = validatorWith(version, schema, schemas)
      expect(told(validator, { kind: 'cat', lives: 9 })).toEqual([])
      expect(told(validator, { kind: 'dog', tricks: [] })).toEqual([])
      expect(told(validator, { kind: 'cat', tricks: [] })).toContain(' required')
      expect(told(validator, { kind: 'cow', lives: 9 })).toEqual(['/kind discriminator'])
    }
  })

  it('asks for no name of what keeps a branch that has none', () => {
    const plain = { type: 'object', properties: { weight: { type: 'integer' } }, required: ['weight'] }
    const schema = { anyOf: [plain, ...BRANCHES], discriminator: { propertyName: 'kind' } }
    const validator = validatorWith(version, schema, SCHEMAS)
    expect(told(validator, { weight: 1 })).toEqual([])
    expect(told(validator, { kind: 'Dog', weight: 1 })).toEqual([' required'])
  })

  it('holds inside of arrays and members, and its issue names its line', () => {
    const schema = { type: 'object', properties: { pets: { type: 'array', items: pets('anyOf') } } }
    const validator = validatorWith(version, schema, SCHEMAS)
    const value = {
      pets: [
        { kind: 'Cat', lives: 1 },
        { kind: 'Cow', lives: 1 },
      ],
    }
    expect(validator.explain(SCHEMA, value)).toMatchObject([
      {
        at: '/pets/1/kind',
        keyword: 'discriminator',
        params: { allowedValues: ['Cat', 'Dog'] },
        schema: `${SCHEMA}/properties/pets/items/discriminator`,
      },
    ])
  })

  it('finds the heirs of a parent, through any number of allOf', () => {
    const schemas = {
      Pet: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string' } },
        discriminator: { propertyName: 'kind', mapping: { kitty: '#/components/schemas/Kitten' } },
      },
      Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', required: ['lives'] }] },
      Kitten: { allOf: [{ $ref: '#/components/schemas/Cat' }, { type: 'object', required: ['age'] }] },
    }
    const validator = validatorWith(version, { $ref: '#/components/schemas/Pet' }, schemas)
    expect(told(validator, { kind: 'Cat', lives: 1 })).toEqual([])
    expect(told(validator, { kind: 'Cat' })).toEqual([' required'])
    expect(told(validator, { kind: 'Kitten', lives: 1, age: 1 })).toEqual([])
    expect(told(validator, { kind: 'kitty', lives: 1 })).toEqual([' required'])
    expect(told(validator, { kind: 'Pet' })).toEqual([])
    expect(told(validator, { kind: 'Cow' })).toEqual(['/kind discriminator'])
    expect(told(validator, {})).toEqual([' required'])
  })
})

describe('a discriminator', () => {
  it('leaves what is no object, and a schema without a family, alone', () => {
    const lone = { type: 'object', discriminator: { propertyName: 'kind' } }
    expect(told(validatorWith('3.1.0', lone), { kind: 'anything' })).toEqual([])
    const nullable = { anyOf: [{ type: 'null' }, pets('oneOf')] }
    expect(told(validatorWith('3.1.0', nullable, SCHEMAS), null)).toEqual([])
  })

  it('of 3.2 may name the schema of values that name none', () => {
    const discriminator = { propertyName: 'kind', defaultMapping: 'Cat' }
    const schema = { anyOf: BRANCHES, discriminator }
    const loose = { ...SCHEMAS, Cat: { ...CAT, required: ['lives'] } }
    const validator = validatorWith('3.2.0', schema, loose)
    expect(told(validator, { lives: 1 })).toEqual([])
    expect(told(validator, { kind: 'strange', lives: 'x' })).toEqual(['/lives type'])
  })

  it('whose mapping leads nowhere is a fault', () => {
    const validator = validatorWith('3.1.0', pets('oneOf', { cow: '#/components/schemas/Cow' }), SCHEMAS)
    expect(validator.faults(SCHEMA)).toMatchObject([
      {
        pointer: `${SCHEMA}/discriminator`,
        message: '`discriminator` #/components/schemas/Cow leads nowhere',
      },
    ])
  })
})
