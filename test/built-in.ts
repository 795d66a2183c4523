/**
 * The ids of the built-in APIs, as the folders of `specs/` have them: no test keeps a list of its own.
 *
 * @module
 */
import { readdirSync } from 'node:fs'

/** Sorted, as they are served. */
export const BUILT_IN: readonly string[] = readdirSync(new URL('../specs/', import.meta.url)).sort()
