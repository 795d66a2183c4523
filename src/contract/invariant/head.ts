/**
 * HEAD beside GET: the same status and the same headers, and no body.
 *
 * @module
 */
import { judgeHead } from '../check/method.ts'
import type { Piece } from '../piece.ts'
import type { HeadPair } from '../plan/method.ts'
import type { Recorder } from '../recorder.ts'

/** The piece of work that holds one HEAD beside its GET. */
export function pieceOfHead(pair: HeadPair): Piece<void> {
  const [{ operationId, url }] = pair
  return {
    kind: 'case',
    name: `head ${operationId} ${url.replace(/^[a-z]+:\/\/[^/]*/i, '')}`,
    operations: [operationId],
    checks: ['unsupported_method'],
    exchanges: 2,
    repeatable: true,
    run: (recorder) => compareHead(recorder, pair),
  }
}

/** Asks for a GET, its HEAD, and the GET again: what changed in between says nothing of HEAD. */
async function compareHead(recorder: Recorder, [get, head]: HeadPair): Promise<void> {
  const before = await recorder.ask(get)
  const asked = await recorder.ask(head)
  const evidence = judgeHead(before, asked)
  if (evidence.findings.length === 0) return recorder.book.add(evidence)
  const after = await recorder.ask(get)
  const moved = judgeHead(before, after).findings.length > 0
  const { check, operationId } = evidence
  if (!moved) recorder.book.add(evidence)
  else
    recorder.book.add({ check, operationId, exchanges: 0, findings: [], reason: 'GET changes as it is read' })
}
