/**
 * Where in an answer a job and its state are seen.
 */
import { describe, expect, it } from 'vitest'
import { draftOf } from '../../src/cli/inferred.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answerOf, documentOf, inferred, inPath } from './draft.ts'

const text = { type: 'string' }
const words = ['queued', 'running', 'succeeded', 'failed']
const state = { ...text, enum: words }
const things = (properties: JsonObject): JsonObject => ({ type: 'object', properties })
const oneOf = words.map((word) => things({ id: text, status: { const: word } }))

describe('jobs are seen', () => {
  it.each<[string, JsonObject, string, string | null]>([
    [
      'an envelope',
      things({ data: things({ id: text, status: state }), meta: things({}) }),
      '/data/status',
      '/data/id',
    ],
    ['an envelope called as the job', things({ job: things({ id: text, state }) }), '/job/state', '/job/id'],
    [
      'attributes in an envelope',
      things({ data: things({ id: text, type: text, attributes: things({ status: state }) }) }),
      '/data/attributes/status',
      '/data/id',
    ],
    [
      'a state in an object',
      things({ id: text, status: things({ state, message: text }) }),
      '/status/state',
      '/id',
    ],
    ['branches with one word each', { oneOf }, '/status', '/id'],
    [
      'words that the description tells',
      things({
        id: text,
        status: { ...text, description: 'One of `queued`, `running`, `succeeded`, `failed`.' },
      }),
      '/status',
      '/id',
    ],
    ['words that are examples', things({ id: text, status: { ...text, examples: words } }), '/status', '/id'],
  ])('in %s', (_, schema, at, id) => {
    const responses = { 200: { description: 'it', content: { 'application/json': { schema } } } }
    const parameters = [inPath('id')]
    const draft = inferred(
      documentOf({ '/jobs/{id}': { get: { operationId: 'one', parameters, responses } } }),
    )
    const { role, state: found, id: own } = draft.operations['one'] ?? {}
    expect([role, found, own]).toEqual(['status', at, id])
    expect(draft.states).toEqual({
      queued: 'queued',
      running: 'running',
      succeeded: 'succeeded',
      failed: 'failed',
    })
  })

  it('where an operation says only whether it is done', () => {
    const parameters = [inPath('operationId')]
    const responses = answerOf({
      name: text,
      done: { type: 'boolean' },
      error: things({}),
      response: things({}),
    })
    const paths = { '/operations/{operationId}': { get: { operationId: 'one', parameters, responses } } }
    const { role, state: found, job } = inferred(documentOf(paths)).operations['one'] ?? {}
    expect([role, found, job]).toEqual(['status', null, 'operationId'])
  })

  it('but not in what has an id of its own and holds a job', () => {
    const parameters = [inPath('id')]
    const responses = answerOf({ id: text, last_run: things({ id: text, status: state }) })
    const paths = { '/schedules/{id}': { get: { operationId: 'one', parameters, responses } } }
    expect(draftOf(documentOf(paths), 'guess')).toBeNull()
  })
})
