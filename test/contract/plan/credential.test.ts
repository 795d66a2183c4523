import { describe, expect, it } from 'vitest'
import { acceptedCredentials } from '../../../src/contract/plan/credential.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { RESPONSES, subjectOf } from '../planned.ts'

const SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
  first: { type: 'apiKey', in: 'cookie', name: 'a' },
  second: { type: 'apiKey', in: 'cookie', name: 'b' },
  certificate: { type: 'mutualTLS' },
}

/** What is sent to operations with these needs, one each. */
function sentTo(
  needs: readonly Json[],
  credentials: JsonObject = {},
): ReturnType<typeof acceptedCredentials> {
  const paths = needs.map((security, at) => [`/p${at}`, { get: { security, responses: RESPONSES } }])
  const rest = { components: { securitySchemes: SCHEMES } }
  return acceptedCredentials(subjectOf(Object.fromEntries(paths), rest, { credentials, operations: {} }))
}

describe('a target that takes every credential', () => {
  it.each<[string, readonly Json[], JsonObject, JsonObject, readonly (readonly string[])[]]>([
    ['a stand-in', [[{ bearer: [] }]], {}, { Authorization: 'Bearer standin' }, []],
    ['the example', [[{ bearer: [] }]], { bearer: { example: 'x' } }, { Authorization: 'Bearer x' }, []],
    [
      'what the other operations need too',
      [[{ bearer: [] }], [{ header: [], query: [] }]],
      {},
      { Authorization: 'Bearer standin', 'X-Key': 'standin' },
      [['key', 'standin']],
    ],
    ['one of two', [[{ header: [] }, { bearer: [] }]], {}, { 'X-Key': 'standin' }, []],
    [
      'the one of two with an example',
      [[{ header: [] }, { bearer: [] }]],
      { bearer: { example: 'x' } },
      { Authorization: 'Bearer x' },
      [],
    ],
    [
      'the one that fits beside what is sent',
      [[{ bearer: [] }], [{ basic: [] }, { header: [] }]],
      {},
      { Authorization: 'Bearer standin', 'X-Key': 'standin' },
      [],
    ],
    ['several cookies', [[{ first: [], second: [] }]], {}, { cookie: 'a=standin; b=standin' }, []],
    ['nothing for a certificate', [[{ certificate: [] }]], {}, {}, []],
    ['nothing where nothing is needed', [[{}, { bearer: [] }], []], {}, {}, []],
  ])('is sent %s', (_, needs, credentials, headers, query) => {
    expect(sentTo(needs, credentials)).toEqual({ headers, query })
  })
})
