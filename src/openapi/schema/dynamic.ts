/**
 * `$dynamicRef`: a reference whose end depends on how one came to it.
 *
 * @module
 */
import { applyHere } from './apply.ts'
import type { Check, Run, SchemaNode, Site } from './node.ts'
import type { Resource } from './resource.ts'

/** Dynamic anchors of the documents. */
export interface DynamicAnchors {
  /** The schema that a resource gives an anchor to. */
  at(resource: Resource, anchor: string): SchemaNode | null
  /** Every schema that has an anchor, whatever resource it is of. */
  all(anchor: string): readonly SchemaNode[]
}

/** `$dynamicRef`. */
export function dynamicReferenceChecks(site: Site, anchors: DynamicAnchors): readonly Check[] {
  const { node, source, follow, fault } = site
  const reference = source['$dynamicRef']
  if (reference === undefined) return []
  if (typeof reference !== 'string') {
    fault('$dynamicRef', `must be a text, is ${JSON.stringify(reference)}`)
    return []
  }
  const first = follow('$dynamicRef', reference)
  if (first === null) return []
  node.exotic = true
  node.inPlace.push({ node: first, always: true, fixed: false })
  const anchor = reference.slice(reference.indexOf('#') + 1)
  const isDynamic = typeof first.source === 'object' && first.source['$dynamicAnchor'] === anchor
  if (!isDynamic) return [(value, run) => applyHere(first, value, run)]
  for (const [position, each] of anchors.all(anchor).entries()) {
    node.children.set(`$dynamicRef ${position}`, each)
    node.inPlace.push({ node: each, always: false, fixed: false })
    // One reference that leads to many places counts as many that lead to each.
    each.references += 2
  }
  return [(value, run) => applyHere(outermost(anchor, run, anchors) ?? first, value, run)]
}

/** Of the resources that one came through, the first that has the anchor. */
function outermost(anchor: string, run: Run, anchors: DynamicAnchors): SchemaNode | null {
  for (const resource of run.scope.resources) {
    const node = anchors.at(resource, anchor)
    if (node !== null) return node
  }
  return null
}
