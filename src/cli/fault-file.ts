/**
 * Fault plans in files, YAML or JSON. What a plan may say is `world/read-fault-plan.ts`.
 *
 * @module
 */
import { isObject } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'
import type { FaultRule } from '../world/fault-plan.ts'
import { readFaultPlan } from '../world/read-fault-plan.ts'
import { readPlacedData } from './data-file.ts'

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
  const { data, placeOf } = await readPlacedData(path)
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
