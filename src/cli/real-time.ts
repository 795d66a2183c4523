/**
 * Time that passes: for targets that are somewhere else.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Time } from '../contract/time.ts'

/** A clock that never goes back, and waits that can be broken off. */
export const realTime: Time = {
  now: () => performance.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error
    })
  },
}
