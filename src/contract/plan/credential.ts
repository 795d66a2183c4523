/**
 * Credentials for a target that takes whatever its contract does not rule out, as the mock does: the
 * contract's examples, and a stand-in for each scheme that has none.
 *
 * @module
 */
import type { SecurityRequirement } from '../../openapi/operation.ts'
import type { SecurityScheme } from '../../openapi/security.ts'
import { credentialHeaders } from '../../openapi/security.ts'
import type { Subject } from '../subject.ts'
import type { Aim, QueryPair } from './aim.ts'

/** What is sent where no credential is known; it opens nothing but a mock. */
export const STAND_IN = 'standin'

/** Credentials that let every operation in, as far as they can be carried together. */
export function acceptedCredentials({ document, contract }: Subject): Pick<Aim, 'headers' | 'query'> {
  const known = contract?.credentials ?? {}
  const chosen = new Map<string, SecurityScheme>()
  const needs = document.operations.map(({ security }) => security)
  const isShown = (need: SecurityRequirement): boolean =>
    Object.keys(need).every((name) => known[name] !== undefined)
  const add = (security: readonly SecurityRequirement[]): void => {
    const schemesOf = (need: SecurityRequirement): readonly (SecurityScheme | undefined)[] =>
      Object.keys(need).map((name) => document.schemes.get(name))
    const isMet = (need: SecurityRequirement): boolean => Object.keys(need).every((name) => chosen.has(name))
    if (security.some(isMet)) return
    const possible = security.filter((need) =>
      schemesOf(need).every((scheme) => scheme !== undefined && fits(scheme, chosen)),
    )
    const taken = possible.find(isShown) ?? possible[0] ?? {}
    for (const scheme of schemesOf(taken)) if (scheme !== undefined) chosen.set(scheme.name, scheme)
  }
  for (const security of needs) add(security)
  return carriedTogether([...chosen.values()], (name) => known[name]?.example ?? STAND_IN)
}

/** One header or name in a query carries one credential. */
function fits(scheme: SecurityScheme, chosen: ReadonlyMap<string, SecurityScheme>): boolean {
  if (scheme.in === 'connection' || chosen.has(scheme.name)) return true
  return ![...chosen.values()].some(
    ({ in: place, key }) => place === scheme.in && key.toLowerCase() === scheme.key.toLowerCase(),
  )
}

function carriedTogether(
  schemes: readonly SecurityScheme[],
  textOf: (name: string) => string,
): Pick<Aim, 'headers' | 'query'> {
  const headers: Record<string, string> = {}
  const query: QueryPair[] = []
  for (const scheme of schemes) {
    const text = textOf(scheme.name)
    const carried = credentialHeaders(scheme, text)
    if (carried === null) query.push([scheme.key, text])
    for (const [name, value] of Object.entries(carried ?? {})) {
      headers[name] = name === 'cookie' && headers[name] !== undefined ? `${headers[name]}; ${value}` : value
    }
  }
  return { headers, query }
}
