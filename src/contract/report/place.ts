/**
 * Places in documents as reports print them.
 *
 * @module
 */
import type { Place } from '../subject.ts'

/** `specs/acme/openapi.yaml:128:17`: most terminals and editors open it. */
export function printPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}
