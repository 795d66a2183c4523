/**
 * Webhooks: what a vendor tells a receiver when a job of a sandbox moves. Deliveries follow from the jobs and
 * the clock; only how their attempts ended is an event. Sending is `cli/`.
 *
 * @module
 */

/** Where the webhooks of an API go. */
export interface Endpoint {
  readonly api: string
  readonly url: string
  /** What signs the bodies. */
  readonly secret: string
  /** The vendor's event names; none stands for all. */
  readonly events: readonly string[]
}
