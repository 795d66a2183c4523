import { describe, expect, it } from 'vitest'
import { ExpressionFault, readExpression, verifyExpressions } from '../../src/job-contract/expression.ts'
import type { Json } from '../../src/model/json.ts'
import { judgeBody } from './acme/answer.ts'

/** What a law that is an expression says of a body: `kept`, `unbound` or what broke it. */
async function judge(jsonata: string, body: Json, rest: { readonly [name: string]: Json } = {}) {
  const verdict = await judgeBody(body, true, [{ law: 'it holds', on: ['read'], jsonata, ...rest }])
  if (verdict.findings.length > 0) {
    return verdict.findings.map(({ at, message }) => `${at} ${message.replace('it holds: ', '')}`).join('; ')
  }
  return verdict.checks.find(({ check }) => check === 'law')?.outcome === 'passed' ? 'kept' : 'unbound'
}

/** What is wrong with an expression; null where nothing is. */
async function faultOf(text: string): Promise<string | null> {
  return readExpression(text).then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof ExpressionFault)) throw error
      return error.message
    },
  )
}

const ROWS = { rows: [{ n: 1 }, { n: 2 }, { n: 3 }], total: 6 }

describe('a law that is an expression', () => {
  it.each<readonly [string, string, Json, string]>([
    ['holds where it is true', '$sum(rows.n) = total', ROWS, 'kept'],
    ['holds where it says nothing', 'missing.member', ROWS, 'kept'],
    ['holds where its list of texts is empty', '[rows[n > 3].("too large")]', ROWS, 'kept'],
    ['is broken where it is false', '$sum(rows.n) = 7', ROWS, ' it does not hold'],
    ['tells the text', 'total != 7 ? "the total is " & total', ROWS, ' the total is 6'],
    ['tells each text', 'rows[n > 1].("row " & n)', ROWS, ' row 2 (2 times; this is the first)'],
    ['reads a list as one value', '$count($) = 2', [1, 2], 'kept'],
    ['matches patterns', '$contains(a, /^x+$/i)', { a: 'Xx' }, 'kept'],
    ['replaces by patterns', '$replace(a, /(\\d)-(\\d)/, "$2$1") = "x21"', { a: 'x1-2' }, 'kept'],
    ['matches over again', '$count($match(a, /b/)) = 2', { a: 'abab' }, 'kept'],
  ])('%s', async (_, jsonata, body, verdict) => {
    expect(await judge(jsonata, body)).toBe(verdict)
  })

  it('binds each value where it is told to, on its conditions, and knows answer and request', async () => {
    const law = '$answer.total >= n and $not($exists($request.query.limit))'
    expect(await judge('n < $answer.total', ROWS, { each: '/rows/*' })).toBe('kept')
    expect(await judge('n < 3', ROWS, { each: '/rows/*' })).toBe('/rows/2 it does not hold')
    expect(await judge('n < 3', ROWS, { each: '/rows/*', when: { '/n': [1] } })).toBe('kept')
    expect(await judge('n < 3', ROWS, { each: '/rows/*', when: { '/n': [9] } })).toBe('unbound')
    expect(await judge(law, ROWS, { each: '/rows/*' })).toBe('kept')
  })

  it.each([
    ['says something else', 'total', 'the law cannot be judged: it must say true, false or texts, says 6'],
    ['says null', 'null', 'the law cannot be judged: it must say true, false or texts, says null'],
    ['comes upon what it cannot work with', '"a" - 1', /cannot be judged: its expression The left side/],
    ['never ends', '($f := function($n) { $f($n + 1) }; $f(1))', /more than 200000 steps/],
    ['recurs too deep', '($f := function($n) { 1 + $f($n + 1) }; $f(1))', /nests more than 500 deep/],
    ['makes too many items', '$count([1..9000000]) > 0', /more than 100000 items/],
    [
      'doubles a text',
      '$reduce([1..40], function($s, $n) { $s & $s }, "xxxxxxxx") = ""',
      /a text of more than/,
    ],
    ['pads without end', '$pad("x", 900000000) = ""', /pads to more than/],
  ])('is an error of its own, and never holds, where it %s', async (_, jsonata, message) => {
    const verdict = await judgeBody(ROWS, true, [{ law: 'it holds', on: ['read'], jsonata }])
    expect(verdict.findings).toHaveLength(1)
    expect(verdict.findings[0]).toMatchObject({ check: 'law', level: 'error', law: 'it holds' })
    expect(verdict.findings[0]?.message).toMatch(message)
  })

  it('takes time in proportion to the text, whatever the pattern', async () => {
    const body = { a: `${'a'.repeat(50_000)}!` }
    expect(await judge('$not($contains(a, /^(a+)+$/))', body)).toBe('kept')
  })

  it('counts the steps of each evaluation by itself, also of those that run side by side', async () => {
    const expression = await readExpression('$count($map([1..9000], function($n) { $n + 1 })) = 9000')
    const said = await Promise.all(Array.from({ length: 12 }, () => expression.evaluate({}, {})))
    expect(new Set(said)).toEqual(new Set([true]))
  })
})

describe('an expression is refused when it is read', () => {
  it.each([
    ['does not parse', 'a +', /Unexpected end of expression/],
    ['reads code', '$eval("1")', /\$eval is not deterministic, or reads code/],
    ['reads code by another name', '($e := $eval; $e("1"))', /\$eval/],
    ['depends on time', '$now() > a', /\$now/],
    ['depends on time inside a function', '$map(a, function($x) { $millis() })', /\$millis/],
    ['depends on chance', '$random() < 1', /\$random/],
    ['depends on chance in its order', 'a ~> $shuffle', /\$shuffle/],
    ['looks around in a pattern', '$contains(a, /x(?=y)/)', /cannot be matched in linear time/],
    ['refers back in a pattern', '$contains(a, /(x)\\1/)', /cannot be matched in linear time/],
    ['is endless', 'a'.repeat(5000), /longer than 4000 characters/],
    ['is nested without end', `${'('.repeat(1990)}1${')'.repeat(1990)}`, /^(?!longer)/],
  ])('where it %s', async (name, text, message) => {
    const fault = await faultOf(text)
    if (name === 'is nested without end') expect(fault === null || fault.includes('deep')).toBe(true)
    else expect(fault).toMatch(message)
  })

  it('names the place of each that is', async () => {
    const laws = [{ jsonata: 'a +' }, { equals: ['/a', 1] }, { jsonata: 'a' }, { jsonata: '$now()' }]
    const reading = verifyExpressions(laws, (pointer) => `acme.yaml${pointer}`)
    await expect(reading).rejects.toThrow(/^acme\.yaml\/laws\/0\/jsonata: the expression Unexpected end/)
    await expect(reading).rejects.toThrow(/\nacme\.yaml\/laws\/3\/jsonata: the expression \$now is/)
  })
})
