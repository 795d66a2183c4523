/**
 * `standin check --self-test`: the judge put to the test by mutants of the mock.
 *
 * @module
 */
import type { SelfTest } from '../contract/self-test/self-test.ts'
import { LEAST_SHARE, selfTest, shareOf } from '../contract/self-test/self-test.ts'
import { UsageError } from '../model/usage-error.ts'
import { optionsOf } from './check-flags.ts'
import type { Flags, Terminal } from './command.ts'
import { renewedTarget, subjectOf, targetBase } from './judged.ts'
import type { LoadedApi } from './load-apis.ts'

/**
 * Plants every mutant of some APIs in the mock's answers and tells how many the judge finds.
 *
 * @returns 0 where enough are found, else 1.
 * @throws {@link UsageError} with a flag that names another target.
 */
export async function runSelfTest(
  apis: readonly LoadedApi[],
  flags: Flags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<0 | 1> {
  for (const name of ['target', 'har'] as const) {
    if (flags.text(name) !== null) throw new UsageError(`--self-test and --${name} do not go together`)
  }
  const tests: SelfTest[] = []
  for (const api of apis) {
    const open = await renewedTarget([api])
    const baseUrl = await targetBase(api, null, await open(), false)
    const options = {
      ...optionsOf(api, flags, { baseUrl, signal }),
      allowWrites: true,
      takesAnyCredential: true,
    }
    const show = (done: number, all: number): void => {
      if (terminal.interactive) process.stderr.write(`\r\u001b[2K${api.id}: ${done} of ${all} mutants`)
    }
    const test = await selfTest(await subjectOf(api), open, options, show)
    if (terminal.interactive) process.stderr.write('\r\u001b[2K')
    terminal.print(linesOf(test).join('\n'))
    tests.push(test)
  }
  const share = shareOf(tests)
  const wanted = `${LEAST_SHARE * 100} % must be`
  terminal.print(`\n${percent(share)} of the mutants were killed; ${wanted}`)
  return share >= LEAST_SHARE ? 0 : 1
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A line on the whole, one for each that lived, and one on those that met no answer. */
function linesOf(test: SelfTest): readonly string[] {
  const of = (outcome: string): SelfTest['outcomes'] =>
    test.outcomes.filter((each) => each.outcome === outcome)
  const [killed, survived, unplanted] = [of('killed'), of('survived'), of('unplanted')]
  const planted = killed.length + survived.length
  return [
    `${test.api}: ${percent(shareOf([test]))}, ${killed.length} of ${planted} mutants killed`,
    ...survived.map(({ check, name }) => `  survived ${check}: ${name}`),
    ...(unplanted.length === 0 ? [] : [`  ${unplanted.length} met no answer that they could be planted in`]),
  ]
}
