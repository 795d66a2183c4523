/**
 * What the document allows is asked for at its boundaries and in pairs, and nothing that it may not allow.
 */
import { describe, expect, it } from 'vitest'
import { bodyVariants } from '../../src/contract/plan/body-variant.ts'
import { boundariesOf } from '../../src/contract/plan/boundary.ts'
import { coverPairs } from '../../src/contract/plan/pairwise.ts'
import { textOf } from '../../src/contract/plan/pattern-text.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { MediaType } from '../../src/openapi/operation.ts'
import type { Parameter } from '../../src/openapi/parameter.ts'
import { askedBy, judge, judgeOf, planOf, RESPONSES, sentBy, subjectOf } from './planned.ts'

function textsOf(schema: Json, more: JsonObject = {}): readonly string[] {
  const subject = askedBy(schema, more)
  const [parameter] = subject.document.operations[0]?.parameters ?? []
  const found = boundariesOf(judgeOf(subject), parameter as Parameter)
  return found.map(({ wire }) => wire.map(([, text]) => text).join('&'))
}

describe('a parameter', () => {
  it.each<[string, Json, JsonObject, readonly string[]]>([
    ['bounds', { type: 'integer', minimum: 1, maximum: 9, default: 5 }, {}, ['5', '1', '2', '9', '8']],
    ['exclusive bounds', { type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 9 }, {}, ['2', '8']],
    ['steps', { type: 'integer', minimum: 0, maximum: 20, multipleOf: 5 }, {}, ['0', '5', '20', '15']],
    ['words', { type: 'string', enum: ['b', 'a'], default: 'a' }, {}, ['a', 'b']],
    ['a flag', { type: 'boolean' }, {}, ['true', 'false']],
    ['lengths', { type: 'string', minLength: 2, maxLength: 4 }, {}, ['xx', 'xxxx']],
    ['a pattern', { type: 'string', pattern: '^[a-c]{2,3}$', minLength: 3 }, {}, ['aa', 'aaa'].slice(1)],
    ['examples', { type: 'string' }, { examples: { a: { value: 'x' }, b: { value: 'y' } } }, ['x', 'y']],
    ['a list', { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 2 }, {}, ['a', 'b', 'a&b']],
    ['a day', { type: 'string', format: 'date' }, {}, ['2026-01-31', '2024-02-29', '1970-01-01']],
    ['any text', { type: 'string' }, {}, []],
    ['an example that its own schema refuses', { type: 'integer', example: 'no' }, {}, []],
  ])('with %s is asked for at them', (_, schema, more, expected) => {
    expect(textsOf(schema, more)).toEqual(expected)
  })

  it('that must be refused by nobody is a finding where it is', async () => {
    const subject = askedBy({ type: 'integer', minimum: 1, maximum: 50 })
    const refusing = (request: Request): Promise<Response> => {
      const value = new URL(request.url).searchParams.get('p')
      return Promise.resolve(new Response('', { status: value === '50' ? 400 : 200 }))
    }
    const { findings } = await judge(subject, refusing)
    expect(
      findings.filter(({ check }) => check === 'positive_data_acceptance').map(({ message }) => message),
    ).toEqual(['answered 400 to what the document allows (p=50): '])
  })

  it('that may name something is not held against a server that does not have it', async () => {
    const subject = askedBy({ type: 'string', format: 'uuid' })
    const lacking = (request: Request): Promise<Response> =>
      Promise.resolve(new Response('', { status: request.url.includes('p=') ? 404 : 200 }))
    const { findings } = await judge(subject, lacking)
    expect(findings.filter(({ check }) => check === 'positive_data_acceptance')).toEqual([])
  })

  it('that only a server can give is not made up', () => {
    const names = ['cursor', 'page_token', 'starting_after', 'job_id', 'jobIds']
    const parameters = names.map((name) => ({ name, in: 'query', schema: { type: 'string', minLength: 4 } }))
    const { cases } = planOf(subjectOf({ '/things': { get: { parameters, responses: RESPONSES } } }))
    expect(cases.filter(({ expects }) => expects.kind === 'accepted')).toEqual([])
  })
})

describe('a pairwise cover', () => {
  const pairs = (sizes: readonly number[], rows: readonly (readonly (number | null)[])[]): Set<string> =>
    new Set(
      rows.flatMap((row) =>
        sizes.flatMap((_, a) =>
          sizes.flatMap((__, b) =>
            a < b && row[a] != null && row[b] != null ? [`${a}=${row[a]} ${b}=${row[b]}`] : [],
          ),
        ),
      ),
    )

  it('has every pair, in few rows, and the same for the same seed', () => {
    const sizes = [4, 3, 3, 2, 2, 2]
    const rows = coverPairs(sizes, 7)
    const total = sizes
      .flatMap((a, at) => sizes.slice(at + 1).map((b) => a * b))
      .reduce((sum, each) => sum + each, 0)
    expect(pairs(sizes, rows).size).toBe(total)
    expect(rows.length).toBeLessThanOrEqual(18)
    expect(coverPairs(sizes, 7)).toEqual(rows)
    expect(coverPairs(sizes, 8)).not.toEqual(rows)
  })

  it('leaves out what may not stand together, and nothing else', () => {
    const sizes = [2, 2, 2]
    const rows = coverPairs(
      sizes,
      1,
      (a, x, b, y) => !((a === 0 && x === 1 && b === 1) || (b === 0 && y === 1 && a === 1)),
    )
    const found = pairs(sizes, rows)
    expect([...found].filter((pair) => /^0=1 1=/.test(pair))).toEqual([])
    expect(found.size).toBe(10)
  })

  it('stands in the plan, with every parameter in one request', () => {
    const parameters = ['a', 'b', 'c'].map((name) => ({ name, in: 'query', schema: { type: 'boolean' } }))
    const { cases } = planOf(subjectOf({ '/things': { get: { parameters, responses: RESPONSES } } }))
    const rows = cases.filter(({ url }) => new URL(url).searchParams.size === 3)
    expect(rows.length).toBeGreaterThanOrEqual(4)
    expect(rows.every(({ expects }) => expects.kind === 'accepted')).toBe(true)
  })
})

function variantsOf(schema: Json, media: JsonObject = {}, schemas: JsonObject = {}): readonly Json[] {
  const subject = sentBy(schema, schemas, media)
  const [operation] = subject.document.operations
  return bodyVariants(judgeOf(subject), operation?.body?.content[0] as MediaType).map(({ value }) => value)
}

describe('a body', () => {
  it('is sent as documented, with the least, the most, each word and null', () => {
    const schema = {
      type: 'object',
      required: ['name'],
      properties: {
        id: { type: 'string', readOnly: true },
        name: { type: 'string', minLength: 2 },
        size: { type: 'string', enum: ['s', 'm'] },
        note: { type: ['string', 'null'] },
      },
    }
    const variants = variantsOf(schema, { example: { name: 'tea', size: 's' } })
    expect(variants).toEqual([
      { name: 'tea', size: 's' },
      { name: 'tea' },
      { name: 'tea', size: 's', note: 'standin' },
      { name: 'tea', size: 'm' },
      { name: 'tea', size: 's', note: null },
    ])
  })

  it('is sent by each branch', () => {
    const oneOf = [
      { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } },
      { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    ]
    expect(variantsOf({ oneOf })).toEqual(
      expect.arrayContaining([{ url: 'https://a.example/' }, { text: 'standin' }]),
    )
  })

  it('is not made where nothing is found that the schema allows', () => {
    expect(variantsOf({ type: 'string', pattern: '^(?=b)a$' })).toEqual([])
  })

  it('is not sent where writes are not allowed', () => {
    const { cases } = planOf(sentBy({ type: 'object' }), [], false)
    expect(cases.filter(({ body, method }) => body !== null || method === 'POST')).toEqual([])
  })
})

describe('a text for a pattern', () => {
  it.each([
    '^sk-[a-z0-9]{8}$',
    '^[A-Z]{3}-\\d+$',
    '^(?:left|right)\\.txt$',
    '^\\w+@\\w+\\.\\w{2,}$',
    '^[^/]+/[^/]+$',
    '^v\\d+(\\.\\d+){2}$',
    '^\\u0041[-_.]?$',
    'job_[0-9a-f]{12}',
    '^$',
  ])('%s matches it', (pattern) => {
    expect(textOf(pattern)).toMatch(new RegExp(pattern, 'u'))
  })

  it('is as long as it is asked to be, where the pattern lets it', () => {
    expect(textOf('^[a-z]+$', 12)).toHaveLength(12)
    expect(textOf('^[a-z]{2,5}$', 12)).toHaveLength(5)
  })

  it.each(['^(?=a)b', '\\1(a)', '\\p{L}', '[', '(', '[^\\s\\S]'])('%s is not read', (pattern) => {
    expect(textOf(pattern)).toBeNull()
  })
})
