import type { Hono } from 'hono'

/** Creates the app; `pick` chooses the ids. */
export declare function createApp(pick: () => string): Hono
