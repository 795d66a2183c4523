/**
 * The files of an API, found by folder and read: document, job contract, vendor, fixture. No list of APIs is
 * kept anywhere; a folder under `specs/` is one.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import type { JsonObject } from '../model/json.ts'
import { objectAt } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import { parseData, readText } from './data-file.ts'

/** What was read of an API; paths are relative to `root`. */
export interface ApiFiles {
  readonly id: string
  readonly root: string
  readonly file: string
  readonly document: JsonObject
  readonly contractFile: string | null
  readonly contract: JsonObject | null
  /** How the vendor's server departs from its document, where it was seen to: two merge patches. */
  readonly wire: WirePatch | null
  /** The vendor module, or null where the API has none. */
  readonly vendorFile: string | null
  readonly fixtureFile: string
  /** Fingerprint of document, job contract and vendor. */
  readonly source: string
}

/** What differs under `wire`: JSON Merge Patches of the document and the job contract. */
export interface WirePatch {
  readonly file: string
  readonly document: JsonObject
  readonly contract: JsonObject
}

const DOCUMENTS = ['openapi.yaml', 'openapi.yml', 'openapi.json']
const VENDORS = ['vendor.ts', 'vendor.js', 'vendor.mjs']

/**
 * Reads every API of a folder that holds `specs/`, and beside it `contracts/` and `fixtures/`.
 *
 * @throws {@link UsageError} when a file does not parse or there is no API.
 */
export async function readApiFolder(root: string, specs = 'specs'): Promise<readonly ApiFiles[]> {
  const folder = join(root, specs)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new UsageError(`there is no folder ${folder}`)
  })
  const ids = entries.filter((entry) => entry.isDirectory() && documentIn(join(folder, entry.name)) !== null)
  if (ids.length === 0) throw new UsageError(`${folder} holds no API: expected <api>/openapi.yaml`)
  const names = ids.map(({ name }) => name).sort()
  return Promise.all(names.map((name) => readApi(root, specs, name)))
}

function documentIn(folder: string): string | null {
  return DOCUMENTS.find((name) => existsSync(join(folder, name))) ?? null
}

async function readApi(root: string, specs: string, id: string): Promise<ApiFiles> {
  const file = join(specs, id, documentIn(join(root, specs, id)) ?? 'openapi.yaml')
  const contractFile = join('contracts', `${id}.yaml`)
  const vendorName = VENDORS.find((name) => existsSync(join(root, specs, id, name)))
  const vendorFile = vendorName === undefined ? null : join(specs, id, vendorName)
  const hasContract = existsSync(join(root, contractFile))
  const texts = await Promise.all(
    [file, hasContract ? contractFile : null, vendorFile].map((path) =>
      path === null ? Promise.resolve('') : readFile(join(root, path), 'utf8'),
    ),
  )
  const [documentText = '', contractText = ''] = texts
  return {
    id,
    root,
    file,
    document: parseData(file, documentText),
    contractFile: hasContract ? contractFile : null,
    contract: hasContract ? parseData(contractFile, contractText) : null,
    wire: await readWire(root, join(specs, id, 'wire.yaml')),
    vendorFile,
    fixtureFile: join('fixtures', `${id}.json`),
    source: createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16),
  }
}

async function readWire(root: string, file: string): Promise<WirePatch | null> {
  if (!existsSync(join(root, file))) return null
  const data = parseData(file, await readText(join(root, file)))
  const stray = Object.keys(data).find((name) => name !== 'document' && name !== 'contract')
  if (stray !== undefined)
    throw new UsageError(`${file}: \`${stray}\` is neither \`document\` nor \`contract\``)
  return { file, document: objectAt(data, 'document'), contract: objectAt(data, 'contract') }
}

/**
 * Reads one document as an API of its own, called after its file; it has no job contract and no fixture.
 *
 * @throws {@link UsageError} when the file cannot be read or does not parse.
 */
export async function readApiFile(path: string, base: string): Promise<ApiFiles> {
  const text = await readText(path)
  const file = relative(base, path) || path
  const name = basename(path, extname(path))
  const id = (name === 'openapi' ? basename(dirname(path)) : name).toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return {
    id: id.replace(/^-|-$/g, '') || 'api',
    root: base,
    file,
    document: parseData(file, text),
    contractFile: null,
    contract: null,
    wire: null,
    vendorFile: null,
    fixtureFile: join('fixtures', `${id}.json`),
    source: createHash('sha256').update(text).digest('hex').slice(0, 16),
  }
}
