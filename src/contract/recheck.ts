/**
 * The second look: what shows a fault is asked again, in the same order. A fault that is gone then is told of
 * as unstable; one that stays is made as small as it can be shown. What moves by itself is not asked again,
 * since it would not be the same question.
 *
 * @module
 */
import type { Engine } from './engine.ts'
import type { Book, Entry } from './evidence.ts'
import type { Finding } from './finding.ts'
import { minimise } from './minimise.ts'
import type { Piece } from './piece.ts'
import type { Aim } from './plan/aim.ts'
import type { Recorder } from './recorder.ts'
import { caseOf, hasFinding, isShownByOne } from './second-look.ts'
import type { View } from './view.ts'

/** How many exchanges the second looks at what was found may take. */
const LOOK_BUDGET = 600
/** How many exchanges it may take to make findings smaller. */
const SMALLER_BUDGET = 300

/** A finding where the book keeps it. */
interface Kept {
  readonly entry: Entry
  readonly key: string
  readonly finding: Finding
  readonly piece: Piece<unknown>
}

/** What a second look said. */
type Look = 'shown' | 'gone' | 'unknown'

/**
 * Looks a second time at what was found, and writes down what that says.
 *
 * @param looked - The findings that were looked at before, by their ids; those of now are added.
 */
export async function recheck(
  engine: Engine,
  aim: Aim,
  looked: Set<string>,
  signal?: AbortSignal,
): Promise<void> {
  const kept = keptFindings(engine).filter(({ finding }) => !looked.has(finding.id))
  for (const { finding } of kept) looked.add(finding.id)
  const looks = new Map<Kept, Look>()
  try {
    await lookAtExchanges(engine, kept, looks)
    await lookAtPieces(engine, kept, looks)
  } catch (error) {
    if (signal?.aborted !== true) throw error
  }
  for (const [{ entry, key, finding }, look] of looks) {
    if (look === 'gone') entry.findings.set(key, { ...finding, unstable: true })
  }
  try {
    const budget = { exchanges: SMALLER_BUDGET }
    for (const [{ entry, key, finding }, look] of looks) {
      if (look === 'shown') entry.findings.set(key, await minimise(engine, aim, finding, budget))
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error
  }
}

function keptFindings({ book, origins }: Engine): readonly Kept[] {
  return [...book.entries.values()].flatMap((entry) =>
    [...entry.findings].flatMap(([key, finding]) => {
      const piece = origins.get(finding.id)
      return piece?.repeatable === true ? [{ entry, key, finding, piece }] : []
    }),
  )
}

/** What one answer shows by itself is shown by asking for that answer alone, where asking changes nothing. */
async function lookAtExchanges(engine: Engine, kept: readonly Kept[], looks: Map<Kept, Look>): Promise<void> {
  for (const each of kept.slice(0, LOOK_BUDGET / 2)) {
    const { finding, piece } = each
    const exchange = finding.exchanges.at(-1)
    if (exchange === undefined || piece.kind === 'life' || !isShownByOne(finding)) continue
    const { book } = await engine.again(
      (recorder) => recorder.ask(caseOf(exchange)),
      () => false,
    )
    if (hasFinding(book, finding)) looks.set(each, 'shown')
  }
}

/** The rest is shown by the work that showed it first, done again until all of it is seen. */
async function lookAtPieces(engine: Engine, kept: readonly Kept[], looks: Map<Kept, Look>): Promise<void> {
  let left = LOOK_BUDGET / 2
  const open = kept.filter((each) => !looks.has(each))
  for (const piece of new Set(open.map((each) => each.piece))) {
    const own = open.filter((each) => each.piece === piece)
    const isSeen = (book: Book): boolean => own.every(({ finding }) => hasFinding(book, finding))
    const most = left
    if (most <= 0) return
    const run = (recorder: Recorder): Promise<unknown> => piece.run(recorder)
    const { book, views } = await engine.again(run, (seen, asked) => asked >= most || isSeen(seen))
    left -= views.length
    const whole = views.length < most && !views.some(isEvasive)
    for (const each of own) {
      looks.set(each, hasFinding(book, each.finding) ? 'shown' : whole ? 'gone' : 'unknown')
    }
  }
}

/** An answer, or none, that says nothing about what was asked. */
function isEvasive({ exchange }: View): boolean {
  return [0, 429, 503].includes(exchange.response.status)
}
