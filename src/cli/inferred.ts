/**
 * Job contracts where nobody wrote one: read into the document, and told of.
 *
 * @module
 */
import type { Subject } from '../contract/subject.ts'
import type { Decision } from '../job-contract/infer/decision.ts'
import { stands, sureAmong } from '../job-contract/infer/decision.ts'
import { inferJobContract, readableDraft } from '../job-contract/infer/infer.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import { readJobContract } from '../job-contract/read-job-contract.ts'
import type { JsonObject } from '../model/json.ts'
import type { Document } from '../openapi/document.ts'
import { subjectOf } from './judged.ts'
import type { LoadedApi } from './load-apis.ts'

/** A draft that can be read, with the decisions that stand in it. */
export interface Draft {
  readonly data: JsonObject
  readonly contract: JobContract
  readonly decisions: readonly Decision[]
}

/** Drafts a job contract; null where nothing in the document looks like a job. */
export function draftOf(document: Document, least: Decision['confidence']): Draft | null {
  const { draft, decisions } = inferJobContract(document)
  const data = draft(least)
  const found =
    data === null
      ? null
      : readableDraft(data, (each) => readJobContract(each, document, (pointer) => pointer))
  if (found === null) return null
  const standing = decisions.filter(({ path }) => stands(found.draft, path))
  return { data: found.draft, contract: found.read, decisions: standing }
}

/** The value of `--contract` that judges by the document alone. */
export const NO_CONTRACT = 'none'

/**
 * An API as it is judged where a service answers: by its job contract, else by what its document tells of
 * jobs.
 *
 * @param note - Told what was inferred.
 */
export async function judgedSubject(
  api: LoadedApi,
  contract: string | null,
  note: (line: string) => void,
): Promise<Subject> {
  if (contract === NO_CONTRACT) return subjectOf({ ...api, contract: null })
  if (api.contract !== null) return subjectOf(api)
  const draft = draftOf(api.document, 'likely')
  if (draft === null) return subjectOf(api)
  for (const line of toldOf(api.files.file, draft)) note(line)
  return inferredSubject(api, draft)
}

/** An API judged by a draft. */
export async function inferredSubject(api: LoadedApi, { contract, decisions }: Draft): Promise<Subject> {
  return { ...(await subjectOf({ ...api, contract })), inferred: true, sure: sureAmong(decisions) }
}

function toldOf(file: string, { contract }: Draft): readonly string[] {
  const roles = Object.entries(contract.operations).map(([id, { role }]) => `${id} (${role})`)
  const words = Object.entries(contract.states).map(([state, word]) => `${word} = ${state}`)
  const parts = [roles, words].filter((each) => each.length > 0).map((each) => each.join(', '))
  return [
    `${file} has no job contract; inferred: ${parts.join('; ')}`,
    `\`standin infer ${file}\` shows why; --contract ${NO_CONTRACT} judges by the document alone`,
  ]
}
