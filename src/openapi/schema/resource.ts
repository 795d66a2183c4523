/**
 * Schema resources: which address each part of a document has, and what a reference leads to. Nothing is
 * fetched: what a document does not hold itself must be handed in beside it.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf, objectAt } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Dialect } from '../dialect.ts'
import { dialectNamed } from '../dialect.ts'
import type { Fault } from './fault.ts'
import type { Kind } from './positions.ts'
import { visitSchemas } from './positions.ts'

/** A document that schemas stand in. */
export interface Source {
  readonly address: string
  readonly json: Json
  /** A whole document of an API, or one schema. */
  readonly kind: Kind
  readonly dialect: Dialect
}

/** A schema with an address of its own, and all in it that has none. */
export interface Resource {
  readonly address: string
  readonly source: IndexedSource
  readonly pointer: string
  readonly dialect: Dialect
  readonly anchors: Map<string, string>
  readonly dynamicAnchors: Map<string, string>
  /** The vocabularies of its metaschema; null for all of them. */
  readonly vocabularies: ReadonlySet<string> | null
}

interface IndexedSource extends Source {
  /** By pointer. */
  readonly resources: Map<string, Resource>
}

/** A place that a reference leads to. */
export interface Place {
  readonly source: IndexedSource
  readonly pointer: string
}

/** Documents by address, the main one first. */
export class Library {
  readonly main: IndexedSource
  readonly faults: Fault[] = []
  readonly #others: ReadonlyMap<string, Json>
  readonly #byAddress = new Map<string, Resource>()

  constructor(main: Source, others: ReadonlyMap<string, Json> = new Map()) {
    this.#others = others
    this.main = this.#index(main.kind === 'other' ? this.#asDocument(main) : main)
  }

  /** The resource that a place belongs to. */
  resourceAt({ source, pointer }: Place): Resource {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const resource = source.resources.get(at)
      if (resource !== undefined) return resource
      if (at === '') throw new Error(`${source.address} was not indexed`)
    }
  }

  /** What a reference from a resource leads to; a sentence where it leads nowhere. */
  resolve(reference: string, from: Resource): Place | string {
    const nowhere = `${reference} leads nowhere`
    const hash = reference.indexOf('#')
    const fragment = decoded(hash < 0 ? '' : reference.slice(hash + 1))
    if (fragment === null) return nowhere
    const target =
      hash === 0 ? from : this.#resourceNamed(reference.slice(0, hash < 0 ? undefined : hash), from)
    if (target === null) return nowhere
    const { source } = target
    if (fragment !== '' && !fragment.startsWith('/')) {
      const pointer = target.anchors.get(fragment)
      return pointer === undefined ? nowhere : { source, pointer }
    }
    const pointer = target.pointer + fragment
    if (readPointer(source.json, pointer) !== undefined) return { source, pointer }
    // Inside of a schema with an address people write pointers from the root of their document all the same.
    const isMeantFromRoot = hash === 0 && readPointer(source.json, fragment) !== undefined
    return isMeantFromRoot ? { source, pointer: fragment } : nowhere
  }

  /** Every resource known so far. */
  resources(): readonly Resource[] {
    return [...new Set(this.#byAddress.values())]
  }

  #resourceNamed(reference: string, from: Resource): Resource | null {
    const address = addressOf(reference, from.address)
    if (address === null) return null
    const known = this.#byAddress.get(address)
    if (known !== undefined) return known
    const json = this.#others.get(address)
    if (json === undefined) return null
    const { dialect } = this.main
    this.#index({ address, json, kind: 'schema', dialect: dialect === '3.0' ? '2020-12' : dialect })
    return this.#byAddress.get(address) ?? null
  }

  /** A whole document may name its own address, and the dialect of all its schemas. */
  #asDocument(main: Source): Source {
    if (main.dialect === '3.0') return main
    const self = memberOf(main.json, '$self')
    const named = memberOf(main.json, 'jsonSchemaDialect')
    const dialect = typeof named === 'string' ? dialectNamed(named) : main.dialect
    if (dialect === null) {
      this.faults.push({ pointer: '/jsonSchemaDialect', message: strangeDialect(String(named)) })
    }
    const address = typeof self === 'string' ? addressOf(self, main.address) : null
    return { ...main, dialect: dialect ?? main.dialect, address: address ?? main.address }
  }

  #index(plain: Source): IndexedSource {
    const source: IndexedSource = { ...plain, resources: new Map() }
    const root: Resource = {
      address: source.address,
      source,
      pointer: '',
      dialect: source.dialect,
      anchors: new Map(),
      dynamicAnchors: new Map(),
      vocabularies: null,
    }
    source.resources.set('', root)
    this.#byAddress.set(source.address, root)
    if (source.dialect === '3.0') return source
    visitSchemas(source.json, source.kind, (schema, pointer) => {
      if (isObject(schema)) this.#add(source, schema, pointer)
    })
    return source
  }

  #add(source: IndexedSource, schema: JsonObject, pointer: string): void {
    const outer = this.resourceAt({ source, pointer })
    const dialect = this.#dialectOf(schema, pointer, outer)
    const alone = dialect === 'draft-07' && memberOf(schema, '$ref') !== undefined
    const id = alone ? undefined : memberOf(schema, '$id')
    const own = typeof id === 'string' && !id.startsWith('#')
    const address = own ? addressOf(id.replace(/#.*$/, ''), outer.address) : null
    if (own && address === null) {
      this.faults.push({ pointer: `${pointer}/$id`, message: `${id} is no address` })
    }
    let resource = outer
    if (address !== null || Object.hasOwn(schema, '$schema')) {
      const vocabularies = this.#vocabulariesOf(schema, outer)
      const fresh = address !== null
      resource = {
        address: address ?? outer.address,
        source,
        pointer,
        dialect,
        anchors: fresh ? new Map() : outer.anchors,
        dynamicAnchors: fresh ? new Map() : outer.dynamicAnchors,
        vocabularies,
      }
      source.resources.set(pointer, resource)
      this.#verifyNew(address, pointer)
      if (fresh || pointer === '') this.#byAddress.set(resource.address, resource)
      if (pointer === '') this.#byAddress.set(source.address, resource)
    }
    if (typeof id === 'string' && id.startsWith('#') && id.length > 1)
      resource.anchors.set(id.slice(1), pointer)
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = memberOf(schema, keyword)
      if (typeof anchor !== 'string') continue
      const other = resource.anchors.get(anchor)
      if (other !== undefined && other !== pointer) {
        const message = `${anchor} stands at ${other} too; one resource has an anchor once`
        this.faults.push({ pointer: `${pointer}/${keyword}`, message })
      }
      resource.anchors.set(anchor, pointer)
      if (keyword === '$dynamicAnchor') resource.dynamicAnchors.set(anchor, pointer)
    }
  }

  /** Two schemas of one address: nobody could tell which a reference means. */
  #verifyNew(address: string | null, pointer: string): void {
    const other = address === null ? undefined : this.#byAddress.get(address)
    if (other === undefined || other.pointer === pointer) return
    const message = `${address} is the address of ${other.pointer || 'the document'} too; each has its own`
    this.faults.push({ pointer: `${pointer}/$id`, message })
  }

  #dialectOf(schema: JsonObject, pointer: string, outer: Resource): Dialect {
    const named = memberOf(schema, '$schema')
    if (typeof named !== 'string') return outer.dialect
    const dialect = dialectNamed(named)
    if (dialect !== null) return dialect
    if (this.#others.has(named)) return '2020-12'
    this.faults.push({ pointer: `${pointer}/$schema`, message: strangeDialect(named) })
    return outer.dialect
  }

  #vocabulariesOf(schema: JsonObject, outer: Resource): ReadonlySet<string> | null {
    const named = memberOf(schema, '$schema')
    if (typeof named !== 'string') return outer.vocabularies
    if (dialectNamed(named) !== null) return null
    const vocabularies = objectAt(this.#others.get(named), '$vocabulary')
    return new Set(Object.keys(vocabularies).map(vocabularyOf))
  }
}

/** `validation`, `applicator`; both vocabularies of formats are one. */
function vocabularyOf(address: string): string {
  const name = address.split('/').at(-1) ?? ''
  return name.startsWith('format') ? 'format' : name
}

/** The sentence on a dialect that is not understood. */
function strangeDialect(named: string): string {
  return `the dialect ${named} is not understood; 2020-12, draft-07 and those of OpenAPI 3.1 and 3.2 are`
}

function addressOf(reference: string, base: string): string | null {
  return URL.canParse(reference, base) ? new URL(reference, base).href : null
}

function decoded(fragment: string): string | null {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return null
  }
}
