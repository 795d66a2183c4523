/**
 * Credentials: does the request carry those that its operation asks for?
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { SecurityRequirement } from '../openapi/operation.ts'
import type { CredentialSource, SecurityScheme } from '../openapi/security.ts'
import { credentialOf } from '../openapi/security.ts'
import type { Api } from './api.ts'

/**
 * Checks a request's credentials; any one of the operation's alternatives is enough.
 *
 * @throws {@link ApiError} `unauthenticated`, with a challenge where the scheme has one.
 */
export function authenticate(
  source: CredentialSource,
  api: Api,
  security: readonly SecurityRequirement[],
): void {
  if (security.length === 0) return
  if (security.some((requirement) => satisfies(source, api, requirement))) return
  const alternatives = security.map((requirement) => schemesOf(api, [requirement]).map(wordOf).join(' and '))
  const wanted = alternatives.filter((words) => words !== '').join(' or ')
  throw new ApiError('unauthenticated', `Give ${wanted}`, [], challengeOf(api, security))
}

function schemesOf(api: Api, security: readonly SecurityRequirement[]): readonly SecurityScheme[] {
  const names = new Set(security.flatMap((requirement) => Object.keys(requirement)))
  return [...names].flatMap((name) => api.document.schemes.get(name) ?? [])
}

function satisfies(source: CredentialSource, api: Api, requirement: SecurityRequirement): boolean {
  return Object.keys(requirement).every((name) => {
    const scheme = api.document.schemes.get(name)
    if (scheme === undefined) return false
    const credential = credentialOf(source, scheme)
    if (credential === null || credential === '') return false
    const pattern = api.contract?.credentials[name]?.pattern ?? null
    return pattern === null || new RegExp(pattern, 'u').test(credential)
  })
}

function wordOf({ scheme, in: place, key }: SecurityScheme): string {
  if (place === 'connection') return 'a certificate'
  return scheme === '' ? `the ${place} ${key}` : `the header Authorization with a ${scheme} credential`
}

/** The header that says how to authenticate; a key that stands alone has no challenge. */
export function challengeOf(
  api: Api,
  security: readonly SecurityRequirement[],
): Readonly<Record<string, string>> {
  const http = schemesOf(api, security).find(({ scheme }) => scheme !== '')
  if (http === undefined) return {}
  return { 'WWW-Authenticate': http.scheme.charAt(0).toUpperCase() + http.scheme.slice(1) }
}
