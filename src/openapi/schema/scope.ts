/**
 * The way that led to a schema, as far as it matters.
 *
 * @module
 */
import type { Resource } from './resource.ts'

/**
 * The schema resources entered so far, the outermost first: what `$dynamicRef` looks through. Equal ones are
 * one object.
 */
export class Scope {
  readonly resources: readonly Resource[]
  readonly #next = new Map<Resource, Scope>()

  constructor(resources: readonly Resource[]) {
    this.resources = resources
  }

  /** This scope with one more resource inside. */
  enter(resource: Resource): Scope {
    if (this.resources.includes(resource)) return this
    const known = this.#next.get(resource)
    if (known !== undefined) return known
    const scope = new Scope([...this.resources, resource])
    this.#next.set(resource, scope)
    return scope
  }
}
