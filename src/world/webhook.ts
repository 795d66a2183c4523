/**
 * Who is told when jobs of a sandbox move. What they are told is `delivery.ts`; sending is not done here.
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
  /** Tells the endpoints of an API apart, whatever their URLs; left out, the URL does. */
  readonly number?: number
  /** It is not told of what happened before this instant; left out, it is told of all. */
  readonly sinceMs?: number
  /** Deliveries of that very instant that had happened before it was set. */
  readonly before?: readonly string[]
}

/** The endpoints once the clock shows this instant: where it goes back, nothing is before their time. */
export function endpointsFrom(endpoints: readonly Endpoint[], nowMs: number): readonly Endpoint[] {
  return endpoints.map((endpoint) => {
    return (endpoint.sinceMs ?? nowMs) > nowMs ? { ...endpoint, sinceMs: nowMs, before: [] } : endpoint
  })
}
