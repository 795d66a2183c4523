/**
 * Contracts for tests: an API or a document, loaded once and ready to judge single answers.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Match } from '../contract/matching.ts'
import { createMatch } from '../contract/matching.ts'
import { basesOf } from '../contract/recorded.ts'
import type { Judge } from '../contract/subject.ts'
import { createJudge } from '../contract/subject.ts'
import type { Profile } from '../model/job.ts'
import { UsageError } from '../model/usage-error.ts'
import { judgedSubject, NO_CONTRACT } from './inferred.ts'
import type { LoadedApi } from './load-apis.ts'
import { loadApis } from './load-apis.ts'

/** What answers are held against. */
export interface ContractSource {
  /** The id of a built-in API, or of one in the folder `specs`. */
  readonly api?: string
  /** The path of an OpenAPI document. */
  readonly document?: string
  /** The path of a job contract; inferred where there is none, and `none` judges by the document alone. */
  readonly contract?: string
  /** A folder of APIs in place of the built-in ones. */
  readonly specs?: string
  readonly profile?: Profile
}

/** A contract that was loaded. */
export interface Contract {
  readonly api: LoadedApi
  readonly judge: Judge
  readonly match: Match
  /** The lines of the document. */
  readonly lines: readonly string[]
}

const loaded = new Map<string, Promise<Contract>>()

/**
 * Loads a contract; the same one is loaded once.
 *
 * @throws {@link UsageError} when there is none, or it is not sound.
 */
export function loadContract(source: ContractSource): Promise<Contract> {
  const { api, document, contract, specs, profile } = source
  const key = JSON.stringify([api, document, contract, specs, profile])
  const known = loaded.get(key)
  if (known !== undefined) return known
  const made = load(source)
  loaded.set(key, made)
  return made
}

async function load({ api, document, contract, specs, profile }: ContractSource): Promise<Contract> {
  const name = document ?? api
  if (name === undefined || (api !== undefined && document !== undefined)) {
    throw new UsageError('a contract is named by `api` or by `document`, one of the two')
  }
  const [found] = await loadApis({
    ...{
      names: [name],
      specs: specs ?? null,
      contract: contract === NO_CONTRACT ? null : (contract ?? null),
    },
    ...{ needFixtures: false, profile: profile ?? 'spec' },
  })
  if (found === undefined) throw new UsageError(`there is no API ${name}`)
  const subject = await judgedSubject(found, contract ?? null, () => undefined)
  const text = await readFile(join(found.files.root, found.files.file), 'utf8')
  return {
    api: found,
    judge: createJudge(subject),
    match: createMatch(subject, basesOf(subject, [`/${found.id}`])),
    lines: text.split('\n'),
  }
}
