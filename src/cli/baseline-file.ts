/**
 * Baselines in files, YAML or JSON: their shape is `contracts/baseline.schema.json`, what they mean is
 * `contract/baseline.ts`.
 *
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { dump } from 'js-yaml'
import type { Baseline, BaselineEntry } from '../contract/baseline.ts'
import { baselineOf, dayAfter } from '../contract/baseline.ts'
import type { CheckName } from '../contract/finding.ts'
import { CHECK_NAMES } from '../contract/finding.ts'
import type { Verdict } from '../contract/verdict.ts'
import type { Json } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import { readPlacedData } from './data-file.ts'
import { packageRoot } from './root.ts'

/** How long a new entry is let pass. */
const DAYS = 90
const SHOWN = 5

/**
 * Reads the baseline of a file.
 *
 * @param today - A day, such as `2026-11-30`.
 * @throws {@link UsageError} with file, line and column.
 */
export async function readBaseline(path: string, today: string): Promise<Baseline> {
  const { data, placeOf } = await readPlacedData(path)
  await verifyShape(data, placeOf)
  const { entries } = data as unknown as { readonly entries: readonly BaselineEntry[] }
  for (const [position, entry] of entries.entries()) {
    verifyEntry(entry, placeOf(pointerTo('', 'entries', position)))
  }
  const nameOf = (position: number): string => {
    const entry = entries[position]
    const what = entry?.id ?? `${entry?.check ?? ''} of ${entry?.operation ?? ''}`
    return `${placeOf(pointerTo('', 'entries', position))}: the known failure ${what}`
  }
  return { entries, today, nameOf }
}

async function verifyShape(data: Json, placeOf: (pointer: string) => string): Promise<void> {
  const file = join(packageRoot, 'contracts', 'baseline.schema.json')
  const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const validate = new Ajv2020.default({ allErrors: true, strict: false, logger: false }).compile(schema)
  if (validate(data)) return
  const lines = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const name = (params as Readonly<Record<string, unknown>>)['additionalProperty']
    const end = name === undefined ? '' : `: ${String(name)}`
    const what = instancePath.endsWith('/reason') ? 'must say why it is let pass' : message
    return `${placeOf(instancePath)}: ${instancePath || 'the baseline'} ${what ?? 'is wrong'}${end}`
  })
  throw new UsageError([...new Set(lines)].slice(0, SHOWN).join('\n'))
}

function verifyEntry({ check, expires }: BaselineEntry, place: string): void {
  if (check !== undefined && !CHECK_NAMES.includes(check as CheckName)) {
    throw new UsageError(`${place}: there is no check \`${check}\`${suggestion(check, CHECK_NAMES)}`)
  }
  const isDay = dayAfter(expires, 0) === expires
  if (!isDay) throw new UsageError(`${place}: ${expires} is no day`)
}

/** Writes the baseline of what breaks some verdicts; JSON where the file's name says so. */
export async function writeBaseline(
  path: string,
  verdicts: readonly Verdict[],
  today: string,
): Promise<number> {
  const entries = baselineOf(verdicts, dayAfter(today, DAYS))
  const head =
    '# Failures that are known and let pass for a while. Say why for each: without a reason none is.\n'
  const text = /\.json$/i.test(path)
    ? `${JSON.stringify({ entries }, null, 2)}\n`
    : `${head}${dump({ entries }, { lineWidth: -1 })}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return entries.length
}
