/**
 * Profiles: an API as its document has it, and as the vendor's server was seen to answer where that differs.
 * Mock and judge read the same merged files, so that each profile has a document that is kept.
 *
 * @module
 */
import type { Profile } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { mergePatch } from '../model/merge-patch.ts'
import type { ApiFiles } from './api-files.ts'

/** The files as a profile reads them; an API of which nothing else was seen is the same under both. */
export function filesUnder(profile: Profile, files: ApiFiles): ApiFiles {
  const { wire, document, contract } = files
  if (profile === 'spec' || wire === null) return files
  return {
    ...files,
    document: mergePatch(document, wire.document) as JsonObject,
    contract: contract === null ? null : (mergePatch(contract, wire.contract) as JsonObject),
  }
}
