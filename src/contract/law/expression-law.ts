/**
 * `law` for laws that are expressions: the same bindings as the declarative kinds, worked out in a turn of
 * its own, for the language is asynchronous. An expression that cannot be worked out is an error of its own,
 * never a law that holds.
 *
 * @module
 */
import type { Expression } from '../../job-contract/expression.ts'
import { ExpressionFault, readExpression } from '../../job-contract/expression.ts'
import type { Law } from '../../job-contract/law.ts'
import type { Json } from '../../model/json.ts'
import { applies, boundBy, findingFor, looksAtSelectedRows } from '../check/laws.ts'
import { show } from '../display.ts'
import type { Book } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { isSuccess } from '../view.ts'

type ExpressionLaw = Extract<Law, { readonly jsonata: string }>

/** Each expression is read once, however often it is asked. */
const read = new WeakMap<Law, Promise<Expression>>()

function expressionOf(law: ExpressionLaw): Promise<Expression> {
  const known = read.get(law)
  if (known !== undefined) return known
  const reading = readExpression(law.jsonata)
  read.set(law, reading)
  return reading
}

/** Writes down what the expressions of the contract say of an answer. */
export async function judgeExpressions(view: View, book: Book): Promise<void> {
  const { body } = view
  const laws = (view.judge.subject.contract?.laws ?? []).filter((law) => 'jsonata' in law)
  if (laws.length === 0 || body === undefined || !isSuccess(view)) return
  const findings: Finding[] = []
  let bound = 0
  for (const law of laws) {
    if (looksAtSelectedRows(view, law)) continue
    for (const { at, value } of boundBy(law, view, body)) {
      if (!applies(law, value)) continue
      bound += 1
      const messages = await messagesOf(law, value, namesOf(view, body))
      findings.push(...messages.map((message) => findingFor(view, law, { at, message })))
    }
  }
  if (bound === 0) return
  book.add({ check: 'law', operationId: view.operation.id, exchanges: 1, findings, reason: null })
}

/** What an expression may name beside the value that it is about. */
function namesOf({ path, query }: View, answer: Json): Readonly<Record<string, Json>> {
  const texts = Object.fromEntries([...query].map(([name, values]) => [name, values.at(-1) ?? '']))
  return { answer, request: { path, query: texts } }
}

/** What breaks the law; empty where it holds. */
async function messagesOf(
  law: ExpressionLaw,
  value: Json,
  names: Readonly<Record<string, Json>>,
): Promise<readonly string[]> {
  try {
    const expression = await expressionOf(law)
    const said = await expression.evaluate(value, names)
    if (said === true || said === undefined) return []
    if (said === false) return ['it does not hold']
    if (typeof said === 'string') return [said]
    if (Array.isArray(said) && said.every((each) => typeof each === 'string')) return said
    return [`the law cannot be judged: it must say true, false or texts, says ${show(said)}`]
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    return [`the law cannot be judged: its expression ${error.message}`]
  }
}
