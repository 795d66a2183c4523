/**
 * From schemas as they are written to schemas that are ready: each is read once, when something first leads
 * to it. What is wrong with a schema is noted at it, never skipped.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { dialectFaults, translate, writtenAt } from '../dialect.ts'
import { containsChecks, itemChecks, unevaluatedItemChecks, uniqueChecks } from './array.ts'
import {
  constantChecks,
  formatChecks,
  itemCountChecks,
  memberCountChecks,
  numberChecks,
  textChecks,
  typeCheck,
} from './assertion.ts'
import {
  allOfChecks,
  anyOfChecks,
  conditionChecks,
  dependentSchemaChecks,
  notChecks,
  oneOfChecks,
  referenceChecks,
} from './combination.ts'
import type { Names } from './discriminator.ts'
import { discriminatorChecks } from './discriminator.ts'
import type { DynamicAnchors } from './dynamic.ts'
import { dynamicReferenceChecks } from './dynamic.ts'
import type { Check, SchemaNode, Site } from './node.ts'
import {
  dependentRequiredChecks,
  memberChecks,
  nameChecks,
  requiredChecks,
  unevaluatedMemberChecks,
} from './object.ts'
import type { Library, Place } from './resource.ts'
import { broken } from './run.ts'

/** Makes schemas ready, each once. */
export class Compiler {
  readonly #library: Library
  readonly #names: Names
  readonly #formats: boolean
  readonly #nodes = new Map<string, SchemaNode>()

  constructor(library: Library, names: Names, formats: boolean) {
    this.#formats = formats
    this.#library = library
    this.#names = names
  }

  /** The schema at a pointer of the main document. */
  node(pointer: string): SchemaNode {
    return this.#nodeAt({ source: this.#library.main, pointer })
  }

  #nodeAt(place: Place): SchemaNode {
    const { source, pointer } = place
    const name = source === this.#library.main ? pointer : `${source.address}#${pointer}`
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    const resource = this.#library.resourceAt(place)
    const written = readPointer(source.json, pointer)
    const node: SchemaNode = {
      number: this.#nodes.size,
      pointer: name,
      resource,
      source: isObject(written) ? translate(written, resource.dialect) : written !== false,
      checks: [],
      faults: [],
      inPlace: [],
      children: new Map(),
      references: 0,
      marks: false,
      exotic: false,
      exempt: new Map(),
    }
    this.#nodes.set(name, node)
    if (isObject(written)) this.#fill(node, place, written)
    else if (written === false) node.checks.push(refuseAll(node))
    else if (written !== true) {
      const message = written === undefined ? 'there is no schema' : 'a schema is an object, true or false'
      node.faults.push({ pointer: name, message })
    }
    return node
  }

  #fill(node: SchemaNode, place: Place, written: JsonObject): void {
    const { dialect } = node.resource
    const fault = (keyword: string, message: string): void => {
      node.faults.push({
        pointer: pointerTo(node.pointer, writtenAt(written, dialect, keyword)),
        message: `\`${keyword}\` ${message}`,
      })
    }
    for (const { keyword, message } of dialectFaults(written, dialect)) fault(keyword, message)
    const site: Site = {
      node,
      source: node.source as JsonObject,
      fault,
      child: (keyword, ...rest) => {
        const segments = [writtenAt(written, dialect, String(keyword)), ...rest]
        const child = this.#nodeAt({ source: place.source, pointer: pointerTo(place.pointer, ...segments) })
        node.children.set([keyword, ...rest].join('/'), child)
        return child
      },
      follow: (keyword, reference) => this.#follow(node, keyword, reference, fault),
    }
    if (node.faults.length > 0) return
    node.checks.push(...checksOf(site, this.#names, this.#anchors, this.#formats))
  }

  #follow(node: SchemaNode, keyword: string, reference: string, fault: Site['fault']): SchemaNode | null {
    const place = this.#library.resolve(reference, node.resource)
    if (typeof place === 'string') {
      fault(keyword, place)
      return null
    }
    const target = this.#nodeAt(place)
    target.references += 1
    node.children.set(`${keyword} ${reference}`, target)
    return target
  }

  readonly #anchors: DynamicAnchors = {
    at: ({ source, dynamicAnchors }, anchor) => {
      const pointer = dynamicAnchors.get(anchor)
      return pointer === undefined ? null : this.#nodeAt({ source, pointer })
    },
    all: (anchor) =>
      this.#library.resources().flatMap((resource) => this.#anchors.at(resource, anchor) ?? []),
  }
}

const VALIDATION = 'validation'
const APPLICATOR = 'applicator'
const FORMAT = 'format'

/** Every check of a schema; types first, what is left unevaluated last. */
function checksOf(site: Site, names: Names, anchors: DynamicAnchors, formats: boolean): readonly Check[] {
  const { vocabularies } = site.node.resource
  const of = (vocabulary: string, make: (site: Site) => readonly Check[]): readonly Check[] =>
    vocabularies === null || vocabularies.has(vocabulary) ? make(site) : []
  return [
    ...of(VALIDATION, (each) => [typeCheck(each) ?? []].flat()),
    ...of(VALIDATION, numberChecks),
    ...of(VALIDATION, textChecks),
    ...referenceChecks(site),
    ...dynamicReferenceChecks(site, anchors),
    ...of(VALIDATION, constantChecks),
    ...of(APPLICATOR, notChecks),
    ...unions(
      site,
      of(APPLICATOR, (each) => discriminatorChecks(each, names)),
      [...of(APPLICATOR, anyOfChecks), ...of(APPLICATOR, oneOfChecks)],
    ),
    ...of(APPLICATOR, allOfChecks),
    ...of(APPLICATOR, conditionChecks),
    ...(formats ? of(FORMAT, formatChecks) : []),
    ...of(VALIDATION, itemCountChecks),
    ...of(VALIDATION, uniqueChecks),
    ...of(APPLICATOR, containsChecks),
    ...of(APPLICATOR, itemChecks),
    ...of(VALIDATION, memberCountChecks),
    ...of(VALIDATION, requiredChecks),
    ...of(VALIDATION, dependentRequiredChecks),
    ...of(APPLICATOR, nameChecks),
    ...of(APPLICATOR, dependentSchemaChecks),
    ...of(APPLICATOR, memberChecks),
    ...of('unevaluated', unevaluatedItemChecks),
    ...of('unevaluated', unevaluatedMemberChecks),
  ]
}

/** Where a discriminator has spoken, the unions beside it have nothing to add. */
function unions(site: Site, discriminators: readonly Check[], checks: readonly Check[]): readonly Check[] {
  const [discriminator] = discriminators
  if (discriminator === undefined) return checks
  site.node.exotic = true
  return [(value, run) => discriminator(value, run) && checks.every((check) => check(value, run))]
}

function refuseAll(node: SchemaNode): Check {
  return (_, run) => broken(run, node, 'false schema', () => ({ message: 'boolean schema is false' }))
}

/** A schema and all that it holds or leads to. */
export function closureOf(node: SchemaNode): ReadonlySet<SchemaNode> {
  const closure = new Set([node])
  for (const each of closure) for (const child of each.children.values()) closure.add(child)
  return closure
}
