/**
 * Reporters: which reports are wanted, and where they go.
 *
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { renderJson } from '../contract/report/json.ts'
import { renderJunit } from '../contract/report/junit.ts'
import type { Report } from '../contract/report/report.ts'
import { reportOf } from '../contract/report/report.ts'
import { renderSarif } from '../contract/report/sarif.ts'
import { renderTerminal } from '../contract/report/terminal.ts'
import type { Verdict } from '../contract/verdict.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Terminal } from './command.ts'
import type { LoadedApi } from './load-apis.ts'
import { readVersion } from './standin.ts'

const REPORTERS = ['terminal', 'json', 'junit', 'sarif'] as const

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
}

/** Writes the reports that were asked for. */
export async function writeReports(
  reporters: readonly Reporter[],
  { apis, verdicts, madeAt }: Reported,
  terminal: Terminal,
): Promise<void> {
  const report = reportOf(verdicts, {
    version: await readVersion(),
    sources: await readSources(apis, verdicts),
    ...(madeAt === null ? {} : { madeAt }),
  })
  for (const { name, file } of reporters) {
    const text = render(name, report, file === null && terminal.color)
    if (file === null) {
      terminal.print(text.replace(/\n$/, ''))
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    terminal.note(`wrote ${file}`)
  }
}

/** The texts that findings point into; one that cannot be read is left out, and shown as no lines. */
async function readSources(
  apis: readonly LoadedApi[],
  verdicts: readonly Verdict[],
): Promise<Readonly<Record<string, string>>> {
  const files = verdicts.flatMap(({ api, findings }) => {
    const root = apis.find(({ id }) => id === api)?.files.root
    const named = [...new Set(findings.map(({ document }) => document.file))]
    return root === undefined ? [] : named.map((file) => [file, join(root, file)] as const)
  })
  const texts = await Promise.all(
    files.map(async ([file, path]) => [file, await readFile(path, 'utf8').catch(() => null)] as const),
  )
  return Object.fromEntries(texts.flatMap(([file, text]) => (text === null ? [] : [[file, text]])))
}

function render(name: Reporter['name'], report: Report, color: boolean): string {
  switch (name) {
    case 'terminal':
      return renderTerminal(report, { color })
    case 'json':
      return renderJson(report)
    case 'junit':
      return renderJunit(report)
    case 'sarif':
      return renderSarif(report)
  }
}
