/**
 * What it costs to judge passing traffic: processor time of `standin proxy` for a page of ten rows, over a
 * proxy that only passes it.
 *
 * @module
 */
import type { Shot } from './process.ts'
import { perRequestUs, start, stop } from './process.ts'
import type { Row } from './statistic.ts'
import { median, spread } from './statistic.ts'

const CONNECTIONS = 10
const BUDGET = 2

/**
 * Measures the proxy between clients and one page of an API that is served elsewhere.
 *
 * @param programs - The paths of the program and of the bare proxy, which this module does not know.
 */
export async function proxyRow(
  programs: { readonly cli: string; readonly bareProxy: string },
  served: { readonly url: string; readonly api: string; readonly page: Shot },
  rounds: number,
  requests: number,
): Promise<Row> {
  const { url, api, page } = served
  const ours = await start([programs.cli, 'proxy', api, '--target', url, '--port', '0'])
  const theirs = await start([programs.bareProxy, url])
  try {
    const shots = Array.from({ length: requests }, () => page)
    const ratios: number[] = []
    await perRequestUs(ours, shots, CONNECTIONS)
    await perRequestUs(theirs, shots, CONNECTIONS)
    for (let round = 0; round < rounds; round += 1) {
      const judged = await perRequestUs(ours, shots, CONNECTIONS)
      ratios.push(judged / (await perRequestUs(theirs, shots, CONNECTIONS)))
    }
    return {
      ...{ id: 'B15', what: 'page of 10 rows through standin proxy / bare Node proxy' },
      ...{ figure: `${spread(ratios, 2)}×`, budget: `≤ ${BUDGET}×`, holds: median(ratios) <= BUDGET },
    }
  } finally {
    await Promise.all([stop(ours), stop(theirs)])
  }
}
