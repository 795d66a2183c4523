/**
 * Recorded traffic as a source of exchanges: reading the file, judging it for each API, and telling what
 * could not be judged.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises'
import { HAR_LIMIT_BYTES, readHar } from '../contract/har.ts'
import { createMatch, placesOf } from '../contract/matching.ts'
import type { RecordedOptions } from '../contract/recorded.ts'
import { basesOf, checkExchanges } from '../contract/recorded.ts'
import { visibleLine } from '../contract/report/visible.ts'
import type { Subject } from '../contract/subject.ts'
import type { Verdict } from '../contract/verdict.ts'
import { UsageError } from '../model/usage-error.ts'

const MOST_TOLD = 10

/**
 * Judges a recording by each of some contracts.
 *
 * @param optionsFor - How each is judged; its bases are the only URLs or paths that requests may begin with.
 * @param note - Told what belongs to no operation, and what could not be judged.
 * @throws {@link UsageError} when the file cannot be read.
 */
export async function judgeHar(
  subjects: readonly Subject[],
  file: string,
  optionsFor: (subject: Subject) => RecordedOptions,
  note: (line: string) => void,
): Promise<readonly Verdict[]> {
  const { exchanges, left } = readHar(await readText(file))
  const matches = subjects.map((subject) => {
    const { bases = [] } = optionsFor(subject)
    return createMatch(subject, bases.length > 0 ? bases : basesOf(subject, [`/${subject.document.id}`]))
  })
  const strange = exchanges.filter(({ request }) => matches.every((match) => match(request) === null))
  const places = placesOf(strange.map(({ request }) => request))
  for (const { place, count } of places.slice(0, MOST_TOLD))
    note(`of no operation: ${visibleLine(place)} (${count})`)
  if (places.length > MOST_TOLD) note(`of no operation: ${places.length - MOST_TOLD} other places`)
  const reasons = new Map<string, number[]>()
  for (const { entry, reason } of left) reasons.set(reason, [...(reasons.get(reason) ?? []), entry])
  for (const [reason, entries] of reasons) {
    const named = entries.slice(0, MOST_TOLD).join(', ')
    note(`not judged, as ${reason}: entry ${named}${entries.length > MOST_TOLD ? ' and others' : ''}`)
  }
  return Promise.all(
    subjects.map((subject) => {
      const options = { ...optionsFor(subject), basePaths: [`/${subject.document.id}`], label: file }
      return checkExchanges(subject, exchanges, options)
    }),
  )
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > HAR_LIMIT_BYTES) throw new UsageError(`${file} is larger than ${HAR_LIMIT_BYTES >> 20} MB`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
