/**
 * Mutants of single answers: status, media type, headers, JSON text, and who is answered at all.
 *
 * @module
 */
import type { ListContract, RowsContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { resolve } from '../../openapi/reference.ts'
import type { ReceivedResponse } from '../exchange.ts'
import { keywordAt } from '../schema-place.ts'
import type { Subject } from '../subject.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import type { Mutant, Scene, Spoilt } from './mutant.ts'
import { isAnswered, mutant } from './mutant.ts'
import { cursorsOf } from './mutant-page.ts'

/** The mutants of an API's single answers. */
export function httpMutants(subject: Subject): readonly Mutant[] {
  return [...statusMutants(subject), ...textMutants(), ...headerMutants(subject), ...refusalMutants(subject)]
}

type Pages = RowsContract | ListContract

const UNUSUAL = [207, 226, 203, 208]

/** A status of the 2xx family that an operation does not document; null where it takes any. */
function undocumented({ operation }: View): number | null {
  const names = [...operation.responses.keys()].map((name) => name.toUpperCase())
  if (names.includes('2XX') || names.includes('DEFAULT')) return null
  return UNUSUAL.find((status) => !names.includes(String(status))) ?? null
}

function statusMutants({ document }: Subject): readonly Mutant[] {
  const media = mutant('content_type_conformance', 'an answer comes as a page for people', (view) =>
    isAnswered(view) ? { headers: { 'content-type': 'text/html' }, text: '<p>It works.</p>' } : null,
  )
  const refusals = mutant('content_type_conformance', 'a refusal comes as plain text', (view) =>
    isRefusal(view) && isJson(view)
      ? { headers: { 'content-type': 'text/plain' }, text: 'something went wrong' }
      : null,
  )
  const empty = mutant('content_type_conformance', 'an answer has lost its body', (view) =>
    isAnswered(view) ? { text: '' } : null,
  )
  const broken = mutant('no_server_error', 'a request breaks the server', (view) =>
    isAnswered(view) ? { status: 500, headers: { 'content-type': 'text/plain' }, text: 'oops' } : null,
  )
  const strange = mutant(
    'status_code_conformance',
    'an answer has a status that nobody documents',
    (view) => {
      const status = isAnswered(view) ? undocumented(view) : null
      return status === null ? null : { status }
    },
  )
  const open = document.operations.every(({ responses }) => responses.has('default') || responses.has('2XX'))
  return [broken, media, refusals, empty, ...(open ? [] : [strange])]
}

function isRefusal({ exchange }: View): boolean {
  return exchange.response.status >= 400 && exchange.response.status < 500
}

function isJson({ exchange }: View): boolean {
  return exchange.response.body !== '' && /[/+]json/.test(exchange.response.headers['content-type'] ?? '')
}

/** Defects of the text that parsing hides. */
function textMutants(): readonly Mutant[] {
  const spoil = (name: string, change: (text: string) => string | null): Mutant =>
    mutant('json_text_conformance', name, (view) => {
      if (!isAnswered(view) || !isObject(view.body)) return null
      const text = change(view.exchange.response.body.trimEnd())
      return text === null ? null : { text }
    })
  return [
    spoil('a member stands twice', (text) => text.replace(/^\{\s*("[^"]+"\s*:)/, '{$1null,$1')),
    spoil('the text is cut off', (text) => text.slice(0, -1)),
    spoil('something follows the text', (text) => `${text}{}`),
    spoil('half a character stands in a text', (text) =>
      /:\s*"/.test(text) ? text.replace(/(:\s*")/, '$1\\ud800') : null,
    ),
  ]
}

/** Headers that are required go away; those whose schema forbids any text get one. */
function headerMutants({ document }: Subject): readonly Mutant[] {
  const documented = document.operations.flatMap((operation) =>
    [...operation.responses].flatMap(([status, { headers }]) =>
      headers.map((header) => ({ operation, status, header })),
    ),
  )
  const names = new Set<string>()
  return documented.flatMap(({ header }) => {
    if (names.has(header.name.toLowerCase())) return []
    names.add(header.name.toLowerCase())
    const schema = header.schema
    const type = schema === null ? undefined : keywordAt(document.json, schema, 'type')?.value
    const isNumber = type === 'integer' || type === 'number'
    const name = header.name.toLowerCase()
    const carries = (view: View): boolean =>
      view.exchange.response.headers[name] !== undefined &&
      (view.spec?.headers ?? []).some((each) => each.name.toLowerCase() === name)
    const gone = mutant('response_headers_conformance', `the header ${header.name} is left out`, (view) =>
      carries(view) && isRequired(view, name) ? { headers: { [name]: null } } : null,
    )
    const wrong = mutant('response_headers_conformance', `the header ${header.name} is no number`, (view) =>
      carries(view) ? { headers: { [name]: 'soon' } } : null,
    )
    return [...(header.required ? [gone] : []), ...(isNumber ? [wrong] : [])]
  })
}

function isRequired({ spec }: View, name: string): boolean {
  return (spec?.headers ?? []).some((header) => header.name.toLowerCase() === name && header.required)
}

/** What was refused is answered, and what is allowed refused. */
function refusalMutants(subject: Subject): readonly Mutant[] {
  const { document } = subject
  const answered = (check: Mutant['check'], name: string, fits: (view: View) => boolean): Mutant =>
    mutant(check, name, (view, scene) => (fits(view) ? successInstead(view, scene) : null))
  const hasJob = document.operations.some(({ id }) => contractOf(subject, id)?.job != null)
  const secured = document.operations.some(({ security }) => security.length > 0)
  const mutants: Mutant[] = [
    answered('negative_data_rejection', 'what the document forbids is answered', (view) =>
      [400, 422].includes(view.exchange.response.status),
    ),
    mutant('positive_data_acceptance', 'the largest allowed value is refused', refuseTheLargest),
    ...methodMutants(),
    ...pageRefusals(subject),
  ]
  if (secured) {
    const anonymous = (view: View): boolean => view.exchange.response.status === 401
    mutants.push(
      mutant('ignored_auth', 'anybody is answered', (view, scene) =>
        anonymous(view) ? successInstead(view, scene) : null,
      ),
    )
  }
  if (hasJob) {
    mutants.push(
      mutant('J10', 'a job that nobody made is found', (view, scene) =>
        view.contract?.job != null && view.exchange.response.status === 404
          ? successInstead(view, scene)
          : null,
      ),
      mutant('J10', 'a job that nobody made breaks the server', (view) =>
        view.exchange.response.status === 404 ? { status: 500 } : null,
      ),
    )
  }
  return mutants
}

/** Cursors and limits that must be refused are taken. */
function pageRefusals({ contract }: Subject): readonly Mutant[] {
  const operations = Object.values(contract?.operations ?? {})
  const all = operations.flatMap(({ rows, list }) => rows ?? list ?? [])
  const taken = (
    check: Mutant['check'],
    name: string,
    namesOf: (pages: Pages) => readonly string[],
  ): Mutant =>
    mutant(check, name, (view, scene) => {
      const pages = view.contract?.rows ?? view.contract?.list ?? null
      const asked = pages !== null && namesOf(pages).some((each) => view.query.has(each))
      return asked && isRefusal(view) ? successInstead(view, scene) : null
    })
  const limited = all.some(({ limit, clamps }) => limit !== null && !clamps)
  const cursors = all.some((pages) => cursorsOf(pages).length > 0 && pages.foreign === 'refused')
  return [
    ...(limited
      ? [taken('P09', 'a limit out of its bounds is taken', ({ limit }) => (limit === null ? [] : [limit]))]
      : []),
    ...(cursors
      ? [
          taken('P07', 'a spoilt cursor gives a page', cursorsOf),
          taken('P08', 'a cursor of another query gives a page', cursorsOf),
        ]
      : []),
  ]
}

/** Methods that nobody documents are answered, or refused without a word on those that are. */
function methodMutants(): readonly Mutant[] {
  const stray = (name: string, spoilt: Spoilt): Mutant => ({
    check: 'unsupported_method',
    name,
    begin: () => () => null,
    stray: ({ response }) => (response.status === 405 ? spoilt : null),
  })
  return [
    stray('a method that nobody documents is answered', { status: 200 }),
    stray('a refused method is not told which are allowed', { headers: { allow: null } }),
  ]
}

/** The last success of the operation; where there was none yet, one that says nothing. */
function successInstead(view: View, scene: Scene): Spoilt {
  return answerAgain(scene.success(view.operation.id)) ?? { status: 200, body: {} }
}

function answerAgain(answer: ReceivedResponse | null): Spoilt | null {
  if (answer === null) return null
  const type = answer.headers['content-type'] ?? null
  return { status: answer.status, headers: { 'content-type': type }, text: answer.body }
}

/** The largest value of any bounded query parameter is no longer taken. */
function refuseTheLargest(view: View, scene: Scene): Spoilt | null {
  const { operation, judge } = view
  if (!isAnswered(view)) return null
  const asked = operation.parameters.some(({ name, in: place, schema }) => {
    if (place !== 'query' || schema === null) return false
    const largest = largestOf(judge.subject, schema)
    return largest !== null && view.query.get(name)?.at(-1) === largest
  })
  const refusal = scene.refusal(operation.id)
  return asked ? (answerAgain(refusal) ?? { status: 400 }) : null
}

function largestOf({ document }: Subject, schema: string): string | null {
  const { value } = resolve(document.json, schema)
  const words = keywordAt(document.json, schema, 'enum')?.value
  const maximum = isObject(value as Json) ? keywordAt(document.json, schema, 'maximum')?.value : undefined
  if (typeof maximum === 'number') return String(maximum)
  return Array.isArray(words) && words.length > 1 ? String((words as readonly Json[]).at(-1)) : null
}
