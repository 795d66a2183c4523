/**
 * `standin generate`: fixtures from a seed, and the bodies that a server would answer as files.
 *
 * @module
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Fixture } from '../fixture/fixture.ts'
import { differencesOf, formatFixture } from '../fixture/fixture.ts'
import { rowSchemaOf } from '../job-contract/row-schema.ts'
import { UsageError } from '../model/usage-error.ts'
import { operationById } from '../openapi/document.ts'
import type { Command, Flags, Terminal } from './command.ts'
import { exportBodies } from './export-bodies.ts'
import type { LoadedApi } from './load-apis.ts'
import { loadApis } from './load-apis.ts'
import { DEFAULT_SEED, readWords } from './standin.ts'

/** Writes fixtures or expanded bodies. */
export const generate: Command = {
  summary: 'write the seeded fixtures, or answers as files',
  usage: '[api|file …] [flags]',
  description:
    'Writes fixtures/<api>.json for every API with a job contract, or for those that are named.\n' +
    'With --format it writes instead what a server answers: json gives the result body of each named\n' +
    'job, byte for byte; ndjson gives every row of each, one a line.',
  flags: {
    seed: { type: 'string', value: 'n', default: String(DEFAULT_SEED), help: 'seed of all that is drawn' },
    jobs: { type: 'string', value: 'n', default: '0', help: 'further jobs beside the named ones' },
    rows: {
      type: 'string',
      value: 'n',
      help: 'rows of many-pages; with --format: at most so many of each job',
    },
    out: {
      type: 'string',
      value: 'folder',
      help: 'where to write (default fixtures; with --format: bodies)',
    },
    format: { type: 'string', choices: ['json', 'ndjson'], help: 'write answers in place of fixtures' },
    job: {
      type: 'string',
      value: 'name',
      multiple: true,
      help: 'with --format: only the jobs of these names',
    },
    check: { type: 'boolean', default: false, help: 'write nothing; exit 1 when a fixture would change' },
    specs: { type: 'string', value: 'folder', help: 'the APIs of this folder instead' },
  },

  async run(names, flags, terminal) {
    const format = flags.text('format')
    if (format === null) return writeFixtures(names, flags, terminal)
    if (flags.flag('check')) throw new UsageError('--check compares fixtures; it does not go with --format')
    return exportBodies(names, flags, format, terminal)
  },
}

async function writeFixtures(names: readonly string[], flags: Flags, terminal: Terminal): Promise<number> {
  const seed = flags.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? DEFAULT_SEED
  const loaded = await loadApis({ names, specs: flags.text('specs'), needFixtures: false })
  const apis = loaded.filter(({ contract }) => contract !== null)
  if (apis.length === 0)
    throw new UsageError('none of these APIs has a job contract, so there is nothing to draw')
  const folderOf = (api: LoadedApi): string => flags.text('out') ?? join(api.files.root, 'fixtures')
  let stale = 0
  for (const api of apis) {
    const fixture = await draw(api, seed, flags)
    const path = join(folderOf(api), `${api.id}.json`)
    const facts = `${fixture.jobs.length} jobs, ${fixture.pool.length} templates, seed ${seed}`
    stale += await writeOrCheck(path, formatFixture(fixture), facts, flags, terminal)
  }
  if (names.length === 0 && flags.text('specs') === null) {
    const { formatWords, generateWords } = await import('../generator/vocabulary.ts')
    const words = generateWords(seed)
    const path = join(dirname(join(folderOf(apis[0] as LoadedApi), 'words.json')), 'words.json')
    stale += await writeOrCheck(path, formatWords(words), `${words.length} words`, flags, terminal)
  }
  return stale === 0 ? 0 : 1
}

async function draw(api: LoadedApi, seed: number, flags: Flags): Promise<Fixture> {
  const { contract, document, vendor, files } = api
  if (contract === null) throw new UsageError(`${api.id} has no job contract`)
  const { generateFixture } = await import('../generator/generate-fixture.ts')
  const recipe = vendor?.fixture ?? (await inferred(api))
  return generateFixture({
    contract: { ...contract, api: document.id },
    recipe,
    seed,
    source: files.source,
    extraJobs: flags.integer('jobs', 0, 10_000) ?? 0,
    manyRows: flags.integer('rows', 101, 3_000),
    rows: vendor?.rows,
  })
}

async function inferred({ contract, document }: LoadedApi) {
  const { inferRecipe } = await import('../generator/infer-recipe.ts')
  const operations = Object.entries(contract?.operations ?? {}).filter(([, { rows }]) => rows !== null)
  const schemas = operations.flatMap(([id]) =>
    contract === null ? [] : (rowSchemaOf(document, contract, id) ?? []),
  )
  const pages = operations.every(([id, { rows }]) =>
    operationById(document, id)?.parameters.some(
      (parameter) => parameter.name === rows?.limit && parameter.default !== undefined,
    ),
  )
  return inferRecipe(document.json, schemas[0] ?? null, pages, await readWords())
}

/** One where it is stale, else zero. */
async function writeOrCheck(
  path: string,
  text: string,
  facts: string,
  flags: Flags,
  { print }: Terminal,
): Promise<number> {
  const shown = relative(process.cwd(), path)
  const current = await readFile(path, 'utf8').catch(() => null)
  if (!flags.flag('check')) {
    if (current !== text) await writeAtomically(path, text)
    print(`${current === text ? 'kept ' : 'wrote'} ${shown} (${facts})`)
    return 0
  }
  print(`${current === text ? 'fresh' : 'stale'} ${shown}`)
  if (current === text) return 0
  const differences = current === null ? ['the file is missing'] : differencesOf(current, text)
  for (const difference of differences) print(`      ${difference}`)
  return 1
}

/** A reader sees the old file or the new one, never a part. */
async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.tmp`
  await writeFile(draft, text)
  await rename(draft, path)
}
