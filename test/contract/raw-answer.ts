/**
 * One raw answer judged by a fragment of a document: what the checks of a single exchange say.
 *
 * @module
 */
import { decodeBody } from '../../src/contract/body-text.ts'
import { judgeExchange } from '../../src/contract/check/check.ts'
import { createSightings } from '../../src/contract/coverage/sightings.ts'
import { createBook } from '../../src/contract/evidence.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { joinHeaders } from '../../src/contract/exchange.ts'
import type { Finding } from '../../src/contract/finding.ts'
import { createJudge, verifySchemas } from '../../src/contract/subject.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { createVerdict } from '../../src/contract/verdict.ts'
import { createView } from '../../src/contract/view.ts'
import type { Json } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'

/** An answer as it comes over the wire. */
export interface RawAnswer {
  readonly method?: string
  readonly status?: number
  /** JSON unless given; null for none. */
  readonly type?: string | null
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Uint8Array
  /** Headers of the request. */
  readonly asked?: Readonly<Record<string, string>>
}

/** The versions of OpenAPI in which a case is tried. */
const VERSIONS: Readonly<Record<string, string>> = { '3.0': '3.0.3', '3.1': '3.1.1', '3.2': '3.2.0' }

/** Judges one answer to `GET /a`, or to the method of the answer. */
export function judgeAnswer(
  dialect: string,
  responses: Json,
  answer: RawAnswer,
  components: Json = {},
): Verdict {
  const method = answer.method ?? 'GET'
  const document = createDocument('a', 'a.yaml', {
    openapi: VERSIONS[dialect] ?? dialect,
    info: { title: 'a', version: '1' },
    paths: {
      '/a': { [method === 'HEAD' ? 'get' : method.toLowerCase()]: { operationId: 'read', responses } },
    },
    components,
  })
  const { type = 'application/json', body = '' } = answer
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const exchange: Exchange = {
    operationId: null,
    request: { method, url: '/a', headers: answer.asked ?? {}, body: null },
    response: {
      status: answer.status ?? 200,
      headers: joinHeaders([
        ...(type === null ? [] : [['content-type', type] as const]),
        ...(answer.headers ?? []),
      ]),
      ...decodeBody(bytes, type ?? undefined),
    },
    purpose: 'test',
  }
  const locate = (): { line: number; column: number } => ({ line: 1, column: 1 })
  const judge = createJudge({ document, contract: null, locate, file: 'a.yaml' })
  const operation = document.operations[0]
  if (operation === undefined) throw new Error('the document has an operation')
  verifySchemas(judge)
  const [book, sightings] = [createBook(), createSightings(judge)]
  const view = createView(judge, operation, exchange)
  judgeExchange(view, book)
  sightings.observe(view)
  const secrets = { names: new Set<string>(), values: [] }
  const facts = { target: 'a test', seed: 1, secrets, sightings, unmatched: 0, reason: 'nothing for it' }
  return createVerdict(judge.subject, book, facts)
}

/** The findings on a JSON body under a schema. */
export function judgeJson(schema: Json, body: string | Uint8Array, dialect = '3.1'): readonly Finding[] {
  const responses = { '200': { description: 'a', content: { 'application/json': { schema } } } }
  return judgeAnswer(dialect, responses, { body }).findings
}
