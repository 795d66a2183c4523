/**
 * Credentials put to the test: none, malformed ones, those of another scheme, wrong ones where the contract
 * proves them wrong, one of several that are needed together; and each documented alternative by itself.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import type { SecurityScheme } from '../../openapi/security.ts'
import { credentialHeaders } from '../../openapi/security.ts'
import type { Subject } from '../subject.ts'
import type { Aim, QueryPair, Shot } from './aim.ts'
import { aimAt, requiredQuery } from './aim.ts'
import { usualBody } from './body.ts'
import type { Case } from './case.ts'
import type { Scope } from './scope.ts'
import { harmlessPath, isRead } from './scope.ts'

/** Credentials as they travel: some in headers, some in the query, some in cookies. */
interface Carried {
  readonly headers: Readonly<Record<string, string>>
  readonly query: readonly QueryPair[]
  readonly cookies: readonly QueryPair[]
}

/** Credentials that must not be let in, and what is wrong with them. */
interface Bad {
  readonly carried: Carried
  readonly fault: string
}

const NONE: Carried = { headers: {}, query: [], cookies: [] }

/** Requests whose credentials must be refused, and such as must be let in; none where they are optional. */
export function authCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim } = scope
  const { subject } = aim.judge
  if (operation.security.length === 0 || operation.security.some((need) => Object.keys(need).length === 0)) {
    return []
  }
  if (trustsConnection(subject, operation)) return []
  const forbidden = [403].filter((status) => operation.responses.has(String(status)))
  const shot = {
    operation,
    path: harmlessPath(scope, operation),
    query: requiredQuery(aim, operation),
    ...usualBody(aim.judge, operation),
  }
  const bad: readonly Bad[] = [
    { carried: NONE, fault: 'no credentials were sent' },
    ...schemesOf(subject, operation).flatMap((scheme) => malformed(subject, operation, scheme)),
    ...halves(subject, operation),
  ]
  const refused = bad.map(({ carried, fault }) =>
    carry(aim, shot, carried, {
      purpose: fault.replace(/ (?:was|were) sent$/, ''),
      expects: {
        kind: 'refused',
        check: 'ignored_auth',
        statuses: [401, ...forbidden],
        pointer: operation.pointer,
        fault,
        challenge: true,
      },
    }),
  )
  return [...refused, ...alternatives(scope, operation, shot)]
}

/** Is a certificate of the connection enough? Every request shows it then, whatever it carries. */
export function trustsConnection({ document }: Subject, { security }: Operation): boolean {
  return security.some((need) => {
    const places = Object.keys(need).map((name) => document.schemes.get(name)?.in)
    return places.length > 0 && places.every((place) => place === 'connection')
  })
}

/** A request that carries these credentials and no others. */
function carry(
  aim: Aim,
  shot: Omit<Shot, 'purpose' | 'expects'>,
  { headers, query, cookies }: Carried,
  { purpose, expects }: Pick<Shot, 'purpose' | 'expects'>,
): Case {
  const own = { headers, cookies, query: [...(shot.query ?? []), ...query] }
  return aimAt(aim, { ...shot, ...own, purpose, expects, anonymous: true })
}

function schemesOf({ document }: Subject, { security }: Operation): readonly SecurityScheme[] {
  const names = new Set(security.flatMap((need) => Object.keys(need)))
  return [...names].flatMap((name) => document.schemes.get(name) ?? [])
}

/** How a text travels as the credential of a scheme. */
function carriedBy(scheme: SecurityScheme, text: string): Carried {
  if (scheme.in === 'query') return { ...NONE, query: [[scheme.key, text]] }
  if (scheme.in === 'cookie') return { ...NONE, cookies: [[scheme.key, text]] }
  return { ...NONE, headers: credentialHeaders(scheme, text) ?? {} }
}

/** What is no credential of a scheme, whoever holds which keys. */
function malformed(subject: Subject, operation: Operation, scheme: SecurityScheme): readonly Bad[] {
  if (scheme.in === 'connection') return []
  const word = scheme.scheme.charAt(0).toUpperCase() + scheme.scheme.slice(1)
  const bad: Bad[] = []
  if (scheme.scheme === '') {
    const fault = `an empty ${scheme.in} ${scheme.key} was sent`
    bad.push({ carried: carriedBy(scheme, ''), fault })
  } else {
    const headers = (authorization: string): Carried => ({ ...NONE, headers: { authorization } })
    bad.push({ carried: headers(word), fault: `the word ${word} was sent without a credential` })
    bad.push({ carried: headers('standin'), fault: 'a header Authorization without a scheme was sent' })
    const known = new Set(schemesOf(subject, operation).map((each) => each.scheme))
    const other = known.has('basic')
      ? known.has('bearer')
        ? null
        : 'Bearer standin'
      : 'Basic c3RhbmRpbjp3cm9uZw=='
    if (other !== null)
      bad.push({ carried: headers(other), fault: 'credentials of another scheme were sent' })
  }
  const wrong = wrongKey(subject, scheme.name)
  if (wrong !== null)
    bad.push({ carried: carriedBy(scheme, wrong), fault: `a wrong ${scheme.name} was sent` })
  return bad
}

/** A key that the contract's pattern proves to be none; null where nothing proves it. */
function wrongKey({ contract }: Subject, name: string): string | null {
  const { pattern = null, example } = contract?.credentials[name] ?? {}
  if (pattern === null || example === undefined) return null
  const expression = new RegExp(pattern, 'u')
  const like = `${example.split('').reverse().join('')}`
  return (
    [like, `wrong${example}`, 'standin-wrong'].find(
      (text) => /^[\x21-\x7e]+$/.test(text) && !expression.test(text),
    ) ?? null
  )
}

/** The known credential of each scheme, from the contract's examples. */
function exampleOf({ contract, document }: Subject, name: string): Carried | null {
  const example = contract?.credentials[name]?.example
  const scheme = document.schemes.get(name)
  return example === undefined || scheme === undefined ? null : carriedBy(scheme, example)
}

function together(parts: readonly Carried[]): Carried {
  return {
    headers: Object.assign({}, ...parts.map(({ headers }) => headers)) as Carried['headers'],
    query: parts.flatMap(({ query }) => query),
    cookies: parts.flatMap(({ cookies }) => cookies),
  }
}

/** Of credentials that are needed together all but one, where those are enough for no other alternative. */
function halves(subject: Subject, { security }: Operation): readonly Bad[] {
  const seen = new Set<string>()
  return security.flatMap((need) => {
    const names = Object.keys(need)
    const shown = names.filter((name) => subject.document.schemes.get(name)?.in !== 'connection')
    return shown.flatMap((missing) => {
      const kept = names.filter((name) => name !== missing)
      const enough = security.some((other) => Object.keys(other).every((name) => kept.includes(name)))
      const parts = kept.map((name) => exampleOf(subject, name))
      const known = parts.filter((part) => part !== null)
      const key = `${missing} ${kept.join()}`
      if (kept.length === 0 || enough || known.length < parts.length || seen.has(key)) return []
      seen.add(key)
      return [{ carried: together(known), fault: `${kept.join(' and ')} without ${missing} were sent` }]
    })
  })
}

/** Each alternative by itself, where the requests carry the contract's own examples and so they are known. */
function alternatives(
  { aim }: Scope,
  operation: Operation,
  shot: Omit<Shot, 'purpose' | 'expects'>,
): readonly Case[] {
  const { subject } = aim.judge
  if (!isRead(operation) || operation.security.length < 2) return []
  const sent = [...Object.values(aim.headers), ...aim.query.map(([, text]) => text)]
  const examples = Object.values(subject.contract?.credentials ?? {}).map(({ example }) => example)
  if (!examples.some((example) => sent.some((text) => text.includes(example)))) return []
  return operation.security.flatMap((need) => {
    const names = Object.keys(need)
    const parts = names.map((name) => exampleOf(subject, name)).filter((part) => part !== null)
    if (parts.length < names.length) return []
    const fault = `${names.join(' and ')} alone ${names.length > 1 ? 'were' : 'was'} sent`
    return [
      carry(aim, shot, together(parts), {
        purpose: `credentials: ${names.join(' and ')} alone`,
        expects: { kind: 'admitted', pointer: operation.pointer, fault },
      }),
    ]
  })
}
