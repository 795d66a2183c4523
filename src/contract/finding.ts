/**
 * Findings: broken promises, each with its sentence, its place in the answer and its line in the document.
 * Which checks there are stands here too, a sentence each.
 *
 * @module
 */
import type { Exchange } from './exchange.ts'
import { idOf } from './finding-id.ts'
import type { Place, Subject } from './subject.ts'
import { placeOf } from './subject.ts'
import { isSure } from './sure.ts'

/** Every check by name, in the order of reports, with what it asserts. */
export const CHECKS = {
  no_server_error: 'the server does not fail',
  status_code_conformance: 'every status is documented',
  content_type_conformance:
    'every answer has a documented media type, and a body exactly where one is documented',
  response_headers_conformance: 'documented headers are there and keep their schemas',
  json_text_conformance: 'every JSON text means one value, the same to every reader',
  response_schema_conformance: 'every body keeps its schema, errors included',
  positive_data_acceptance: 'what the document allows is accepted',
  negative_data_rejection: 'what the document forbids is refused',
  ignored_auth: 'nothing is answered without credentials',
  unsupported_method: 'a method that is not documented is refused, and the answer names those that are',
  id_echo: 'an answer repeats the ids it was asked by',
  job_state: 'a job is answered in the states that allow it, and refused in the others',
  law: 'the laws of the job contract hold',
  J01: 'a job goes only from state to state as it may',
  J02: 'a job that has ended stays as it is',
  J03: 'progress never falls, and what is done is part of the whole',
  J04: 'a job that succeeded is done with everything',
  J05: 'the instants of a job are there when its state says so, and in their order',
  J06: 'a job has an error exactly when it failed, and the error says why',
  J07: 'links and locations lead to the job they are given for',
  J08: 'a request that comes again with its key makes no second job',
  J09: 'what has ended is neither cancelled nor changed by being asked to',
  J10: 'a job that does not exist, or is of somebody else, is refused as such',
  J11: 'who is told to wait is told for how long, truly',
  J12: 'a job that has no rows yet shows an empty page',
  J13: 'the rows of a job follow its progress',
  P01: 'the total is true, and the same on every page',
  P02: 'each row is on exactly one page, whichever way the pages are walked',
  P03: 'sorting loses and repeats no row, ties and nulls included',
  P04: 'the size of pages changes no row',
  P05: 'more rows are promised exactly while rows follow',
  P06: 'no page is longer than its limit, and only the last is shorter',
  P07: 'a spoiled cursor is refused',
  P08: 'a cursor holds for its own query alone',
  P09: 'a limit out of its bounds is refused, or brought back into them where that is documented',
  S01: 'rows have the order that was asked for',
  S02: 'the other direction gives the same rows the other way round',
  S03: 'a job that stands still reads the same twice',
  F01: 'a filter gives every row that meets it, and no other',
  X01: 'a select gives exactly the selected members of the distinct rows',
  X02: 'a list shows of each job what its detail shows',
  C01: 'confidences are between 0 and 1, and agree with their values, flags and overall',
  C02: 'counters agree with the rows they count',
} as const

/** The name of a check. */
export type CheckName = keyof typeof CHECKS

/** The names of the checks, in the order of reports. */
export const CHECK_NAMES: readonly CheckName[] = Object.keys(CHECKS) as CheckName[]

/** How grave it is: an error breaks a promise, a warning only tells. */
export type Level = 'error' | 'warning'

/** Why a finding does not count yet, and until when. */
export interface KnownFailure {
  readonly reason: string
  /** The last day on which it is let pass, such as `2026-12-31`. */
  readonly expires: string
}

/** One broken promise. */
export interface Finding {
  /** The same in every run: made of API, check, operation, status, law and topic. */
  readonly id: string
  readonly check: CheckName
  readonly level: Level
  /** The promise was read into the document and stands nowhere. */
  readonly inferred?: true
  /** Asked again, the target answered otherwise: it is told of, and breaks nothing. */
  readonly unstable?: true
  /** The baseline knows it: it is told of, and breaks nothing. */
  readonly baseline?: KnownFailure
  /** A command that sends what shows it, and little else. */
  readonly replay?: string
  /** The law's sentence; present for the check `law` alone. */
  readonly law?: string
  readonly operationId: string
  readonly method: string
  /** The path as the document writes it. */
  readonly path: string
  readonly status: number
  /** Names the place and tells what was expected and what came. */
  readonly message: string
  /** Pointer into the answer; empty for the answer as a whole. */
  readonly at: string
  readonly document: Place
  /** The smallest set that shows it, one or two. */
  readonly exchanges: readonly Exchange[]
  /** How often it was seen; the rest of the finding tells of the first time. */
  readonly count: number
  /** What it is about: findings of one check, operation, status and topic are one finding seen often. */
  readonly topic: string
}

/** What a check has to say; the rest of a finding follows from the exchange. */
export interface Remark {
  readonly check: CheckName
  /** `error` where it is left out. */
  readonly level?: Level
  readonly law?: string
  readonly message: string
  readonly at?: string
  /** Pointer into the document; the operation's where it is left out. */
  readonly pointer?: string
  /** The pointer where it is left out. */
  readonly topic?: string
  /** A second exchange that it takes to see the fault. */
  readonly beside?: Exchange
}

/** The operation's own facts that a finding repeats. */
interface Owner {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly pointer: string
}

/** Makes a remark on an exchange a finding. */
export function findingOf(subject: Subject, operation: Owner, exchange: Exchange, remark: Remark): Finding {
  const pointer = remark.pointer ?? operation.pointer
  const topic = remark.topic ?? pointer
  const { status } = exchange.response
  const facts = { check: remark.check, operationId: operation.id, status, law: remark.law, topic }
  const at = remark.at ?? ''
  const exchanges = remark.beside === undefined ? [exchange] : [remark.beside, exchange]
  const inferred = subject.inferred === true && restsOnJobs(remark.check)
  const doubted = inferred && !isSure(subject, operation.id, { check: remark.check, at, exchanges })
  return {
    id: idOf(subject.document.id, facts),
    check: remark.check,
    level: doubted ? 'warning' : (remark.level ?? 'error'),
    ...(inferred ? { inferred: true } : {}),
    ...(remark.law === undefined ? {} : { law: remark.law }),
    operationId: operation.id,
    method: operation.method,
    path: operation.path,
    status,
    message: remark.message,
    at,
    document: placeOf(subject, pointer),
    exchanges,
    count: 1,
    topic,
  }
}

/** Does a check need a job contract? Those before `id_echo` are content with the document. */
function restsOnJobs(check: CheckName): boolean {
  return CHECK_NAMES.indexOf(check) >= CHECK_NAMES.indexOf('id_echo')
}

/**
 * Does it break the contract? What only warns, what a second look did not show and what is known does not.
 */
export function isBreach({ level, unstable, baseline }: Finding): boolean {
  return level === 'error' && unstable !== true && baseline === undefined
}
