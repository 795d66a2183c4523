import { describe, expect, it } from 'vitest'
import { generateFixture } from '../../src/generator/generate-fixture.ts'
import { inferRecipe } from '../../src/generator/infer-recipe.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import { USUAL_TRANSITIONS } from '../../src/job-contract/job-words.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createValidator } from '../../src/openapi/validator.ts'

const properties: JsonObject = {
  id: { type: 'string', format: 'uuid' },
  weight: { type: 'number', minimum: 0.1, maximum: 40 },
  city: { type: 'string', minLength: 3, maxLength: 30 },
  tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
}

const contract: JobContract = {
  ...{ api: 'parcels', jobId: 'p-########', states: {}, scope: {}, credentials: {}, refusals: {} },
  ...{ synonyms: {}, transitions: USUAL_TRANSITIONS },
  ...{ operations: {}, laws: [] },
}

function fixtureOf(members: JsonObject, pages = true) {
  const schemas = { Row: { type: 'object', required: Object.keys(members), properties: members } }
  const json = { openapi: '3.1.0', info: { title: 'a', version: '1' }, paths: {}, components: { schemas } }
  const recipe = inferRecipe(json, '/components/schemas/Row', pages, ['anchor', 'basil'])
  const fixture = generateFixture({ contract, recipe, seed: 1, source: 's', extraJobs: 0, manyRows: null })
  return { fixture, validator: createValidator(createDocument('parcels', 'a.yaml', json)) }
}

describe('the recipe of an API without a vendor', () => {
  it('draws templates that are rows of its document', () => {
    const { fixture, validator } = fixtureOf(properties)
    expect(fixture.pool).toHaveLength(64)
    for (const { template } of fixture.pool) {
      expect(validator.check('/components/schemas/Row', template)).toEqual([])
    }
    expect(new Set(fixture.pool.map(({ template }) => template['weight'])).size).toBeGreaterThan(50)
  })

  it('moves no value when a member is added or put elsewhere', () => {
    const before = fixtureOf(properties).fixture
    const after = fixtureOf({ extra: { type: 'string' }, ...properties }).fixture
    const kept = after.pool.map(({ template: { extra: _, ...rest } }) => rest)
    expect(kept).toEqual(before.pool.map(({ template }) => template))
  })

  it('has a huge job only where an answer holds a page of it', () => {
    const names = (pages: boolean) => fixtureOf(properties, pages).fixture.jobs.map(({ name }) => name)
    expect(names(true)).toContain('huge')
    expect(names(false)).not.toContain('huge')
  })

  it('has jobs even where there are no rows', () => {
    const recipe = inferRecipe({}, null, false, [])
    const fixture = generateFixture({ contract, recipe, seed: 1, source: 's', extraJobs: 0, manyRows: null })
    expect(fixture.jobs.map(({ name }) => name)).toContain('running')
  })
})
