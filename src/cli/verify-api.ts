/**
 * Verifying what people wrote: documents against the metaschema of their version, job contracts against
 * theirs. Loaded only where something was not verified by the build.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import Ajv2020 from 'ajv/dist/2020.js'
import { verifyExpressions } from '../job-contract/expression.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import { readJobContract } from '../job-contract/read-job-contract.ts'
import { rowSchemaOf } from '../job-contract/row-schema.ts'
import type { JsonObject } from '../model/json.ts'
import { objectAt, textAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from '../openapi/document.ts'
import { brokenReference, createDocument, versionFault } from '../openapi/document.ts'
import type { Locate } from '../openapi/locate.ts'
import { createLocator } from '../openapi/locate.ts'
import { resolve } from '../openapi/reference.ts'
import { libraryOf } from '../openapi/schema/pointer-form.ts'
import { createValidator } from '../openapi/validator.ts'
import type { ApiFiles } from './api-files.ts'
import type { PlacedFault } from './metaschema-fault.ts'
import { faultsIn } from './metaschema-fault.ts'
import { filesUnder } from './profile.ts'
import { packageRoot } from './root.ts'

/**
 * Verifies a document and its job contract, under each profile.
 *
 * @throws {@link UsageError} that lists what is wrong with file, line and column.
 */
export async function verifyApi(api: ApiFiles): Promise<void> {
  await verifyProfile(api)
  if (api.wire === null) return
  await verifyProfile(filesUnder('wire', api)).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`with ${api.wire?.file} merged in: ${error.message}`)
  })
}

async function verifyProfile(api: ApiFiles): Promise<void> {
  await verifyDocument(api)
  const document = createDocument(api.id, api.file, api.document, await placeIn(api.root, api.file))
  await verifyPaths(api, document)
  await verifySecurity(api, document)
  if (api.contract === null || api.contractFile === null) return
  const place = await placeIn(api.root, api.contractFile)
  await verifyContractShape(api.contract, place)
  const { laws } = readJobContract(api.contract, document, place)
  await verifyExpressions(laws, place)
}

/** Any row id that is made where no vendor makes them. */
const ROW_ID = '00000000-0000-7000-8000-000000000000'

/**
 * Verifies that the rows of an API whose vendor has no columns can have the ids they get, which are UUIDs.
 *
 * @throws {@link UsageError} when the document has no such member, or one of another form.
 */
export async function verifyRowIds(api: ApiFiles, document: Document, contract: JobContract): Promise<void> {
  for (const [id, { rows }] of Object.entries(contract.operations)) {
    const schema = rowSchemaOf(document, contract, id)
    if (schema === null || rows?.id == null) continue
    const row = resolve(document.json, schema)
    const known = Object.keys(objectAt(row.value, 'properties'))
    const issues = known.includes(rows.id)
      ? createValidator(document).check(pointerTo(row.pointer, 'properties', rows.id), ROW_ID)
      : [{ message: `is no member of a row${suggestion(rows.id, known)}` }]
    if (issues[0] === undefined) continue
    const place = (await placeIn(api.root, api.contractFile ?? ''))(
      pointerTo('/operations', id, 'rows', 'id'),
    )
    const mend = 'without a column of a vendor.js it is a UUID'
    throw new UsageError(`${place}: \`${rows.id}\` ${issues[0].message}; ${mend}`)
  }
}

async function verifyDocument(api: ApiFiles): Promise<void> {
  const strange = versionFault(api.document)
  if (strange !== null) {
    const place = await placeIn(api.root, api.file)
    throw new UsageError(`${place('/openapi')}: ${strange}`)
  }
  const broken = brokenReference(api.document)
  if (broken !== null) {
    const place = await placeIn(api.root, api.file)
    throw new UsageError(`${place(broken.pointer)}: ${broken.message}`)
  }
  const version = textAt(api.document, 'openapi').slice(0, '3.x'.length)
  const validate = new Metaschemas({ allErrors: true }).getAjvValidator(version)
  const faults = validate(api.document)
    ? libraryOf(api.document, version === '3.0').faults
    : faultsIn(api.document, validate.errors ?? [])
  if (faults.length > 0) throw refusalOf(faults, await placeIn(api.root, api.file))
}

/** The validator's own look at references takes data for references, so it is not asked for that. */
const Metaschemas = Validator as unknown as new (options: {
  readonly allErrors: boolean
}) => {
  getAjvValidator(version: string): ValidateFunction
}

/** A path that nobody can fill in is a mistake of its author: OpenAPI asks for a parameter for each name. */
async function verifyPaths(api: ApiFiles, { operations }: Document): Promise<void> {
  const faults = operations.flatMap(({ id, path, pointer, parameters }) => {
    const known = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
    const missing = names.find((name) => !known.includes(name))
    if (missing === undefined) return []
    const message = `${id} has \`{${missing}}\` in its path and no path parameter \`${missing}\``
    return [{ pointer, message: `${message}${suggestion(missing, known)}` }]
  })
  if (faults.length === 0) return
  throw refusalOf(faults, await placeIn(api.root, api.file))
}

/** What asks for credentials of a kind that nobody can have is a mistake of its author. */
async function verifySecurity(api: ApiFiles, { operations, schemes }: Document): Promise<void> {
  const known = [...schemes.keys()]
  for (const { id, pointer, security } of operations) {
    const names = security.flatMap((requirement) => Object.keys(requirement))
    const missing = names.find((name) => !schemes.has(name))
    if (missing === undefined) continue
    const place = (await placeIn(api.root, api.file))(pointerTo(pointer, 'security'))
    const hint = suggestion(missing, known)
    throw new UsageError(
      `${place}: ${id} asks for the security scheme \`${missing}\`, which is nowhere${hint}`,
    )
  }
}

async function verifyContractShape(contract: JsonObject, place: (pointer: string) => string): Promise<void> {
  const file = join(packageRoot, 'contracts', 'job-contract.schema.json')
  const schema = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const validate = new Ajv2020.default({ allErrors: true, strict: false, logger: false }).compile(schema)
  if (!validate(contract)) throw refusalOf(faultsIn(contract, validate.errors ?? []), place)
}

const SHOWN = 5

function refusalOf(faults: readonly PlacedFault[], place: (pointer: string) => string): UsageError {
  const lines = faults.map(({ pointer, message }) => `${place(pointer)}: ${message}`)
  return new UsageError([...new Set(lines)].slice(0, SHOWN).join('\n'))
}

/** Names places of a file as `file:line:column`. */
async function placeIn(root: string, file: string): Promise<(pointer: string) => string> {
  const text = await readFile(join(root, file), 'utf8')
  let locate: Locate | null = null
  return (pointer) => {
    locate ??= createLocator(text)
    const { line, column } = locate(pointer)
    return `${file}:${line}:${column}`
  }
}
