/**
 * Reporters: which reports are wanted, and where they go.
 *
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fence, maskCommands, renderAnnotations } from '../contract/report/github.ts'
import { renderHar } from '../contract/report/har.ts'
import { renderHtml } from '../contract/report/html.ts'
import { renderJson } from '../contract/report/json.ts'
import { renderJunit } from '../contract/report/junit.ts'
import type { Report } from '../contract/report/report.ts'
import { reportOf } from '../contract/report/report.ts'
import { renderSarif } from '../contract/report/sarif.ts'
import { renderSummary } from '../contract/report/summary.ts'
import { renderTerminal } from '../contract/report/terminal.ts'
import type { Verdict } from '../contract/verdict.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Terminal } from './command.ts'
import { appendSummary, isGithub, pathInRepository, summaryOfStep } from './github-step.ts'
import type { LoadedApi } from './load-apis.ts'
import { readVersion } from './standin.ts'

/** The names of the reporters. */
export const REPORTERS = ['terminal', 'json', 'junit', 'sarif', 'github', 'html', 'har'] as const

/** A report that was asked for. */
export interface Reporter {
  readonly name: (typeof REPORTERS)[number]
  /** Null stands for the standard output. */
  readonly file: string | null
}

/**
 * Reads what `--reporter` says: a name, and a file where it does not go to the standard output.
 *
 * @throws {@link UsageError} when there is no such reporter.
 */
export function toReporter(text: string): Reporter {
  const [word = '', ...rest] = text.split('=')
  const name = REPORTERS.find((each) => each === word)
  const file = rest.join('=')
  if (name === undefined || (rest.length > 0 && file === '')) {
    throw new UsageError(
      `--reporter must be one of ${REPORTERS.join(', ')}, with =file or without, not \`${text}\``,
    )
  }
  return { name, file: rest.length === 0 ? null : file }
}

/** What reports are made of. */
export interface Reported {
  readonly apis: readonly LoadedApi[]
  readonly verdicts: readonly Verdict[]
  /** When they were made; null leaves it out. */
  readonly madeAt: string | null
  /** What GitHub is told to mask in its log. */
  readonly secrets?: readonly string[]
}

/** Writes the reports that were asked for; in a workflow of GitHub its annotations too. */
export async function writeReports(
  asked: readonly Reporter[],
  reported: Reported,
  terminal: Terminal,
): Promise<void> {
  const { environment } = terminal
  const rootOf = (api: string): string => reported.apis.find(({ id }) => id === api)?.files.root ?? '.'
  const pathOf = (api: string, file: string): string => pathInRepository(environment, rootOf(api), file)
  const version = await readVersion()
  const report = reportOf(reported.verdicts, {
    version,
    sources: await readSources(reported.verdicts, rootOf),
    ...(reported.madeAt === null ? {} : { madeAt: reported.madeAt }),
  })
  const inGithub = isGithub(environment)
  const named = asked.some(({ name }) => name === 'github')
  const all: readonly Reporter[] = inGithub && !named ? [...asked, { name: 'github', file: null }] : asked
  if (inGithub) printLines(terminal, maskCommands(reported.secrets ?? []))
  for (const { name, file } of all) {
    if (name === 'github') await writeSummary(report, terminal)
    const text =
      name === 'har'
        ? renderHar(exchangesOf(reported.verdicts), { version })
        : render(name, report, { color: file === null && terminal.color, pathOf })
    if (file === null) {
      const fenced = inGithub && name === 'terminal' ? fence(text, reported.verdicts[0]?.seed ?? 0) : text
      printLines(terminal, fenced)
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    terminal.note(`wrote ${file}`)
  }
}

function printLines(terminal: Terminal, text: string): void {
  if (text !== '') terminal.print(text.replace(/\n$/, ''))
}

function exchangesOf(verdicts: readonly Verdict[]): Verdict['findings'][number]['exchanges'] {
  return verdicts.flatMap(({ findings }) => findings.flatMap(({ exchanges }) => exchanges))
}

async function writeSummary(report: Report, { environment, note }: Terminal): Promise<void> {
  const summary = await summaryOfStep(environment)
  if (summary === null) return
  const text = renderSummary(report, summary.room)
  if (text === '') note(`${summary.file} is full: nothing was added to the summary of the step`)
  else await appendSummary(summary.file, text)
}

/** The texts that findings point into; one that cannot be read is left out, and shown as no lines. */
async function readSources(
  verdicts: readonly Verdict[],
  rootOf: (api: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const files = new Map(
    verdicts.flatMap(({ api, findings }) =>
      findings.map(({ document }) => [document.file, join(rootOf(api), document.file)] as const),
    ),
  )
  const texts = await Promise.all(
    [...files].map(async ([file, path]) => [file, await readFile(path, 'utf8').catch(() => null)] as const),
  )
  return Object.fromEntries(texts.flatMap(([file, text]) => (text === null ? [] : [[file, text]])))
}

interface Rendering {
  readonly color: boolean
  readonly pathOf: (api: string, file: string) => string
}

function render(
  name: Exclude<Reporter['name'], 'har'>,
  report: Report,
  { color, pathOf }: Rendering,
): string {
  switch (name) {
    case 'terminal':
      return renderTerminal(report, { color })
    case 'json':
      return renderJson(report)
    case 'junit':
      return renderJunit(report)
    case 'sarif':
      return renderSarif(report)
    case 'html':
      return renderHtml(report)
    case 'github':
      return renderAnnotations(report, { pathOf })
  }
}
