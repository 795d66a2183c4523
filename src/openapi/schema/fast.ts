/**
 * The fast way to a verdict: schemas without anything unusual are handed to ajv, whose compiled code says yes
 * or no sooner than the house's own. It sees no addresses, anchors or dialects: all that is resolved.
 *
 * @module
 */
import Ajv2020 from 'ajv/dist/2020.js'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, isScalar } from '../../model/json.ts'
import { FORMATS, formatCheck } from '../format.ts'
import { isMultipleOf } from '../multiple-of.ts'
import { compilePattern } from '../pattern.ts'
import { hasDuplicates } from './array.ts'
import type { Direction, SchemaNode } from './node.ts'
import { isRisky } from './shape.ts'

/** Says yes or no to a value. */
export type Verdict = (value: unknown) => boolean

const COPIED = new Set([
  'type',
  'enum',
  'const',
  'maximum',
  'minimum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'multipleOf',
  'maxLength',
  'minLength',
  'pattern',
  'format',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
])
const NESTED = new Set([
  'items',
  'prefixItems',
  'contains',
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
])

/** Schemas of one document, compiled when they are first asked for. */
export class FastLane {
  readonly #ajv = createAjv()
  readonly #added = new Set<SchemaNode>()
  /** What was found right inside of the last value, by the name of a schema that is asked for on its own. */
  readonly #right = new Map<string, Set<unknown>>()

  constructor() {
    // A row that was found right as a part of its page need not be judged again on its own.
    this.#ajv.addKeyword({ keyword: REMEMBERED, compile: (name: string) => this.#remembering(name) })
  }

  /**
   * The compiled schema; its closure must be {@link isPlain}.
   *
   * @param isAsked - Is a schema asked for on its own too? What keeps it inside of another is remembered.
   */
  compile(
    node: SchemaNode,
    closure: ReadonlySet<SchemaNode>,
    isAsked: (node: SchemaNode) => boolean,
  ): Verdict {
    for (const each of closure) {
      if (this.#added.has(each) || (each.references === 0 && each !== node)) continue
      this.#added.add(each)
      this.#ajv.addSchema(written(each, isAsked) as JsonObject, nameOf(each))
    }
    const validate = this.#validateOf(nameOf(node))
    const right = this.#rightBy(nameOf(node))
    return (value) => {
      if (right.has(value)) return true
      for (const each of this.#right.values()) each.clear()
      return validate(value)
    }
  }

  #remembering(name: string): Verdict {
    const right = this.#rightBy(name)
    let validate: Verdict | null = null
    return (value) => {
      validate ??= this.#validateOf(name)
      const isRight = validate(value)
      if (isRight) right.add(value)
      return isRight
    }
  }

  #validateOf(name: string): Verdict {
    const validate = this.#ajv.getSchema(name)
    if (validate === undefined) throw new Error(`ajv does not know ${name}`)
    return validate as Verdict
  }

  #rightBy(name: string): Set<unknown> {
    const right = this.#right.get(name) ?? new Set()
    this.#right.set(name, right)
    return right
  }
}

/** A reference to a schema, as which what it finds right is remembered. */
const REMEMBERED = 'remembered'

/** Does ajv judge it exactly, and in time? */
export function isPlain(
  node: SchemaNode,
  closure: ReadonlySet<SchemaNode>,
  direction: Direction | null,
): boolean {
  const bar = direction === null ? '' : direction === 'request' ? 'readOnly' : 'writeOnly'
  for (const { source, exotic, marks, resource } of closure) {
    if (exotic || marks || resource.vocabularies !== null) return false
    if (typeof source === 'boolean') continue
    if (source[bar] === true || hasTrap(source)) return false
  }
  return !isRisky(node, closure)
}

/**
 * What ajv gets wrong: empty lists of values, counts of what an array contains, names of prototypes. Where it
 * compares objects it calls their `toString`, which may be a member of theirs; and a number too large to be
 * read has no bounds where no `type` refuses it.
 */
function hasTrap(source: JsonObject): boolean {
  const { enum: allowed, properties, required } = source
  if (source['type'] === undefined && NUMERIC.some((keyword) => Object.hasOwn(source, keyword))) return true
  if (Object.hasOwn(source, 'minContains') || Object.hasOwn(source, 'maxContains')) return true
  if (Array.isArray(allowed) && (allowed.length === 0 || !allowed.every(isScalar))) return true
  if (Object.hasOwn(source, 'const') && !isScalar(source['const'] as Json)) return true
  if (isObject(properties) && Object.hasOwn(properties, '__proto__')) return true
  return Array.isArray(required) && required.includes('__proto__')
}

function nameOf({ number }: SchemaNode): string {
  return `schema-${number}`
}

/** A schema with its parts inside and its references by name. */
function written({ source, children }: SchemaNode, isAsked: (node: SchemaNode) => boolean): Json {
  if (typeof source === 'boolean') return source
  const result: Record<string, Json> = {}
  const inner = (key: string): Json => {
    const child = children.get(key)
    if (child === undefined) throw new Error(`nothing was compiled at ${key}`)
    return child.references > 0 ? referenceTo(child, isAsked) : written(child, isAsked)
  }
  for (const [keyword, value] of Object.entries(source)) {
    if (COPIED.has(keyword)) result[keyword] = value
    else if (keyword === '$ref')
      Object.assign(result, referenceTo(children.get(`$ref ${String(value)}`) as SchemaNode, isAsked))
    else if (NESTED.has(keyword)) result[keyword] = nested(keyword, value, inner)
  }
  return result
}

function referenceTo(node: SchemaNode, isAsked: (node: SchemaNode) => boolean): JsonObject {
  return { [isAsked(node) ? REMEMBERED : '$ref']: nameOf(node) }
}

const NUMERIC = ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf']

const BY_NAME = new Set(['properties', 'patternProperties', 'dependentSchemas'])

function nested(keyword: string, value: Json, inner: (key: string) => Json): Json {
  if (Array.isArray(value)) return value.map((_, position) => inner(`${keyword}/${position}`))
  if (!BY_NAME.has(keyword)) return inner(keyword)
  return Object.fromEntries(
    Object.keys(value as JsonObject).map((name) => [name, inner(`${keyword}/${name}`)]),
  )
}

function createAjv(): Ajv2020.default {
  const ajv = new Ajv2020.default({
    strict: false,
    strictNumbers: true,
    ownProperties: true,
    inlineRefs: false,
    validateSchema: false,
    logger: false,
    meta: false,
    code: { optimize: false, regExp: Object.assign(expression, { code: '' }) },
  })
  for (const [name, type] of Object.entries(FORMATS)) {
    const validate = (value: Json): boolean => formatCheck(name)?.(value) ?? true
    ajv.addFormat(name, type === 'number' ? { type, validate } : { type, validate })
  }
  for (const keyword of ['multipleOf', 'uniqueItems']) ajv.removeKeyword(keyword)
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    compile: (divisor: number) => (value: number) => isMultipleOf(value, divisor),
  })
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    compile: (unique: boolean) => (value: readonly Json[]) => !unique || !hasDuplicates(value),
  })
  return ajv
}

/** Patterns have been compiled before: those that are none do not come here. */
function expression(source: string): RegExp {
  const pattern = compilePattern(source)
  if ('fault' in pattern) throw new Error(pattern.fault)
  // Ajv knows patterns apart by what they are written as.
  return { test: pattern.test, toString: () => source } as unknown as RegExp
}
