/**
 * Positives: requests that the document allows, at the boundaries of each parameter, with every two values of
 * two parameters, and with the least and the most that a body may hold.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { cut } from '../display.ts'
import { contractOf } from '../subject.ts'
import type { Shot } from './aim.ts'
import { aimAt, isFree, pathFor, requiredQuery, unknownScope } from './aim.ts'
import { jsonMedia } from './body.ts'
import { bodyVariants } from './body-variant.ts'
import type { Boundary } from './boundary.ts'
import { boundariesOf, isBound } from './boundary.ts'
import type { Case } from './case.ts'
import { callJob, mainJob } from './job-ref.ts'
import { placed } from './negative.ts'
import { coverPairs } from './pairwise.ts'
import type { Scope } from './scope.ts'
import { isRead } from './scope.ts'

/** What a server may answer to a value that is perhaps the name of something it does not have. */
const NOT_THERE = [404, 409, 410]

/** What a server may answer to a body that keeps its schema and makes no sense (RFC 9110, 15.5.21). */
export const NOT_SENSIBLE: readonly number[] = [422]

/** A parameter with the values that must be accepted. */
interface Level {
  readonly parameter: Parameter
  readonly boundaries: readonly Boundary[]
}

/** Every allowed request of an operation; for operations of a job those of one job. */
export function positiveCases(scope: Scope, operation: Operation): readonly Case[] {
  const sound = soundShot(scope, operation)
  if (sound === null) return []
  if (!isRead(operation)) return scope.allowWrites ? bodyCases(scope, operation, sound) : []
  const levels = levelsOf(scope, operation)
  return [...singleCases(scope, sound, levels), ...pairCases(scope, sound, levels)]
}

type Sound = Pick<Shot, 'operation' | 'path' | 'query'> & { readonly who: string }

/** What all allowed requests share; null where too little is known for a success. */
function soundShot({ aim, jobs }: Scope, operation: Operation): Sound | null {
  // Without a job contract nobody knows where the id of a job belongs.
  const job = aim.judge.subject.contract === null ? null : mainJob(jobs)
  if (unknownScope(aim, operation, job) !== null) return null
  const contract = contractOf(aim.judge.subject, operation.id)
  if (contract?.job != null && !isRead(operation)) return null
  const drawn = operation.parameters.some(
    ({ in: place, name }) => place === 'path' && aim.parameters[name] === undefined,
  )
  if (job === null && drawn) return null
  const who = contract?.job == null || job === null ? '' : `${callJob(job)}: `
  return { operation, path: pathFor(aim, operation, job), query: requiredQuery(aim, operation), who }
}

function levelsOf({ aim }: Scope, operation: Operation): readonly Level[] {
  return operation.parameters
    .filter((parameter) => parameter.in !== 'path' && isFree(aim, parameter))
    .filter((parameter) => !isBound(aim.judge, operation, parameter))
    .map((parameter) => ({ parameter, boundaries: boundariesOf(aim.judge, parameter) }))
    .filter(({ boundaries }) => boundaries.length > 0)
}

function singleCases({ aim }: Scope, { who, ...sound }: Sound, levels: readonly Level[]): readonly Case[] {
  return levels.flatMap(({ parameter, boundaries }) =>
    boundaries.map(({ wire, free }) => {
      const accepted = { kind: 'accepted', pointer: parameter.pointer } as const
      return aimAt(aim, {
        ...sound,
        ...placed(sound, parameter, wire),
        purpose: `${who}${say(wire)}`,
        expects: free ? { ...accepted, unless: NOT_THERE } : accepted,
      })
    }),
  )
}

function say(wire: Boundary['wire']): string {
  return cut(wire.map(([name, text]) => `${name}=${text}`).join('&'), 80)
}

const PAIRS_LIMIT = 24
const VALUES_LIMIT = 6

/** Each two values of two parameters at least once; values that may be names of something stand alone. */
function pairCases(scope: Scope, { who, ...sound }: Sound, levels: readonly Level[]): readonly Case[] {
  const { aim } = scope
  const firm = levels.flatMap(({ parameter, boundaries }) => {
    const kept = boundaries.filter(({ free }) => !free).slice(0, VALUES_LIMIT)
    return parameter.in !== 'query' || kept.length < 2 ? [] : [{ parameter, boundaries: kept }]
  })
  if (firm.length < 2) return []
  const pointer = `${sound.operation.pointer}/parameters`
  const cover = coverPairs(
    firm.map(({ boundaries }) => boundaries.length),
    aim.seed,
    (first, value, second, other) => mayStand(scope, sound.operation, firm, [first, value, second, other]),
  )
  return cover.slice(0, PAIRS_LIMIT).map((combination) => {
    const wires = combination.flatMap((value, at) =>
      value === null ? [] : (firm[at]?.boundaries[value]?.wire ?? []),
    )
    const given = new Set(wires.map(([name]) => name))
    const query = [...(sound.query ?? []).filter(([name]) => !given.has(name)), ...wires]
    return aimAt(aim, {
      ...sound,
      query,
      purpose: `${who}${say(wires)}`,
      expects: { kind: 'accepted', pointer },
    })
  })
}

/** Does the job contract know of nothing against two values? No lower bound lies above its upper one. */
function mayStand(
  { aim }: Scope,
  operation: Operation,
  levels: readonly Level[],
  [first, value, second, other]: readonly [number, number, number, number],
): boolean {
  const list = contractOf(aim.judge.subject, operation.id)?.list ?? null
  if (list === null) return true
  const [a, b] = [levels[first], levels[second]]
  const [low, high] = [a?.parameter.name ?? '', b?.parameter.name ?? '']
  const reversed = Object.hasOwn(list.to, low) && Object.hasOwn(list.from, high)
  const ordered = Object.hasOwn(list.from, low) && Object.hasOwn(list.to, high)
  if (!reversed && !ordered) return true
  const texts = [a?.boundaries[value]?.wire[0]?.[1] ?? '', b?.boundaries[other]?.wire[0]?.[1] ?? '']
  const [from, to] = (reversed ? [...texts].reverse() : texts).map((text) => Date.parse(text))
  return Number(from) <= Number(to)
}

/** The bodies that a document allows, each of which may make something. */
function bodyCases({ aim }: Scope, operation: Operation, { who: _, ...sound }: Sound): readonly Case[] {
  const media = jsonMedia(operation)
  if (media === undefined) return []
  const dryRun = contractOf(aim.judge.subject, operation.id)?.dryRun ?? null
  const shot = (value: Json, what: string, dry: boolean): Case =>
    aimAt(aim, {
      ...sound,
      query: dry && dryRun !== null ? [...(sound.query ?? []), [dryRun, 'true']] : (sound.query ?? []),
      body: JSON.stringify(value),
      mediaType: media.type,
      purpose: `a body with ${what}${dry ? ', without effect' : ''}`,
      expects: {
        kind: 'accepted',
        pointer: `${operation.pointer}/requestBody`,
        unless: NOT_THERE,
        perhaps: NOT_SENSIBLE,
      },
    })
  const variants = bodyVariants(aim.judge, media)
  const first = variants[0]
  return [
    ...variants.map(({ value, what }) => shot(value, what, false)),
    ...(dryRun === null || first === undefined ? [] : [shot(first.value, first.what, true)]),
  ]
}
