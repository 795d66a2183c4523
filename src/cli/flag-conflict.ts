/**
 * Flags that say nothing beside others. Only what stands on the command line is refused: a configuration may
 * hold flags for several ways of checking.
 *
 * @module
 */
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Flags } from './command.ts'
import type { LoadedApi } from './load-apis.ts'

/** What only requests take: a recording has its own. */
const OF_REQUESTS = [
  ...['header', 'query', 'other-header', 'job', 'parameter', 'allow-writes', 'max-cases', 'seed', 'shard'],
  ...['concurrency', 'rate', 'deadline', 'patience', 'stream-time'],
]

/**
 * Finds flags that would be passed over.
 *
 * @throws {@link UsageError} that names them.
 */
export function verifyTogether(flags: Flags): void {
  if (flags.text('har') === null) {
    if (flags.isGiven('base')) throw new UsageError('--base is of recordings: it needs --har')
  } else {
    const idle = OF_REQUESTS.filter((name) => flags.isGiven(name)).map((name) => `--${name}`)
    if (idle.length > 0) throw new UsageError(`${idle.join(', ')}: with --har nothing is sent; leave it out`)
  }
  const { length } = flags.texts('write-baseline')
  if (length > 0 && (flags.texts('only').length > 0 || flags.text('shard') !== null)) {
    throw new UsageError('--write-baseline needs the whole run: leave --only and --shard out')
  }
  if (flags.texts('min-witness').length > 0 && flags.text('shard') !== null) {
    throw new UsageError(
      '--min-witness needs the whole run: a share of the work sees a share; leave --shard out',
    )
  }
}

/**
 * Finds values of parameters that no operation has.
 *
 * @throws {@link UsageError} with the nearest name there is.
 */
export function verifyParameters(apis: readonly LoadedApi[], given: readonly string[]): void {
  const known = apis.flatMap(({ document }) =>
    document.operations.flatMap(({ parameters, path }) => [
      ...parameters.map(({ name }) => name),
      ...[...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name),
    ]),
  )
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const hint = suggestion(unknown, [...new Set(known)])
  throw new UsageError(`--parameter: no operation has a parameter \`${unknown}\`${hint}`)
}
