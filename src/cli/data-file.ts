/**
 * Files of data, YAML or JSON, which is YAML too: read, and every fault told of with its place. An alias may
 * be used only so often and nesting only goes so deep; what needs more is a trap.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import { createLocator } from '../openapi/locate.ts'
import { trapIn } from './alias-trap.ts'

/** What a file may ask of its reader. */
interface Bounds {
  readonly maxAliases: number
  readonly maxDepth: number
  /** How many values may be there by aliases alone. */
  readonly maxRepeated: number
}

const OF_DOCUMENTS: Bounds = { maxAliases: 1_000, maxDepth: 400, maxRepeated: 1_000_000 }
const OF_LISTS: Bounds = { maxAliases: 100, maxDepth: 100, maxRepeated: 100_000 }

/** Merge keys (`<<`) are older than YAML 1.2 and still in use. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/** The data of a file, and where each part of it stands. */
export interface PlacedData {
  readonly data: Json
  /** Where a pointer leads, as `file:line:column`. */
  readonly placeOf: (pointer: string) => string
}

/**
 * Reads a file whose faults are told of by their places.
 *
 * @throws {@link UsageError} when it cannot be read or does not parse.
 */
export async function readPlacedData(path: string): Promise<PlacedData> {
  const text = await readText(path)
  const data = parse(path, text, OF_LISTS)
  const locate = createLocator(text)
  return {
    data,
    placeOf(pointer) {
      const { line, column } = locate(pointer)
      return `${path}:${line}:${column}`
    },
  }
}

/**
 * Reads a file that holds an object.
 *
 * @throws {@link UsageError} when it cannot be read or does not parse.
 */
export async function readData(path: string): Promise<JsonObject> {
  return parseData(path, await readText(path))
}

/**
 * Reads a file as it is.
 *
 * @throws {@link UsageError} when it cannot be read.
 */
export function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
}

/**
 * Parses YAML or JSON into an object.
 *
 * @throws {@link UsageError} with line and column.
 */
export function parseData(file: string, text: string): JsonObject {
  const data = parse(file, text, OF_DOCUMENTS)
  if (!isObject(data)) throw new UsageError(`${file}: expected an object`)
  return data
}

function parse(filename: string, text: string, { maxRepeated, ...bounds }: Bounds): Json {
  let data: Json
  try {
    data = load(text, { filename, schema: SCHEMA, ...bounds }) as Json
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const mark = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`
    throw new UsageError(`${filename}${mark}: ${error.reason}`)
  }
  const trap = trapIn(data, bounds.maxDepth, maxRepeated)
  if (trap === null) return data
  const { line, column } = createLocator(text)(trap.pointer)
  throw new UsageError(`${filename}:${line}:${column}: ${trap.message}`)
}
