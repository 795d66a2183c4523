/**
 * A report: what verdicts say, as data of bounded size, with the lines of documents and bodies beside each
 * finding. It is published as JSON; every other format is made of it and says nothing that is not here.
 *
 * @see contracts/report.schema.json
 * @module
 */
import { isObject } from '../../model/json.ts'
import type { Exchange } from '../exchange.ts'
import type { Finding } from '../finding.ts'
import { isBreach } from '../finding.ts'
import type { Verdict } from '../verdict.ts'
import { exitCode, isBroken, isVacuous } from '../verdict.ts'
import { curlOf } from './curl.ts'
import type { Frame } from './frame.ts'
import { frameOfBody, frameOfLines } from './frame.ts'
import { cutText } from './visible.ts'

/** The version of the report's shape; it grows when a member changes its meaning. */
export const REPORT_VERSION = 2

/** What came of an API, in a word. */
export type State = 'kept' | 'broken' | 'nothing validated'

/** An exchange of which long parts are cut. */
export interface ReportedExchange extends Exchange {
  /** How many characters of the answer's body were left out; absent where none was. */
  readonly cut?: number
  /** A command that sends the request again; secrets must be filled in. */
  readonly curl: string
}

/** A finding with the lines around its places. */
export interface ReportedFinding extends Finding {
  readonly exchanges: readonly ReportedExchange[]
  readonly frames: {
    /** Null where the document's text is not at hand. */
    readonly document: Frame | null
    /** Null where there is no body. */
    readonly body: Frame | null
  }
}

/** A verdict as reports tell of it. */
export interface ReportedVerdict extends Verdict {
  readonly state: State
  readonly findings: readonly ReportedFinding[]
}

/** A report. */
export interface Report {
  readonly version: typeof REPORT_VERSION
  readonly tool: { readonly name: 'standin'; readonly version: string }
  /** When it was made; absent unless asked for, so that two runs write the same bytes. */
  readonly madeAt?: string
  readonly exitCode: number
  readonly verdicts: readonly ReportedVerdict[]
}

/** What a report tells beside verdicts. */
export interface ReportFacts {
  /** The version of this program. */
  readonly version: string
  /** The texts of documents by the names that findings have for them. */
  readonly sources?: Readonly<Record<string, string>>
  readonly madeAt?: string
}

const LIMITS = { text: 2000, url: 4000, header: 1000, body: 4000, curl: 8000 } as const
const HEADER_COUNT = 60

/** Makes a report of verdicts. */
export function reportOf(verdicts: readonly Verdict[], facts: ReportFacts): Report {
  const lines = new Map(
    Object.entries(facts.sources ?? {}).map(([file, text]) => [file, text.split('\n')] as const),
  )
  return {
    version: REPORT_VERSION,
    tool: { name: 'standin', version: facts.version },
    ...(facts.madeAt === undefined ? {} : { madeAt: facts.madeAt }),
    exitCode: exitCode(verdicts),
    verdicts: verdicts.map((verdict) => {
      const { findings, ...rest } = verdict
      return {
        ...(cutDeep(rest) as typeof rest),
        state: stateOf(verdict),
        findings: findings.map((each) => toReported(each, lines)),
      }
    }),
  }
}

function stateOf(verdict: Verdict): State {
  if (isBroken(verdict)) return 'broken'
  return isVacuous(verdict) ? 'nothing validated' : 'kept'
}

function toReported(finding: Finding, lines: ReadonlyMap<string, readonly string[]>): ReportedFinding {
  const { exchanges, ...rest } = finding
  const { document, at } = finding
  const text = lines.get(document.file)
  const body = exchanges.at(-1)?.response.body ?? ''
  return {
    ...(cutDeep(rest) as typeof rest),
    exchanges: exchanges.map(shorten),
    frames: {
      document: text === undefined ? null : frameOfLines(text, document.line, document.column),
      body: frameOfBody(body, at),
    },
  }
}

/** Foreign texts reach every member of a verdict; none of them is long. */
function cutDeep(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value, LIMITS.text)
  if (Array.isArray(value)) return value.map(cutDeep)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cutDeep(member)]))
}

function shorten(exchange: Exchange): ReportedExchange {
  const { request, response, purpose } = exchange
  const { body } = response
  return {
    ...exchange,
    purpose: cutText(purpose, LIMITS.text),
    request: {
      ...request,
      url: cutText(request.url, LIMITS.url),
      headers: shortenHeaders(request.headers),
      body: request.body === null ? null : cutText(request.body, LIMITS.body),
    },
    response: { ...response, headers: shortenHeaders(response.headers), body: body.slice(0, LIMITS.body) },
    ...(body.length > LIMITS.body ? { cut: body.length - LIMITS.body } : {}),
    curl: cutText(curlOf(exchange), LIMITS.curl),
  }
}

function shortenHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).slice(0, HEADER_COUNT)
  return Object.fromEntries(
    entries.map(([name, value]) => [cutText(name, LIMITS.header), cutText(value, LIMITS.header)]),
  )
}

/** How grave a finding is once all is known of it: only a breach fails a run. */
export type Weight = 'error' | 'warning' | 'note'

/** The weight of a finding; what is known or did not show itself again is a note. */
export function weightOf(finding: Finding): Weight {
  if (isBreach(finding)) return 'error'
  return finding.unstable === true || finding.baseline !== undefined ? 'note' : 'warning'
}

/** What sets a finding apart from a plain breach, as words. */
export function marksOf({ level, inferred, unstable, baseline }: Finding): readonly string[] {
  return [
    ...(level === 'warning' ? ['warning'] : []),
    ...(inferred === true ? ['the promise is inferred'] : []),
    ...(unstable === true ? ['unstable: not seen when asked again'] : []),
    ...(baseline === undefined ? [] : [`known until ${baseline.expires}: ${baseline.reason}`]),
  ]
}
