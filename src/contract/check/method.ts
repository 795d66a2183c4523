/**
 * `unsupported_method`: what is not documented at a path is refused with 405 and the methods that are, and
 * HEAD answers as GET does.
 *
 * @module
 */
import { cut, either, show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName, Finding } from '../finding.ts'
import type { Expectation } from '../plan/case.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

const CHECK: CheckName = 'unsupported_method'

/** Statuses that tell of who asks and how often; nothing of the method. */
const LOOKED_ELSEWHERE: ReadonlySet<number> = new Set([401, 403, 429])

/** Judges the answer to a method that its path does not document. */
export function judgeUnsupported(
  view: View,
  { methods, others, statuses }: Extract<Expectation, { kind: 'unsupported' }>,
): Evidence {
  const { request, response } = view.exchange
  const { status, headers, body } = response
  const pointer = view.operation.pointer.replace(/\/[^/]*$/, '')
  const entry = { check: CHECK, operationId: view.operation.id, exchanges: 1, reason: null }
  if (LOOKED_ELSEWHERE.has(status)) {
    return { ...entry, exchanges: 0, findings: [], reason: `${request.method} was answered ${status}` }
  }
  const remark = (message: string, topic: string, level: Finding['level'] = 'error'): readonly Finding[] => [
    remarkOn(view, { check: CHECK, level, message, pointer, topic: `${pointer} ${topic}` }),
  ]
  if (status === 0 || (status >= 500 && !statuses.includes(status))) {
    const came = status === 0 ? 'no answer came' : `it broke the server: ${status}`
    return {
      ...entry,
      findings: remark(`${request.method} at this path, yet ${came} ${cut(body)}`, request.method),
    }
  }
  if (statuses.length > 0 && !statuses.includes(status)) {
    const wanted = either(statuses.map(String))
    const message = `${request.method} is not documented here: must be ${wanted}, is ${status} ${cut(body)}`
    // Many routers know a path only together with its methods: who is told 404 is refused all the same.
    return { ...entry, findings: remark(message, request.method, status === 404 ? 'warning' : 'error') }
  }
  if (status !== 405) return { ...entry, findings: [] }
  const wrong = allowFault(headers['allow'], methods, others, request.method)
  return { ...entry, findings: wrong === null ? [] : remark(wrong, 'Allow') }
}

/** Methods that a server adds of itself. */
const ADDED: ReadonlySet<string> = new Set(['HEAD', 'OPTIONS', 'TRACE'])

function allowFault(
  allow: string | undefined,
  methods: readonly string[],
  others: readonly string[],
  asked: string,
): string | null {
  if (allow === undefined) return 'the 405 lacks Allow, which must name the methods that are supported'
  const named = allow.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim().toUpperCase()]))
  if (named.includes(asked)) return `the 405 to ${asked} has Allow: ${cut(allow)}, which names ${asked}`
  const missing = methods.filter((method) => !named.includes(method))
  if (missing.length > 0) return `the 405 has Allow: ${cut(allow)}, which lacks ${either(missing, 'and')}`
  const strange = named.filter((method) => ![...methods, ...others].includes(method) && !ADDED.has(method))
  if (strange.length === 0) return null
  const are = strange.length > 1 ? 'are' : 'is'
  return `the 405 has Allow: ${cut(allow)}; ${either(strange, 'and')} ${are} not documented here`
}

/**
 * Headers that say what GET would give, and so must be the same. One may be left out where it takes the
 * content to know it (RFC 9110, 9.3.2): that is only warned of.
 */
const SAME_HEADERS = ['content-type', 'etag', 'last-modified', 'content-language', 'location', 'allow']

/** Holds the answer to HEAD beside that to the same GET. */
export function judgeHead(get: View, head: View): Evidence {
  const entry = { check: CHECK, operationId: get.operation.id, exchanges: 1, reason: null }
  const [wanted, given] = [get.exchange.response, head.exchange.response]
  const remark = (message: string, topic: string, level: Finding['level'] = 'error'): Finding =>
    remarkOn(head, { check: CHECK, level, message, topic, beside: get.exchange })
  if ([405, 429, 501].includes(given.status) || wanted.status === 429) {
    return { ...entry, exchanges: 0, findings: [], reason: `HEAD was answered ${given.status}` }
  }
  if (given.status !== wanted.status) {
    const came = given.status === 0 ? `no answer came: ${cut(given.body)}` : `is answered ${given.status}`
    return { ...entry, findings: [remark(`HEAD ${came}, GET ${wanted.status}`, 'HEAD status')] }
  }
  const findings: Finding[] = []
  if (head.exchange.request.method === 'HEAD' && given.body !== '')
    findings.push(remark(`the answer to HEAD has a body: ${cut(given.body)}`, 'HEAD body'))
  for (const name of SAME_HEADERS) {
    const [there, here] = [wanted.headers[name], given.headers[name]]
    if (there === undefined || there === here) continue
    const message = `HEAD has ${here === undefined ? 'no' : show(here)} ${name}, GET ${show(there)}`
    findings.push(remark(message, `HEAD ${name}`, here === undefined ? 'warning' : 'error'))
  }
  return { ...entry, findings }
}
