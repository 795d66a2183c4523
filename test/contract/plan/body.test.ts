import { expect, it } from 'vitest'
import { brokenBodies, rightBody } from '../../../src/contract/plan/body.ts'
import { createJudge } from '../../../src/contract/subject.ts'
import { createDocument } from '../../../src/openapi/document.ts'

it('leaves members that only answers have out of right bodies, and misses them in no wrong one', () => {
  const schema = {
    type: 'object',
    required: ['id', 'name'],
    properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } },
  }
  const document = createDocument('a', 'a.yaml', {
    openapi: '3.1.0',
    info: { title: 'a', version: '1' },
    paths: {
      '/a': {
        post: {
          requestBody: { content: { 'application/json': { schema } } },
          responses: { '200': { description: 'a' } },
        },
      },
    },
  })
  const locate = (): { line: number; column: number } => ({ line: 1, column: 1 })
  const judge = createJudge({ document, contract: null, locate, file: 'a.yaml' })
  const [operation] = document.operations
  const faults = operation === undefined ? [] : brokenBodies(judge, operation).map(({ fault }) => fault)
  expect(operation === undefined ? null : rightBody(judge, operation)).toEqual({
    name: expect.any(String),
  })
  expect(faults).toContain('the body lacks the required member name')
  expect(faults).not.toContain('the body lacks the required member id')
})
