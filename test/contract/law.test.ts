import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { judgeBody } from './acme/answer.ts'

/** What a law says of a body: `kept`, `unbound` or what broke it. */
async function judge(kind: JsonObject, body: Json): Promise<string> {
  const verdict = await judgeBody(body, true, [{ law: 'it holds', on: ['read'], ...kind }])
  const [finding] = verdict.findings
  if (finding !== undefined) return finding.message.replace('it holds: ', '')
  return verdict.checks.find(({ check }) => check === 'law')?.outcome === 'passed' ? 'kept' : 'unbound'
}

const COST = { equals: ['/cost', { product: ['/count', 0.18] }], tolerance: 0.005 }
const RATE = { equals: ['/rate', { ratio: ['/done', '/all'] }] }
const MIDDLE = { equals: ['/m', { median: '/a/*' }] }
const MEAN = { equals: ['/m', { mean: '/a/*' }] }
const WEIGHED = { equals: ['/m', { mean: '/a/*/x', weights: '/a/*/w' }] }

/** Rows of a value and its weight. */
const rows = (...pairs: (readonly [Json, Json])[]): Json => pairs.map(([x, w]) => ({ x, w }))

describe('a law', () => {
  it.each<readonly [string, JsonObject, Json, string]>([
    ['equals', { equals: ['/a', '/b'] }, { a: 1, b: 1 }, 'kept'],
    ['equals', { equals: ['/a', '/b'] }, { a: 1, b: '1' }, '/a is 1, /b is "1"'],
    ['equals', { equals: ['/a', '/b'] }, { a: 1 }, 'unbound'],
    ['equals a literal', { equals: ['/a', ''] }, { a: 'x' }, '/a is "x", the expected value is ""'],
    ['equals each', { equals: ['/a/*', 1] }, { a: [1, 2] }, '/a/1 is 2, the expected value is 1'],
    ['equals objects', { equals: ['/a', '/b'] }, { a: { x: 1, y: 2 }, b: { y: 2, x: 1 } }, 'kept'],
    ['count', { equals: [{ count: '/a' }, 2] }, { a: [1] }, 'count of /a is 1, the expected value is 2'],
    ['count of null', { equals: [{ count: '/a' }, 0] }, { a: null }, 'kept'],
    ['count of places', { equals: [{ count: '/a/*/b' }, 1] }, { a: [{ b: 1 }, {}] }, 'kept'],
    ['sum', { equals: ['/a', { sum: ['/b/*', 1] }] }, { a: 1.4, b: [0.1, 0.1, 0.2] }, 'kept'],
    ['sum', { equals: ['/a', { sum: ['/b/*'] }] }, { a: 4, b: [1, 2] }, '/a is 4, sum of /b/* is 3'],
    ['sum of nothing', { equals: ['/a', { sum: ['/b/*'] }] }, { a: 0, b: [] }, 'kept'],
    ['product', COST, { cost: 0.54, count: 3 }, 'kept'],
    ['product', COST, { cost: 0.55, count: 3 }, '/cost is 0.55, product of /count is 0.54'],
    ['ratio', RATE, { rate: 0.75, done: 3, all: 4 }, 'kept'],
    ['ratio by zero', RATE, { rate: 0, done: 0, all: 0 }, 'kept'],
    ['ratio of no numbers', RATE, { rate: 0, done: null, all: 0 }, 'unbound'],
    ['round', { equals: ['/a', { round: [{ ratio: ['/b', 60] }, 2] }] }, { a: 0.17, b: 10 }, 'kept'],
    ['iff', { iff: ['/a', { count: '/b' }] }, { a: true, b: [1] }, 'kept'],
    ['iff', { iff: ['/a', { count: '/b' }] }, { a: false, b: [1] }, '/a is false, count of /b is 1'],
    ['iff with what is missing', { iff: ['/a', false] }, {}, 'kept'],
    ['iff with an instant', { iff: ['/a', true] }, { a: null }, '/a is null, it is true'],
    ['within', { within: { value: '/a/*', from: 0, to: '/b' } }, { a: [0, 3, null], b: 3 }, 'kept'],
    [
      'within',
      { within: { value: '/a/*', from: 0, to: '/b' } },
      { a: [4], b: 3 },
      '/a/0 must be from 0 to 3, is 4',
    ],
    [
      'within from',
      { within: { value: '/a', from: { count: '/b' } } },
      { a: 0, b: [1] },
      '/a must be from 1, is 0',
    ],
    [
      'within instants',
      { within: { value: '/a', from: '/b' } },
      { a: '2026-01-01T01:00:00+02:00', b: '2025-12-31T23:00:00Z' },
      'kept',
    ],
    ['within a bound that is null', { within: { value: '/a', from: '/b' } }, { a: 1, b: null }, 'unbound'],
    [
      'within one bound of two',
      { within: { value: '/a', from: '/b', to: '/c' } },
      { a: 3, b: null, c: 2 },
      '/a must be to 2, is 3',
    ],
    ['within without bounds', { within: { value: '/a', to: '/b' } }, { a: 1 }, 'unbound'],
    ['ordered', { ordered: { values: '/a/*' } }, { a: [1, 1, 2] }, 'kept'],
    ['ordered', { ordered: { values: '/a/*/t' } }, { a: [{ t: 2 }, { t: 1 }] }, '/a/1/t is 1, behind 2'],
    [
      'ordered strictly',
      { ordered: { values: '/a/*', strictly: true } },
      { a: [1, 1] },
      '/a/1 is 1, behind 1',
    ],
    [
      'ordered instants',
      { ordered: { values: '/a/*' } },
      { a: ['2026-01-01T00:00:00+01:00', '2025-12-31T23:30:00Z'] },
      'kept',
    ],
    ['ordered one', { ordered: { values: '/a/*' } }, { a: [1] }, 'unbound'],
    ['subset', { subset: ['/a/*', '/b/*'] }, { a: [{ x: 1 }], b: [2, { x: 1 }] }, 'kept'],
    ['subset', { subset: ['/a/*', '/b/*'] }, { a: [3], b: [1] }, '/a/0 is 3, not among /b/*'],
    [
      'count of some',
      { equals: ['/n', { count: '/a/*', are: [1, null] }] },
      { n: 2, a: [1, null, 2] },
      'kept',
    ],
    [
      'count of the rest',
      { equals: ['/n', { count: '/a/*', not: [null] }] },
      { n: 2, a: [1, null, 2] },
      'kept',
    ],
    [
      'count of a kind',
      { equals: ['/n', { count: '/a/*', like: '^x:' }] },
      { n: 1, a: ['x:1', 'y:x:', 1] },
      'kept',
    ],
    ['count of none', { equals: ['/n', { count: '/a/*', are: ['x'] }] }, { n: 0, a: [] }, 'kept'],
    [
      'count of some',
      { equals: ['/n', { count: '/a/*', are: [1] }] },
      { n: 2, a: [1, 2] },
      '/n is 2, count of /a/* is 1',
    ],
    [
      'names',
      { subset: [{ names: '/o', are: [null], prefix: 'no ' }, '/a/*'] },
      { o: { x: null, y: 1 }, a: ['no x'] },
      'kept',
    ],
    [
      'names',
      { subset: [{ names: '/o' }, '/a/*'] },
      { o: { x: 1, y: 2 }, a: ['x'] },
      'names of /o has "y", not among /a/*',
    ],
    [
      'names the other way',
      { subset: ['/a/*', { names: '/o' }] },
      { o: { x: 1 }, a: ['z'] },
      '/a/0 is "z", not among names of /o',
    ],
    [
      'matches',
      { matches: { value: '/m', pattern: '^{/n} of{/t}$' } },
      { m: '3 of a.b', n: 3, t: ' a.b' },
      'kept',
    ],
    [
      'matches',
      { matches: { value: '/m', pattern: '^{/n}$' } },
      { m: '30', n: 3 },
      '/m must match ^3$, is "30"',
    ],
    ['when', { when: { '/s': ['x'] }, equals: ['/a', 1] }, { s: 'y', a: 2 }, 'unbound'],
    [
      'when',
      { when: { '/s': ['x'] }, equals: ['/a', 1] },
      { s: 'x', a: 2 },
      '/a is 2, the expected value is 1',
    ],
    [
      'values',
      { equals: ['/n', { sum: [{ values: '/a/*', not: [null] }] }] },
      { n: 3, a: [1, null, 2] },
      'kept',
    ],
    ['values', { equals: ['/n', { sum: [{ values: '/a/*', are: [1] }] }] }, { n: 0, a: [2] }, 'kept'],
    [
      'values',
      { equals: [{ values: '/a/*', not: [null] }, 1] },
      { a: [null, 2] },
      '/a/1 is 2, the expected value is 1',
    ],
    ['values', { subset: [{ values: '/a/*', like: '.' }, '/b/*'] }, { a: [3, 'x'], b: ['x'] }, 'kept'],
    [
      'values',
      { subset: [{ values: '/a/*', like: '.' }, '/b/*'] },
      { a: ['x', 'y'], b: ['x'] },
      '/a/1 is "y", not among /b/*',
    ],
    [
      'values',
      { subset: ['/b/*', { values: '/a/*', not: [1] }] },
      { a: [1, 2], b: [1] },
      '/b/0 is 1, not among values of /a/*',
    ],
    ['median of an odd number', MIDDLE, { m: 2, a: [10, null, 1, 2] }, 'kept'],
    ['median of an even number', MIDDLE, { m: 2.5, a: [10, 3, 2, 1] }, 'kept'],
    ['median', MIDDLE, { m: 3, a: [10, 2, 1] }, '/m is 3, median of /a/* is 2'],
    ['median', MIDDLE, { m: null, a: [1] }, '/m is null, median of /a/* is 1'],
    ['median of nothing', MIDDLE, { m: 0, a: [null] }, 'unbound'],
    ['median of texts', MIDDLE, { m: 0, a: [1, 'x'] }, 'unbound'],
    ['mean', MEAN, { m: 0.3, a: [0.1, null, 0.5] }, 'kept'],
    ['mean', MEAN, { m: 0.2, a: [0.1, null, 0.5] }, '/m is 0.2, mean of /a/* is 0.3'],
    ['mean of nothing', MEAN, { m: 0, a: [] }, 'unbound'],
    ['mean of texts', MEAN, { m: 0, a: [1, 'x'] }, 'unbound'],
    ['mean by weight', WEIGHED, { m: 2.5, a: rows([1, 1], [3, 3], [null, 5], [9, null]) }, 'kept'],
    ['mean by weight', WEIGHED, { m: 2, a: rows([1, 1], [3, 3]) }, '/m is 2, mean of /a/*/x is 2.5'],
    ['mean by no weight', WEIGHED, { m: 2, a: rows([1, 0]) }, 'unbound'],
    ['mean by fewer weights', WEIGHED, { m: 2, a: [{ x: 1, w: 1 }, { x: 3 }] }, 'unbound'],
    ['when it is there', { when: { '/s': { not: [null] } }, equals: ['/a', 1] }, { a: 2 }, 'unbound'],
    [
      'when it is there',
      { when: { '/s': { not: [null] } }, equals: ['/a', 1] },
      { s: null, a: 2 },
      'unbound',
    ],
    ['when it is there', { when: { '/s': { not: [null] } }, equals: ['/a', 1] }, { s: 0, a: 1 }, 'kept'],
    [
      'when all are',
      { when: { '/s/*': { like: '^x' } }, equals: ['/a', 1] },
      { s: ['x', 'y'], a: 2 },
      'unbound',
    ],
    ['within a computation', { within: { value: { sum: ['/a/*'] }, to: 3 } }, { a: [1, 2] }, 'kept'],
    [
      'within a computation',
      { within: { value: { sum: ['/a/*'] }, to: 3 } },
      { a: [2, 2] },
      'sum of /a/* must be to 3, is 4',
    ],
    [
      'each',
      { each: '/r/*', iff: ['/f', '/e'] },
      {
        r: [
          { f: 1, e: 1 },
          { f: 0, e: 1 },
        ],
      },
      '/f is 0, /e is 1',
    ],
  ])('%s: %j of %j', async (_, kind, body, verdict) => {
    expect(await judge(kind, body)).toBe(verdict)
  })

  it('names the place in the whole answer, not in the part that it binds', async () => {
    const law = { law: 'it holds', on: ['read'], each: '/r/*', equals: ['/f', 1] }
    const [finding] = (await judgeBody({ r: [{ f: 1 }, { f: 2 }] }, true, [law])).findings
    expect(finding?.at).toBe('/r/1/f')
    expect(finding?.law).toBe('it holds')
  })
})
