/**
 * The first request that somebody sends, for the terminal and for pages.
 *
 * @module
 */
import type { JobListing } from '../server/listing.ts'

/** A request that reads a job, to be copied. */
export function curlOf({ url, headers }: JobListing, base: string): string {
  const given = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}' `)
  return `curl -s ${given.join('')}'${base}${url}'`
}
