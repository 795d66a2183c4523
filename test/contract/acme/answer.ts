/**
 * One answer judged by one schema and a few laws: what the checks of a single exchange say.
 *
 * @module
 */
import type { Exchange } from '../../../src/contract/exchange.ts'
import { checkExchanges } from '../../../src/contract/recorded.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { readJobContract } from '../../../src/job-contract/read-job-contract.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { createDocument } from '../../../src/openapi/document.ts'

/** Judges a body that `GET /a` answered with 200. */
export async function judgeBody(
  body: Json,
  schema: Json,
  laws: readonly Json[] = [],
  schemas: Json = {},
): Promise<Verdict> {
  const content = { 'application/json': { schema } }
  const document = createDocument('a', 'a.yaml', {
    openapi: '3.1.0',
    paths: { '/a': { get: { operationId: 'read', responses: { '200': { content } } } } },
    components: { schemas },
  })
  const data: JsonObject = { api: 'a', operations: { read: { role: 'status' } }, laws }
  const contract = readJobContract(data, document, (pointer) => pointer)
  const exchange: Exchange = {
    operationId: null,
    request: { method: 'GET', url: '/a', headers: {}, body: null },
    response: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    purpose: 'test',
  }
  const locate = (): { line: number; column: number } => ({ line: 1, column: 1 })
  return checkExchanges({ document, contract, locate, file: 'a.yaml' }, [exchange])
}
