import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { judge, RESPONSES, subjectOf } from './planned.ts'

const HEADERS: Readonly<Record<string, Json>> = {
  'If-Match': { type: 'string', minLength: 3 },
  'If-Unmodified-Since': { type: 'string', enum: ['Wed, 21 Oct 2015 07:28:00 GMT'] },
  Range: { type: 'string', pattern: '^bytes=\\d+-\\d+$' },
  'Accept-Language': { type: 'string', enum: ['xx', 'yy'] },
}

/** The breaches of a server that answers a header with a status. */
async function breaches(name: string, status: number, isDocumented: boolean): Promise<readonly string[]> {
  const responses = isDocumented ? { ...RESPONSES, [status]: { description: 'a condition' } } : RESPONSES
  const parameters = [{ name, in: 'header', schema: HEADERS[name] ?? {} }]
  const subject = subjectOf({ '/things': { get: { operationId: 'read', parameters, responses } } })
  const { findings } = await judge(subject, ({ method, headers }) => {
    if (method !== 'GET') return Promise.resolve(new Response('', { status: 405, headers: { allow: 'GET' } }))
    return Promise.resolve(new Response('', { status: headers.has(name) ? status : 200 }))
  })
  return findings.filter(({ level }) => level === 'error').map(({ check }) => check)
}

describe('an answer to a condition of the request', () => {
  it.each([
    ['If-Match', 412],
    ['If-Unmodified-Since', 412],
    ['Range', 416],
    ['Accept-Language', 406],
  ])('%s is no fault of the server where it is %i', async (name, status) => {
    expect(await breaches(name, status, true)).toEqual([])
    expect(await breaches(name, status, false)).toEqual([])
  })

  it('is one where the header asks for nothing of the kind', async () => {
    expect(await breaches('Accept-Language', 412, true)).toContain('positive_data_acceptance')
  })
})
