/**
 * Documents that know nothing of jobs: every operation answers what its document describes.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { answering, apiOf, assembled } from '../assembled.ts'

function content(type: string, media: JsonObject, rest: JsonObject = {}): JsonObject {
  return { responses: { 200: { description: 'ok', content: { [type]: media }, ...rest } } }
}

async function get(operation: JsonObject, headers: Record<string, string> = {}) {
  const { fetch } = await assembled([apiOf('own', { paths: { '/a': { get: operation } } })])
  const response = await fetch('/a', { headers })
  return { response, text: await response.text(), type: response.headers.get('content-type') }
}

const Node = {
  type: 'object',
  properties: { next: { $ref: '#/components/schemas/Node' }, n: { type: 'integer' } },
}

describe('an operation without jobs', () => {
  it('answers its first example, else a value of its schema, always the same', async () => {
    const example = content('application/json', { schema: { type: 'string' }, example: 'as written' })
    expect((await get(example)).text).toBe('"as written"')
    expect((await get(example, { prefer: 'dynamic=true' })).text).not.toBe('"as written"')
    const drawn = content('application/json', {
      schema: { type: 'object', properties: { a: { type: 'integer' } } },
    })
    expect((await get(drawn)).text).toMatch(/^\{"a":\d+\}$/)
    expect((await get(drawn)).text).toBe((await get(drawn)).text)
    expect((await get(drawn, { prefer: 'seed=2' })).text).not.toBe((await get(drawn)).text)
  })

  it.each([
    ['text/plain', 'hello\n', 'text/plain'],
    ['text/csv; charset=utf-8', 'a,b\n', 'text/csv; charset=utf-8'],
    ['application/vnd.api+json', '"hello\\n"', 'application/vnd.api+json'],
    ['*/*', '"hello\\n"', 'application/json'],
  ])('answers %s as it is written', async (type, text, sent) => {
    const example = type.startsWith('text/csv') ? 'a,b\n' : 'hello\n'
    const answer = await get(content(type, { example }))
    expect([answer.text, answer.type]).toEqual([text, sent])
  })

  it('prefers JSON where there is some', async () => {
    const responses = {
      200: {
        description: 'ok',
        content: { 'text/html': { example: '<p>' }, 'application/json': { example: 1 } },
      },
    }
    expect(await get({ responses })).toMatchObject({ text: '1', type: 'application/json' })
    const named = {
      'text/html': { examples: { page: { value: '<p>' } } },
      'application/json': { example: 1 },
    }
    const asked = await get(
      { responses: { 200: { description: 'ok', content: named } } },
      { prefer: 'example=page' },
    )
    expect(asked).toMatchObject({ text: '<p>', type: 'text/html' })
  })

  it.each<[string, JsonObject, number]>([
    ['the lowest success', { 204: {}, 202: {}, 404: {} }, 202],
    ['a range of successes', { '2XX': {}, 404: {} }, 200],
    ['the default', { default: {} }, 200],
    ['a redirection where there is no success', { 302: {}, 404: {} }, 302],
    ['a refusal where there is nothing else', { 410: {} }, 410],
  ])('answers %s', async (_, statuses, status) => {
    const responses = Object.fromEntries(Object.keys(statuses).map((name) => [name, { description: name }]))
    const { response, text } = await get({ responses })
    expect([response.status, text]).toEqual([status, ''])
  })

  it('sends the headers that are required, and no content type of its own with nothing', async () => {
    const headers = {
      'X-Count': { required: true, schema: { type: 'integer', minimum: 3, maximum: 3 } },
      Location: { required: true, schema: { type: 'string', format: 'uri' } },
      'X-Perhaps': { schema: { type: 'string' } },
    }
    const { response } = await get({ responses: { 303: { description: 'there', headers } } })
    expect([response.headers.get('x-count'), response.headers.has('x-perhaps')]).toEqual(['3', false])
    expect(response.headers.get('location')).toMatch(/^https:/)
    expect(response.headers.has('content-type')).toBe(false)
  })

  it('answers a schema that contains itself', async () => {
    const { fetch } = await assembled([
      apiOf('tree', {
        components: { schemas: { Node } },
        paths: { '/a': { get: answering({ $ref: '#/components/schemas/Node' }) } },
      }),
    ])
    expect(await (await fetch('/a')).json()).toEqual({ n: expect.any(Number) })
  })

  it('tries the other branches of a union where more than one fits the first', async () => {
    const loose = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
    const strict = { ...loose, required: ['id', 'name'], properties: { id: {}, name: { type: 'string' } } }
    const { response } = await get(answering({ oneOf: [{ ...strict, additionalProperties: false }, loose] }))
    expect(response.status).toBe(200)
  })

  it('refuses what the document refuses, in the shape it documents or as a problem', async () => {
    const parameters = [{ name: 'n', in: 'query', required: true, schema: { type: 'integer' } }]
    const plain = await get({ ...answering({}), parameters })
    expect([plain.response.status, plain.type]).toEqual([422, 'application/problem+json'])
    expect(JSON.parse(plain.text)).toMatchObject({
      errors: [{ in: 'query', name: 'n', detail: 'is required' }],
    })
    const responses = {
      200: { description: 'ok' },
      422: { description: 'no', content: { 'application/json': { schema: { const: { wrong: true } } } } },
    }
    const shaped = await get({ responses, parameters })
    expect([shaped.response.status, shaped.text]).toEqual([422, '{"wrong":true}'])
  })

  it('reads parameters in headers and cookies, names of JavaScript among them', async () => {
    const parameters = [
      { name: 'X-Limit', in: 'header', schema: { type: 'integer', maximum: 5 } },
      { name: 'constructor', in: 'query', schema: { type: 'integer' } },
      { name: '__proto__', in: 'cookie', schema: { type: 'integer' } },
    ]
    const { fetch } = await assembled([
      apiOf('own', { paths: { '/a': { get: { ...answering({}), parameters } } } }),
    ])
    const statuses = await Promise.all(
      [
        fetch('/a', { headers: { 'x-limit': '5', cookie: '__proto__=1' } }),
        fetch('/a?constructor=7'),
        fetch('/a', { headers: { 'x-limit': '6' } }),
        fetch('/a?constructor=x'),
        fetch('/a', { headers: { cookie: '__proto__=x' } }),
      ].map(async (response) => (await response).status),
    )
    expect(statuses).toEqual([200, 200, 422, 422, 422])
  })
})
