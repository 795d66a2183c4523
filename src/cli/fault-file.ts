/**
 * Fault plans in files, YAML or JSON. What a plan may say is `world/read-fault-plan.ts`.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { load, YAMLException } from 'js-yaml'
import type { Json } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'
import { createLocator } from '../openapi/locate.ts'
import type { FaultRule } from '../world/fault-plan.ts'
import { readFaultPlan } from '../world/read-fault-plan.ts'

/**
 * Reads the fault plan of a file: a list of rules, or an object with the list under `faults`.
 *
 * @param operations - What is served, each as `api/operation`.
 * @throws {@link UsageError} with file, line and column.
 */
export async function readFaultFile(
  path: string,
  operations: readonly string[],
): Promise<readonly FaultRule[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const data = parse(path, text)
  const locate = createLocator(text)
  const placeOf = (pointer: string): string => {
    const { line, column } = locate(pointer)
    return `${path}:${line}:${column}`
  }
  if (!isObject(data)) {
    return readFaultPlan(data, operations, (pointer) => `${placeOf(pointer)} faults${pointer}`)
  }
  const stray = Object.keys(data).find((name) => name !== 'faults')
  if (stray !== undefined) {
    const place = placeOf(pointerTo('', stray))
    throw new UsageError(
      `${place}: expected a list of rules, or an object of \`faults\`, not of \`${stray}\``,
    )
  }
  const { faults } = data
  return readFaultPlan(faults, operations, (pointer) => `${placeOf(`/faults${pointer}`)} faults${pointer}`)
}

/** JSON is YAML too. An alias may be used a few times; more would be a trap. */
function parse(path: string, text: string): Json {
  try {
    return load(text, { filename: path, maxAliases: 100, maxDepth: 100 }) as Json
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const mark = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`
    throw new UsageError(`${path}${mark}: ${error.reason}`)
  }
}
