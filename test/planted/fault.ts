/**
 * Faults that are planted between a mock and the judge.
 *
 * @module
 */

/** A JSON object that a fault may change. */
export type Body = { [name: string]: unknown }

/** An answer on its way. */
export interface Planted {
  readonly request: Request
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** A fault: what it is, where it shows, the check that must see it, and what its message must name. */
export interface Fault {
  readonly name: string
  readonly check: string
  readonly names: RegExp
  /** Null leaves the answer as it is. */
  readonly plant: (answer: Planted) => { status?: number; type?: string; body?: Body } | null
}

/** The list at a member; empty where there is none. */
export function listAt(body: Body, name: string): Body[] {
  return Array.isArray(body[name]) ? (body[name] as Body[]) : []
}

/** The object at a member; empty where there is none. */
export function objectAt(body: Body, name: string): Body {
  const value = body[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}
}

/** Changes the bodies of the answers that fit. */
export function withBody(fits: (answer: Planted) => boolean, change: (body: Body) => void): Fault['plant'] {
  return (answer) => {
    if (!fits(answer)) return null
    change(answer.body)
    return { body: answer.body }
  }
}

/** Answers of this status in a media type that nobody documents. */
export function wrongContentType(refused: number): Fault {
  return {
    name: 'a wrong content type',
    check: 'content_type_conformance',
    names: /text\/html/,
    plant: ({ status }) => (status === refused ? { type: 'text/html' } : null),
  }
}

/** Answers that fit, in a status that nobody documents. */
export function undocumentedStatus(fits: (answer: Planted) => boolean, status: number): Fault {
  return {
    name: 'an undocumented status',
    check: 'status_code_conformance',
    names: new RegExp(String(status)),
    plant: (answer) => (fits(answer) ? { status } : null),
  }
}
