/**
 * The report for GitHub's log: annotations of the document's lines, within what GitHub shows, and around
 * foreign text a fence behind which no line is a command.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * @module
 */
import { keyOf } from '../../random/key.ts'
import type { Report, ReportedFinding, Weight } from './report.ts'
import { marksOf, weightOf } from './report.ts'
import { cutText, visible } from './visible.ts'

/** GitHub shows so many annotations of each kind for one step. */
const LIMIT_OF_KIND = 10
const MESSAGE_LIMIT = 2000

const COMMANDS: Readonly<Record<Weight, string>> = { error: 'error', warning: 'warning', note: 'notice' }

/** What the annotations need of the outside. */
export interface GithubFacts {
  /** Names a document as the repository does; its own name where the repository does not hold it. */
  readonly pathOf: (api: string, file: string) => string
}

/** Renders the annotations: one for each line of a document, the gravest first, ten of a kind. */
export function renderAnnotations(report: Report, { pathOf }: GithubFacts): string {
  const groups = new Map<string, { path: string; findings: ReportedFinding[] }>()
  for (const { api, findings } of report.verdicts) {
    for (const finding of findings) {
      const path = pathOf(api, finding.document.file)
      const key = `${weightOf(finding)} ${finding.document.line} ${path}`
      const group = groups.get(key) ?? { path, findings: [] }
      groups.set(key, group)
      group.findings.push(finding)
    }
  }
  const kinds = (['error', 'warning', 'note'] as const).map((kind) =>
    [...groups.values()].filter(({ findings: [first] }) => first !== undefined && weightOf(first) === kind),
  )
  const lines = kinds.flatMap((kind) => kind.slice(0, LIMIT_OF_KIND).map(annotationOf))
  const left = kinds.reduce((sum, kind) => sum + Math.max(0, kind.length - LIMIT_OF_KIND), 0)
  const rest = left === 0 ? [] : [`${left} more lines have findings: see the summary of the step`]
  return [...lines, ...rest, ''].join('\n')
}

function annotationOf({
  path,
  findings,
}: {
  readonly path: string
  readonly findings: readonly ReportedFinding[]
}): string {
  const [first] = findings
  if (first === undefined) return ''
  const { line, column } = first.document
  const message = findings.map(messageOf).join('\n')
  const more = findings.length === 1 ? '' : ` and ${findings.length - 1} more`
  const properties = [
    `file=${property(path)}`,
    `line=${line}`,
    `endLine=${line}`,
    `col=${column}`,
    `title=${property(`contract: ${first.check}${more}`)}`,
  ]
  return `::${COMMANDS[weightOf(first)]} ${properties.join(',')}::${data(cutText(message, MESSAGE_LIMIT))}`
}

function messageOf(finding: ReportedFinding): string {
  const { method, path, status, message } = finding
  const marks = marksOf(finding).map((mark) => ` (${mark})`)
  return `${method} ${path} -> ${status === 0 ? 'no answer' : status}: ${message}${marks.join('')}`
}

/** The data of a command: what would end its line is escaped. */
export function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A property of a command: what would end the property too. */
export function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/**
 * Puts text where no line of it is a command. The word that ends the fence is drawn from the seed and the
 * text itself, and the text does not hold it.
 */
export function fence(text: string, seed: number): string {
  let token = ''
  for (let attempt = 0; token === '' || text.includes(token); attempt += 1) {
    const { high, low } = keyOf('fence', seed, attempt, text)
    const { high: third, low: fourth } = keyOf(text, attempt, seed)
    token = [high, low, third, fourth].map((word) => word.toString(16).padStart(8, '0')).join('')
  }
  return `::stop-commands::${token}\n${text.replace(/\n?$/, '\n')}::${token}::\n`
}

/** Lines that make GitHub mask secrets in the log; each line of a secret is one. */
export function maskCommands(secrets: readonly string[]): string {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n/)).filter((line) => line.trim() !== '')
  return [...new Set(lines)].map((line) => `::add-mask::${data(line)}\n`).join('')
}
