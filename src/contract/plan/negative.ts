/**
 * Negatives: requests that the document or the job contract forbids, one violation each, and only where no
 * reading of the request makes it right.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { contractOf } from '../subject.ts'
import { matchTemplate } from '../view.ts'
import type { Aim, Shot } from './aim.ts'
import { aimAt, isFree, requiredQuery } from './aim.ts'
import { brokenBodies, usualBody } from './body.ts'
import type { Case, Expectation } from './case.ts'
import { conflictsOf } from './conflict.ts'
import type { Wire } from './reading.ts'
import type { Scope } from './scope.ts'
import { harmlessPath } from './scope.ts'
import { violationsOf } from './violation.ts'

const UNKNOWN = 'standin_unknown'

/** Every forbidden request of an operation, most telling first. */
export function negativeCases(scope: Scope, operation: Operation): readonly Case[] {
  return [
    ...parameterCases(scope, operation),
    ...conflictCases(scope, operation),
    ...(scope.allowWrites ? bodyCases(scope, operation) : []),
  ]
}

/** What every request to an operation is made of, until something is broken. */
function soundShot(scope: Scope, operation: Operation): Pick<Shot, 'operation' | 'path' | 'query' | 'body'> {
  return {
    operation,
    path: harmlessPath(scope, operation),
    query: requiredQuery(scope.aim, operation),
    ...usualBody(scope.aim.judge, operation),
  }
}

function refusal(
  pointer: string,
  fault: string,
  names: readonly string[],
): Extract<Expectation, { kind: 'refused' }> {
  return { kind: 'refused', check: 'negative_data_rejection', statuses: null, pointer, fault, names }
}

function parameterCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim } = scope
  const sound = soundShot(scope, operation)
  const clamped = clampedLimit(aim, operation)
  const free = operation.parameters.filter(
    (parameter) => isFree(aim, parameter) && parameter.name !== clamped,
  )
  return free.flatMap((parameter) =>
    violationsOf(aim.judge, parameter)
      .filter(({ wire }) => parameter.in !== 'path' || staysHere(scope, operation, parameter, wire))
      .map(({ wire, fault, pointer }) => {
        const expects = refusal(pointer, fault, [parameter.name])
        return aimAt(aim, {
          ...sound,
          ...placed(sound, parameter, wire),
          purpose: `forbidden: ${fault}`,
          expects: parameter.in === 'path' ? { ...expects, notFound: true } : expects,
        })
      }),
  )
}

/** A request's own parts with one parameter as given. */
export function placed(
  { path, query = [] }: Pick<Shot, 'path' | 'query'>,
  parameter: Parameter,
  wire: Wire,
): Partial<Shot> {
  const { name } = parameter
  const [[, text] = ['', '']] = wire
  if (parameter.in === 'path') return { path: { ...path, [name]: text } }
  if (parameter.in === 'query') {
    const others = query.filter(([known]) => known !== name)
    return wire.length === 0 ? { query: others, omits: name } : { query: [...others, ...wire] }
  }
  if (wire.length === 0) return { omits: name }
  return parameter.in === 'header' ? { headers: { [name]: text } } : { cookies: wire }
}

/** Is a path with that text still the operation's own, and no other's? */
function staysHere(scope: Scope, operation: Operation, { name }: Parameter, wire: Wire): boolean {
  const text = encodeURIComponent(wire[0]?.[1] ?? '')
  const asked = operation.path.replaceAll(`{${name}}`, text).replace(/\{[^}]*\}/g, 'standin')
  return scope.aim.judge.subject.document.operations.every(
    ({ path }) =>
      path === operation.path || matchTemplate(path, asked) === null || path.length > asked.length,
  )
}

function conflictCases(scope: Scope, operation: Operation): readonly Case[] {
  const sound = soundShot(scope, operation)
  return conflictsOf(scope.aim, operation).map(({ query, fault, pointer }) =>
    aimAt(scope.aim, {
      ...sound,
      query: [...(sound.query ?? []), ...query],
      purpose: `forbidden: ${fault}`,
      expects: refusal(
        pointer,
        fault,
        query.map(([name]) => name),
      ),
    }),
  )
}

function bodyCases(scope: Scope, operation: Operation): readonly Case[] {
  const { body: _, ...sound } = soundShot(scope, operation)
  return brokenBodies(scope.aim.judge, operation).map(({ text, mediaType, fault, pointer, names }) =>
    aimAt(scope.aim, {
      ...sound,
      ...(text === null ? {} : { body: text }),
      ...(mediaType === undefined ? {} : { mediaType }),
      purpose: `forbidden: ${fault}`,
      expects: refusal(pointer, fault, names),
    }),
  )
}

/** A query parameter that nobody documented: it is ignored or refused, and breaks nothing. */
export function unknownParameterCase(scope: Scope, operation: Operation): Case {
  const sound = soundShot(scope, operation)
  const planned = aimAt(scope.aim, {
    ...sound,
    query: [...(sound.query ?? []), [UNKNOWN, '1']],
    purpose: `a parameter ${UNKNOWN} that is not documented`,
    expects: { kind: 'documented' },
  })
  return { ...planned, late: true }
}

/** A limit that is brought back into its bounds is refused by nobody: P09 looks at it. */
function clampedLimit({ judge }: Aim, { id }: Operation): string | null {
  const contract = contractOf(judge.subject, id)
  const { limit, clamps } = contract?.rows ?? contract?.list ?? { limit: null, clamps: false }
  return clamps ? limit : null
}
