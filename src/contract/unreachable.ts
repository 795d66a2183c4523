/**
 * Targets that nobody is at: nothing listens, the name is unknown, no secure connection comes about. A server
 * that breaks a connection, or answers what is no HTTP, was reached; what it did is judged.
 *
 * @module
 */

/** No request could be made at all. */
export class TargetUnreachable extends Error {
  override readonly name = 'TargetUnreachable'
}

/** How clients name what keeps them from a server: its name, the way to it, the connection, TLS. */
const NEVER_THERE = [
  /\b(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM)\b/,
  /\b(?:UND_ERR_CONNECT_TIMEOUT|bad port)\b/,
  /\b(?:EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED_\w+)\b|secure TLS connection/,
]

/** Did a request fail before any server had it? */
export function isUnreachable(error: unknown): boolean {
  const texts = [error, error instanceof Error ? error.cause : null].flatMap((each) =>
    each instanceof Error ? [each.message, codeOf(each)] : [],
  )
  return texts.some((text) => NEVER_THERE.some((pattern) => pattern.test(text)))
}

/** `fetch failed` says nothing; its cause does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.message === '' ? `${error.message} ${codeOf(cause)}`.trim() : cause.message
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
