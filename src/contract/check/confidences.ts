/**
 * C01: confidences are numbers from 0 to 1, agree with their values and their flags, and what is said of all
 * of them lies among them.
 *
 * @module
 */
import type { ConfidenceContract } from '../../job-contract/job-words.ts'
import type { Json } from '../../model/json.ts'
import { pointerTo, readPointer, segmentsOf } from '../../model/pointer.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Located } from '../operand.ts'
import { placesAt } from '../operand.ts'
import { memberPlace, pageOf } from '../row/page.ts'
import { schemaPlace } from '../schema-place.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'

/** What is wrong, and where. */
interface Fault {
  readonly at: string
  readonly message: string
}

/** Reports confidences that cannot be; null where there are none. */
export function checkConfidences(view: View): readonly Finding[] | null {
  const { contract, body, judge } = view
  if (contract === null || body === undefined || !isSuccess(view)) return null
  // A request that selects members leaves others out.
  if (queryText(view, contract.rows?.select?.parameter) !== null) return null
  const { list } = contract
  const own = list === null ? contract : contractOf(judge.subject, list.of)
  const answers = list === null ? [{ at: '', value: body }] : placesAt(body, `${list.at}/*`)
  let seen = 0
  const findings = answers.flatMap(({ at: base, value }) =>
    (own?.confidences ?? []).flatMap((words) => {
      const places = words.each === null ? [{ at: '', value }] : placesAt(value, words.each)
      const known = places.filter((place) => readPointer(place.value, words.confidence) !== undefined)
      seen += known.length
      const faults = [
        ...known.flatMap((place) => faultsAt(place, words)),
        ...overallFaults(value, known, words),
      ]
      return faults.map((fault) => findingFor(view, { ...fault, at: base + fault.at }))
    }),
  )
  return seen === 0 ? null : findings
}

function findingFor(view: View, { at, message }: Fault): Finding {
  const page = pageOf(view)
  const rows = page?.contract.at ?? null
  const member =
    rows !== null && at.startsWith(`${rows}/`) ? segmentsOf(at.slice(rows.length)).slice(1) : null
  const schema = view.media?.schema ?? null
  const json = view.judge.subject.document.json
  const pointer =
    page !== null && member !== null
      ? memberPlace(page, member)
      : schema === null
        ? null
        : schemaPlace(json, schema, at)
  const place = at.replace(/\/\d+(?=\/|$)/g, '/*')
  const topic = `${view.operation.id} ${place} ${message.replace(/^.*? (?=must)/, '')}`
  return remarkOn(view, { check: 'C01', message, at, topic, ...(pointer === null ? {} : { pointer }) })
}

function faultsAt({ at, value: node }: Located, words: ConfidenceContract): readonly Fault[] {
  const confidence = readPointer(node, words.confidence) ?? null
  const place = at + words.confidence
  const fault = (where: string, message: string): Fault => ({ at: at + where, message })
  if (confidence !== null && !isShare(confidence)) {
    return [fault(words.confidence, `${place} must be a number from 0 to 1, is ${show(confidence)}`)]
  }
  const value = words.value === null ? undefined : readPointer(node, words.value)
  const flag = words.flagged === null ? undefined : readPointer(node, words.flagged)
  const faults: Fault[] = []
  if (value === null && confidence !== null && confidence !== 0) {
    const message = `${place} must be null or 0, since ${words.value} is null; is ${show(confidence)}`
    faults.push(fault(words.confidence, message))
  }
  if (flag === undefined || words.flagged === null) return faults
  const flagged = isRaised(flag)
  if (value === null && !flagged) {
    faults.push(fault(words.flagged, `${at}${words.flagged} must be set, since ${words.value} is null`))
  } else if (words.threshold !== null && typeof confidence === 'number' && value !== null) {
    const low = confidence < words.threshold
    const side = low ? 'below' : 'not below'
    const message =
      `${at}${words.flagged} must ${low ? '' : 'not '}be set, since ${place}, ${confidence}, ` +
      `is ${side} ${words.threshold}`
    if (low !== flagged) faults.push(fault(words.flagged, message))
  }
  return faults
}

/** JSON has no number that is not finite, but texts that readers take for one. */
function isShare(value: Json): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1
}

function isRaised(flag: Json): boolean {
  return Array.isArray(flag) ? flag.length > 0 : Boolean(flag)
}

/** Rounding may put it a little outside. */
const MARGIN = 0.005

function overallFaults(
  answer: Json,
  places: readonly Located[],
  { overall, confidence }: ConfidenceContract,
): readonly Fault[] {
  const value = overall === null ? undefined : readPointer(answer, overall)
  if (overall === null || value === undefined || value === null) return []
  if (!isShare(value))
    return [{ at: overall, message: `${overall} must be a number from 0 to 1, is ${show(value)}` }]
  const known = places
    .map((place) => readPointer(place.value, confidence))
    .filter((each): each is number => typeof each === 'number')
  if (known.length === 0) return []
  const [least, most] = [Math.min(...known), Math.max(...known)]
  if (Number(value) >= least - MARGIN && Number(value) <= most + MARGIN) return []
  const bounds = `from ${least} to ${most}, the least and the greatest of ${pointerTo('', '*')}${confidence}`
  const message = `${overall} must be ${bounds}, is ${show(value)}`
  return [{ at: overall, message }]
}
