/**
 * A recipe for an API that has no vendor: row templates drawn from the schema of its rows.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { objectAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { resolve } from '../openapi/reference.ts'
import { keyOf } from '../random/key.ts'
import { drawValue } from '../values/draw-value.ts'
import type { Draw } from '../vendor/draw.ts'
import type { Drawing, FixtureRecipe } from '../vendor/vendor.ts'
import { EPOCH_MS } from './generate-fixture.ts'

const TEMPLATES = 64

/**
 * The recipe of rows that a schema describes.
 *
 * @param schema - Pointer to the schema of a row; null where the API has no rows.
 * @param pages - An answer holds a page of rows, not all of them: no other API gets a job of very many.
 */
export function inferRecipe(
  document: JsonObject,
  schema: string | null,
  pages: boolean,
  words: readonly string[],
): FixtureRecipe {
  return {
    jobs: pages ? {} : { huge: null },
    kinds: { ordinary: TEMPLATES },
    run: 1,
    mix: { ordinary: 1 },
    template: schema === null ? {} : memberDrawings(document, schema, words),
  }
}

function memberDrawings(
  document: JsonObject,
  schema: string,
  words: readonly string[],
): Readonly<Record<string, Drawing>> {
  const row = resolve(document, schema)
  const source = { document, words, epochMs: EPOCH_MS }
  return Object.fromEntries(
    Object.keys(objectAt(row.value, 'properties')).map((name) => [
      name,
      (draw: Draw): Json => {
        const key = keyOf('member', name, draw.integer(0, 0xffff_ffff))
        return drawValue(source, pointerTo(row.pointer, 'properties', name), key)
      },
    ]),
  )
}
