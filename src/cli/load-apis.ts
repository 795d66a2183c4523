/**
 * From files to APIs: the built-in ones, those of a folder, or single documents.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Fixture } from '../fixture/fixture.ts'
import { parseFixture, stalenessOf } from '../fixture/fixture.ts'
import { readJobContract } from '../job-contract/read-job-contract.ts'
import type { Profile } from '../model/job.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from '../openapi/document.ts'
import { createDocument } from '../openapi/document.ts'
import type { Api } from '../server/api.ts'
import type { Vendor } from '../vendor/vendor.ts'
import { verifyVendor } from '../vendor/verify-vendor.ts'
import type { ApiFiles } from './api-files.ts'
import { readManifest } from './manifest.ts'
import { filesUnder } from './profile.ts'
import { isCompiled, packageRoot } from './root.ts'

/** An API with the files that it was read from. */
export interface LoadedApi extends Api {
  readonly files: ApiFiles
}

/** Which APIs are wanted. */
export interface Selection {
  /** Ids or files; none stands for every API. */
  readonly names: readonly string[]
  /** A folder of APIs in place of the built-in ones. */
  readonly specs: string | null
  /** What is not needed to write fixtures anew: that there are fresh ones. */
  readonly needFixtures: boolean
  /** A job contract in place of the API's own; only where one API is wanted. */
  readonly contract?: string | null
  /** Which of its two documents each API keeps; `spec` where it is left out. */
  readonly profile?: Profile
  /** Read the files themselves, not what the build made of them, and modules that have changed anew. */
  readonly fresh?: boolean
}

/**
 * Loads APIs.
 *
 * @throws {@link UsageError} when one is not known, not sound, or its fixture is missing or stale.
 */
export async function loadApis({
  names,
  specs,
  needFixtures,
  contract = null,
  profile = 'spec',
  fresh = false,
}: Selection): Promise<readonly LoadedApi[]> {
  const documents = names.filter(isDocument)
  const ids = names.filter((name) => !isDocument(name))
  const single = await Promise.all(documents.map(readSingle))
  const known = ids.length > 0 || documents.length === 0 ? await readKnown(specs, fresh) : []
  const chosen = ids.length === 0 ? known : ids.map((id) => findApi(known, id))
  verifyDifferent([...chosen, ...single])
  if (contract !== null) {
    const files = await withContract([...chosen, ...single], contract)
    return [await loadApi(files, { profile, verified: false, needFixture: false })]
  }
  const verified = isCompiled && specs === null && !fresh
  return Promise.all([
    ...chosen.map((files) => loadApi(files, { profile, verified, needFixture: needFixtures })),
    ...single.map((files) => loadApi(files, { profile, verified: false, needFixture: false })),
  ])
}

/** Each answers under its id. */
function verifyDifferent(apis: readonly ApiFiles[]): void {
  for (const [position, { id, file }] of apis.entries()) {
    const other = apis.slice(0, position).find((api) => api.id === id)
    if (other === undefined) continue
    throw new UsageError(`two APIs are called \`${id}\`: ${other.file} and ${file}; rename one of the files`)
  }
}

async function withContract(apis: readonly ApiFiles[], path: string): Promise<ApiFiles> {
  const [api, ...others] = apis
  if (api === undefined || others.length > 0) throw new UsageError('--contract goes with one API; name it')
  const { readData } = await import('./data-file.ts')
  return {
    ...api,
    contractFile: relative(api.root, resolve(path)),
    contract: await readData(path),
    vendorFile: null,
  }
}

/** Is an API named by the path of its document? */
export function isDocument(name: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(extname(name))
}

/** The reader of YAML loads only where there is YAML to read. */
async function readSingle(path: string): Promise<ApiFiles> {
  const { readApiFile } = await import('./api-files.ts')
  return readApiFile(resolve(path), process.cwd())
}

async function readKnown(specs: string | null, fresh: boolean): Promise<readonly ApiFiles[]> {
  if (specs === null && isCompiled && !fresh) return readManifest()
  const { readApiFolder } = await import('./api-files.ts')
  if (specs !== null) return readApiFolder(dirname(resolve(specs)), basename(resolve(specs)))
  return readApiFolder(packageRoot)
}

function findApi(known: readonly ApiFiles[], id: string): ApiFiles {
  const found = known.find((api) => api.id === id)
  if (found !== undefined) return found
  if (isCompiled && existsSync(join(packageRoot, 'specs', id))) {
    throw new UsageError(`specs/${id} is newer than the build; run \`npm run build\``)
  }
  const ids = known.map((api) => api.id)
  throw new UsageError(`there is no API \`${id}\`${suggestion(id, ids)} (known: ${ids.join(', ')})`)
}

interface Loading {
  readonly profile: Profile
  readonly verified: boolean
  readonly needFixture: boolean
}

async function loadApi(read: ApiFiles, { profile, verified, needFixture }: Loading): Promise<LoadedApi> {
  if (!verified) {
    const { verifyApi } = await import('./verify-api.ts')
    await verifyApi(read)
  }
  const files = filesUnder(profile, read)
  const document = createDocument(files.id, files.file, files.document)
  const contract =
    files.contract === null
      ? null
      : readJobContract(files.contract, document, (pointer) => `${files.contractFile ?? ''}${pointer}`)
  const vendor = await importVendor(files, document)
  const faults = vendor === null ? [] : verifyVendor(vendor, document, contract)
  if (faults.length > 0) throw new UsageError(`${files.vendorFile}: ${faults.join('; ')}`)
  if (contract !== null && needFixture && !verified && vendor?.columns === undefined) {
    const { verifyRowIds } = await import('./verify-api.ts')
    await verifyRowIds(files, document, contract)
  }
  const fixture = contract === null || !needFixture ? null : await readFixture(files)
  return { id: files.id, document, contract, vendor, fixture, profile, files }
}

/** The compiled program has its built-in vendors compiled beside it. */
async function importVendor({ id, root, vendorFile }: ApiFiles, document: Document): Promise<Vendor | null> {
  if (vendorFile === null) return null
  const compiled = join(packageRoot, 'dist', 'vendors', `${id}.js`)
  const path = isCompiled && root === packageRoot ? compiled : join(root, vendorFile)
  if (isCompiled && path.endsWith('.ts')) {
    throw new UsageError(`${vendorFile} is TypeScript; give a vendor beside your own documents as vendor.js`)
  }
  // A module is loaded once for each name: a user's own gets another when it has changed.
  const version = root === packageRoot ? '' : `?${(await stat(path)).mtimeMs}`
  const module = await importModule(vendorFile, pathToFileURL(path).href + version)
  if (module.vendor === undefined)
    throw new UsageError(`${vendorFile} (for ${document.file}) exports no \`vendor\``)
  return module.vendor
}

async function importModule(file: string, url: string): Promise<{ readonly vendor?: Vendor }> {
  try {
    return (await import(url)) as { readonly vendor?: Vendor }
  } catch (error) {
    throw new UsageError(`${file} cannot be loaded: ${String(error)}`)
  }
}

async function readFixture(files: ApiFiles): Promise<Fixture> {
  const path = join(files.root, files.fixtureFile)
  const command = generateCommand(files)
  if (!existsSync(path)) throw new UsageError(`${files.fixtureFile} is missing; write it with \`${command}\``)
  const fixture = parseFixture(files.fixtureFile, await readFile(path, 'utf8'))
  const stale = stalenessOf(fixture, files.source)
  if (stale === null) return fixture
  throw new UsageError(`${files.fixtureFile} is stale: ${stale}; write it again with \`${command}\``)
}

/** What writes the fixture of an API anew. */
function generateCommand({ id, root, file }: ApiFiles): string {
  const specs = relative(process.cwd(), dirname(dirname(join(root, file))))
  return `standin generate ${id}${root === packageRoot ? '' : ` --specs ${specs}`}`
}
