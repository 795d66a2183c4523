import { describe, expect, it } from 'vitest'
import { planCases } from '../../../src/contract/plan/plan.ts'
import { createJudge } from '../../../src/contract/subject.ts'
import { RESPONSES, subjectOf } from '../planned.ts'

/** What the requests that are forbidden by required headers carry. */
function forbidden(
  names: readonly string[],
  given: Readonly<Record<string, string>> = {},
): readonly Readonly<Record<string, string>>[] {
  const schema = { type: 'string', minLength: 2 }
  const parameters = names.map((name) => ({ name, in: 'header', required: true, schema }))
  const subject = subjectOf({ '/things': { get: { parameters, responses: RESPONSES } } })
  const aim = {
    judge: createJudge(subject),
    baseUrl: 'http://a.test',
    headers: given,
    query: [],
    parameters: {},
    seed: 1,
  }
  return planCases({ aim, jobs: [], allowWrites: false })
    .cases.filter(({ purpose }) => purpose.startsWith('forbidden'))
    .map(({ headers }) => headers)
}

describe('a header that clients add', () => {
  it.each(['User-Agent', 'Accept-Language'])('such as %s is broken, and never left out', (name) => {
    const sent = forbidden([name])
    expect(sent).not.toEqual([])
    for (const headers of sent) expect(headers).toHaveProperty(name)
  })

  it.each(['Sec-Fetch-Mode', 'Host', 'Connection', 'Content-Length', 'Expect', 'Keep-Alive', 'Accept'])(
    'such as %s is left alone where no other value can be sent',
    (name) => {
      expect(forbidden([name])).toEqual([])
    },
  )
})

describe('a header that was given for every request', () => {
  it('is left out where its lack is what is forbidden', () => {
    const sent = forbidden(['X-Tenant'], { 'x-tenant': 'me', 'x-other': 'yes' })
    expect(sent[0]).toEqual({ 'x-other': 'yes' })
    expect(sent.length).toBeGreaterThan(1)
  })
})
