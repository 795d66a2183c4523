/**
 * The flags that say how hard and how long a service is asked.
 *
 * @module
 */
import { parseTypedDuration } from '../model/duration.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Flag, Flags } from './command.ts'

/** The flags of the pace of a run. */
export const PACE_FLAGS: Readonly<
  Record<'concurrency' | 'rate' | 'deadline' | 'patience' | 'stream-time', Flag>
> = {
  concurrency: { type: 'string', value: 'n', default: '4', help: 'requests at the same time' },
  rate: {
    type: 'string',
    value: 'n/s',
    help: 'requests a second, a minute (n/m) or an hour (n/h) at the most',
  },
  deadline: {
    type: 'string',
    value: 'time',
    help: 'stop after so long, such as 10m, and report what is known',
  },
  patience: {
    type: 'string',
    value: 'time',
    help: 'how long a job that the judge makes is followed at a real service; else 30s',
  },
  'stream-time': {
    type: 'string',
    value: 'time',
    help: 'how long an answer that is a stream is read at a real service; else 3s',
  },
}

const LONGEST_MS = 86_400_000
const MOST_A_SECOND = 10_000

/**
 * Requests a second; null where no rate is given.
 *
 * @throws {@link UsageError} when the text is no rate.
 */
export function rateOf(flags: Flags): number | null {
  const text = flags.text('rate')
  if (text === null) return null
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/(s|m|min|h))?$/.exec(text) ?? []
  const rate = number === '' ? 0 : Number(number) / (unit === 's' ? 1 : unit === 'h' ? 3_600 : 60)
  if (rate > 0 && rate <= MOST_A_SECOND) return rate
  throw new UsageError(`--rate must be a number of requests such as 5/s, 30/m or 100/h, not \`${text}\``)
}

/**
 * Milliseconds after which a run is stopped; null where it is not.
 *
 * @throws {@link UsageError} when the text is no duration, or one that is no use.
 */
export function deadlineOf(flags: Flags): number | null {
  return durationOf(flags, 'deadline')
}

/**
 * For how many milliseconds a job that the judge makes is followed; null where nothing is said.
 *
 * @throws {@link UsageError} when the text is no duration, or one that is no use.
 */
export function patienceOf(flags: Flags): number | null {
  return durationOf(flags, 'patience')
}

/**
 * For how many milliseconds a stream is read; null where nothing is said.
 *
 * @throws {@link UsageError} when the text is no duration, or one that is no use.
 */
export function streamTimeOf(flags: Flags): number | null {
  return durationOf(flags, 'stream-time')
}

function durationOf(flags: Flags, name: keyof typeof PACE_FLAGS): number | null {
  const text = flags.text(name)
  if (text === null) return null
  const ms = parseTypedDuration(text)
  if (ms !== null && ms > 0 && ms <= LONGEST_MS) return ms
  throw new UsageError(`--${name} must be a time of at most a day, such as 90s, 10m or PT1H, not \`${text}\``)
}
