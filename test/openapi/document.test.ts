import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { basesFor, createDocument, operationById } from '../../src/openapi/document.ts'
import { resolve } from '../../src/openapi/reference.ts'
import { responseFor, successStatus } from '../../src/openapi/response.ts'

const ok = { '200': { description: 'ok' } }

function read(paths: JsonObject, rest: JsonObject = {}): ReturnType<typeof createDocument> {
  return createDocument('a', 'a.yaml', { openapi: '3.1.0', info: { title: 'A' }, paths, ...rest })
}

describe('a document', () => {
  it.each([
    [{ openapi: '2.0' }, /`openapi` is 2\.0; 3\.0, 3\.1 and 3\.2 are understood/],
    [{}, /`openapi` is missing/],
    [
      {
        openapi: '3.1.0',
        paths: { '/a': { get: { operationId: 'x' } }, '/b': { get: { operationId: 'x' } } },
      },
      /operationId x stands twice/,
    ],
    [
      {
        openapi: '3.1.0',
        paths: { '/a': { get: { parameters: [{ $ref: '#/components/parameters/None' }] } } },
      },
      /\$ref #\/components\/parameters\/None leads nowhere \(/,
    ],
    [
      { openapi: '3.1.0', paths: {}, components: { schemas: { A: { $ref: 'other.yaml#/A' } } } },
      /\$ref other\.yaml#\/A leaves the document \(at \/components\/schemas\/A\)/,
    ],
    [
      {
        openapi: '3.1.0',
        paths: {},
        components: {
          schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } },
        },
      },
      /goes round in a circle/,
    ],
  ])('that is unusable is refused: %#', (json, message) => {
    expect(() => createDocument('a', 'a.yaml', json as JsonObject)).toThrow(UsageError)
    expect(() => createDocument('a', 'a.yaml', json as JsonObject)).toThrow(message)
  })

  it('does not follow what looks like a reference in examples and extensions', () => {
    const data = { $ref: 'nowhere' }
    expect(() =>
      read({ '/a': { get: { 'x-note': data, responses: { '200': { example: data } } } } }),
    ).not.toThrow()
  })

  it('takes the parameters of a path along, and an operation overrides them by place and name', () => {
    const parameter = { name: 'a', in: 'query', schema: { type: 'integer' } }
    const own = { name: 'a', in: 'query', required: true, schema: { type: 'string' } }
    const document = read({
      '/a': {
        parameters: [parameter, { name: 'b', in: 'header' }],
        get: { operationId: 'x', parameters: [own] },
      },
    })
    const parameters = operationById(document, 'x')?.parameters ?? []
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })

  it('chooses an answer by its status, then its range, then the default', () => {
    const responses = { ...ok, '2XX': { description: 'any' }, '4xx': { description: 'no' } }
    const operation = operationById(read({ '/a': { get: { operationId: 'x', responses } } }), 'x')
    if (operation === undefined) throw new Error('there is an operation')
    const found = [200, 201, 404, 500].map((status) => responseFor(operation, status)?.pointer)
    expect(found).toEqual([
      '/paths/~1a/get/responses/200',
      '/paths/~1a/get/responses/2XX',
      '/paths/~1a/get/responses/4xx',
      undefined,
    ])
    expect(successStatus(operation)).toBe(200)
  })

  it('knows the paths of its servers', () => {
    const servers = [
      { url: 'https://a.example/v1/' },
      { url: '/{stage}', variables: { stage: { default: 'test' } } },
      { url: 'https://b.example' },
    ]
    expect(read({}, { servers }).basePaths).toEqual(['/v1', '/test', ''])
    expect(read({}).basePaths).toEqual([''])
  })

  it('knows the paths of other servers that an operation has, with every value of their variables', () => {
    const own = [{ url: 'https://b.example/{z}', variables: { z: { default: 'v3', enum: ['v3', 'v4'] } } }]
    const paths = {
      '/a': { servers: [{ url: '/v2' }], get: { operationId: 'a', responses: ok } },
      '/b': { servers: [{ url: '/v2' }], get: { operationId: 'b', servers: own, responses: ok } },
      '/c': { get: { operationId: 'c', responses: ok } },
    }
    const document = read(paths, { servers: [{ url: 'https://b.example/api/v1' }] })
    expect(document.operations.map(({ basePaths }) => basePaths)).toEqual([['/v2'], ['/v3', '/v4'], []])
    const at = (id: string, base: string): readonly string[] => {
      const operation = operationById(document, id)
      return operation === undefined ? [] : basesFor(document, operation, base)
    }
    expect(at('b', 'http://x/shop/api/v1')).toEqual(['http://x/shop/v3', 'http://x/shop/v4'])
    expect(at('a', 'http://x/shop')).toEqual(['http://x/shop'])
    expect(at('c', '/api/v1')).toEqual(['/api/v1'])
  })

  it('has the methods of OpenAPI 3.2, and knows whose query is described as a whole', () => {
    const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
    const whole = { name: 'q', in: 'querystring', required: true, content }
    const item = {
      get: { operationId: 'read', parameters: [whole], responses: ok },
      query: { operationId: 'search', responses: ok },
      additionalOperations: { COPY: { operationId: 'copy', responses: ok } },
    }
    const { operations } = read({ '/a': item }, { openapi: '3.2.0' })
    expect(operations.map(({ id, method, pointer }) => [id, method, pointer])).toEqual([
      ['read', 'GET', '/paths/~1a/get'],
      ['search', 'QUERY', '/paths/~1a/query'],
      ['copy', 'COPY', '/paths/~1a/additionalOperations/COPY'],
    ])
    expect(operations.map(({ needsQuerystring }) => needsQuerystring)).toEqual([true, false, false])
    expect(operations[0]?.parameters).toEqual([])
  })

  it('takes the security of the whole where an operation has none of its own', () => {
    const document = read(
      {
        '/a': {
          get: { operationId: 'x', responses: ok },
          post: { operationId: 'y', security: [], responses: ok },
        },
      },
      { security: [{ key: [] }] },
    )
    expect(operationById(document, 'x')?.security).toEqual([{ key: [] }])
    expect(operationById(document, 'y')?.security).toEqual([])
  })
})

describe('references', () => {
  it('are followed through chains and escapes', () => {
    const json = { a: { $ref: '#/b~1c' }, 'b/c': { $ref: '#/d%20e' }, 'd e': { x: 1 } }
    expect(resolve(json, '/a')).toEqual({ pointer: '/d e', value: { x: 1 } })
  })
})
