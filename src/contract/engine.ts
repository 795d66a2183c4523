/**
 * The engine: does pieces of work side by side and keeps their books in the order of the plan, so that the
 * verdict does not depend on who was faster. What the pieces ask and judge is theirs.
 *
 * @module
 */
import type { Sightings } from './coverage/sightings.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import type { Piece } from './piece.ts'
import { isWanted } from './piece.ts'
import type { Recorder } from './recorder.ts'
import { createRecorder } from './recorder.ts'
import type { Selection } from './select.ts'
import type { Judge } from './subject.ts'
import type { Session } from './target.ts'
import type { View } from './view.ts'
import { isSuccess } from './view.ts'

/** What an engine works with. */
export interface EngineParts {
  readonly judge: Judge
  readonly session: Session
  readonly selection: Selection
  readonly sightings: Sightings
  /** Pieces of work at the same time. */
  readonly concurrency: number
  readonly onProgress: (done: number, planned: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Does pieces of work. */
export interface Engine {
  /** All evidence so far. */
  readonly book: Book
  /** By the id of a finding, the piece of work that first showed it. */
  readonly origins: ReadonlyMap<string, Piece<unknown>>
  /** The first operations of the pieces that were broken off or not begun. */
  readonly undone: readonly string[]
  /** Did anything answer with success, on the record or off it? */
  readonly isReached: () => boolean
  /**
   * Does the pieces that are asked for.
   *
   * @returns Their results in the order of the pieces; null for those that were left out or broken off.
   */
  work<Result>(pieces: readonly Piece<Result>[]): Promise<readonly (Result | null)[]>
  /** Does something once more, off the record, until enough was seen. */
  again(run: Piece<unknown>['run'], isEnough: (book: Book, exchanges: number) => boolean): Promise<Again>
}

/** What was seen when something was done once more. */
export interface Again {
  readonly book: Book
  readonly views: readonly View[]
}

/** What an engine has written down so far. */
interface Ledger {
  readonly book: Book
  readonly origins: Map<string, Piece<unknown>>
  readonly undone: string[]
  done: number
  expected: number
  isReached: boolean
}

/** Creates an engine with an empty book. */
export function createEngine(parts: EngineParts): Engine {
  const ledger: Ledger = {
    book: createBook(),
    origins: new Map(),
    undone: [],
    done: 0,
    expected: 0,
    isReached: false,
  }
  const { book, origins, undone } = ledger
  return {
    book,
    origins,
    undone,
    isReached: () => ledger.isReached,
    work: (pieces) => doPieces(parts, ledger, pieces),
    again: (run, isEnough) => doAgain(parts, run, isEnough),
  }
}

async function doPieces<Result>(
  parts: EngineParts,
  ledger: Ledger,
  pieces: readonly Piece<Result>[],
): Promise<readonly (Result | null)[]> {
  const { selection, concurrency } = parts
  const wanted = pieces.filter((piece) => isWanted(piece, selection))
  const isOwn = ({ name }: Piece<Result>): boolean => selection.takes(name)
  const own = wanted.filter(isOwn)
  ledger.expected = ledger.done + own.reduce((sum, { exchanges }) => sum + exchanges, 0)
  const results = new Map<Piece<Result>, Result>()
  const recorders = new Map(own.map((piece) => [piece, openRecorder(parts, ledger)]))
  // Who looks for findings stops at the last of them, so their books are kept as they are made.
  const looksFor = selection.findings
  const stops = looksFor !== null || selection.untilBroken

  async function doPiece(piece: Piece<Result>): Promise<void> {
    const recorder = recorders.get(piece)
    if (recorder === undefined && piece.lends !== true) return
    if (stops && isFound(ledger, selection)) return
    try {
      parts.signal?.throwIfAborted()
      results.set(piece, await piece.run(recorder ?? openAside(parts, ledger)))
    } catch (error) {
      if (parts.signal?.aborted !== true) throw error
      if (recorder !== undefined) ledger.undone.push(piece.operations[0] ?? piece.name)
    }
    if (stops && recorder !== undefined) keep(ledger, piece, recorder)
  }

  await sideBySide(wanted, doPiece, stops ? 1 : concurrency)
  if (!stops) for (const [piece, recorder] of recorders) keep(ledger, piece, recorder)
  return pieces.map((piece) => results.get(piece) ?? null)
}

/** Was found what is looked for: the findings of these names, or any one? */
function isFound({ origins, book }: Ledger, { findings, wants }: Selection): boolean {
  if (findings !== null) return [...findings].every((id) => origins.has(id))
  return [...book.entries.values()].some(
    (entry) => entry.findings.size > 0 && wants(entry.check, entry.operationId),
  )
}

function openRecorder(parts: EngineParts, ledger: Ledger): Recorder {
  const { judge, session, selection, sightings, onProgress } = parts
  return createRecorder({ judge, session, wants: selection.wants }, (view) => {
    ledger.done += 1
    ledger.isReached ||= isSuccess(view)
    if (view.stray !== true) sightings.observe(view)
    onProgress(ledger.done, Math.max(ledger.done, ledger.expected))
  })
}

/** A recorder whose book nobody reads: another run keeps it. */
function openAside({ judge, session }: EngineParts, ledger: Ledger): Recorder {
  return createRecorder({ judge, session, wants: () => false }, (view) => {
    ledger.isReached ||= isSuccess(view)
  })
}

function keep(ledger: Ledger, piece: Piece<unknown>, { book }: Recorder): void {
  for (const { findings } of book.entries.values()) {
    for (const { id } of findings.values()) if (!ledger.origins.has(id)) ledger.origins.set(id, piece)
  }
  ledger.book.merge(book)
}

const ENOUGH = Symbol('enough was seen')

async function doAgain(
  { judge, session, selection }: EngineParts,
  run: Piece<unknown>['run'],
  isEnough: (book: Book, exchanges: number) => boolean,
): Promise<Again> {
  const views: View[] = []
  const recorder = createRecorder({ judge, session, wants: selection.wants }, (view) => {
    views.push(view)
    if (isEnough(recorder.book, views.length)) throw ENOUGH
  })
  try {
    await run(recorder)
  } catch (error) {
    if (error !== ENOUGH) throw error
  }
  return { book: recorder.book, views }
}

/** Does a few things at a time, begun in their order. */
async function sideBySide<Item>(
  items: readonly Item[],
  action: (item: Item) => Promise<void>,
  concurrency: number,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await action(item)
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker))
}
