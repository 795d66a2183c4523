/**
 * `standin infer`: drafts a job contract for a document.
 *
 * @module
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Decision } from '../job-contract/infer/decision.ts'
import { CONFIDENCES } from '../job-contract/infer/decision.ts'
import { renderDraft } from '../job-contract/infer/render.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Command } from './command.ts'
import type { Draft } from './inferred.ts'
import { draftOf } from './inferred.ts'
import { subjectOf } from './judged.ts'
import { loadApis } from './load-apis.ts'

const EXIT_NOTHING = 4

/** Writes what a document tells of jobs as a job contract. */
export const infer: Command = {
  summary: 'draft a job contract from an OpenAPI document',
  usage: '<file|api> [flags]',
  description:
    'Reads which operations of a document make, read, list and cancel jobs, what its words of states mean\n' +
    'and how rows are paged. Each decision says whether it is sure, likely or a guess, why, and on which\n' +
    'line it rests. Read the draft before you trust it; `standin check --contract` takes it.',
  flags: {
    out: { type: 'string', value: 'file', help: 'write the draft to a file instead' },
    format: {
      type: 'string',
      choices: ['yaml', 'json'],
      default: 'yaml',
      help: 'a job contract, or its decisions as data',
    },
    least: {
      type: 'string',
      choices: CONFIDENCES,
      default: 'guess',
      help: 'leave out what is less sure than this',
    },
    specs: { type: 'string', value: 'folder', help: 'an API of this folder instead' },
  },

  async run(names, flags, terminal) {
    const [name, ...others] = names
    if (name === undefined || others.length > 0) throw new UsageError('name the one document to read')
    const [api] = await loadApis({ names: [name], specs: flags.text('specs'), needFixtures: false })
    if (api === undefined) throw new UsageError(`there is no API ${name}`)
    const { document, locate, file } = await subjectOf(api)
    const draft = draftOf(document, (flags.text('least') ?? 'guess') as Decision['confidence'])
    if (draft === null) {
      terminal.note(`standin: nothing in ${file} looks like a job`)
      return EXIT_NOTHING
    }
    const place = (pointer: string): string => `${file}:${locate(pointer).line}`
    const count = (wanted: string): number =>
      draft.decisions.filter(({ confidence }) => confidence === wanted).length
    const told = CONFIDENCES.map((each) => `${count(each)} ${each}`).join(', ')
    const text =
      flags.text('format') === 'json'
        ? draftJson(draft, place)
        : `# Drafted from ${file}: ${told}. Read it before you trust it.\n` +
          renderDraft(draft.data, draft.decisions, place)
    const out = flags.text('out')
    if (out === null) terminal.print(text.replace(/\n$/, ''))
    else {
      await mkdir(dirname(out), { recursive: true })
      await writeFile(`${out}.${process.pid}.tmp`, text)
      await rename(`${out}.${process.pid}.tmp`, out)
      terminal.note(`wrote ${out}: ${told}`)
    }
    return 0
  },
}

/** The draft as data: the contract, and each decision with its place. */
function draftJson({ data, decisions }: Draft, place: (pointer: string) => string): string {
  const told = decisions.map((each) => ({ ...each, place: place(each.pointer) }))
  return `${JSON.stringify({ contract: data, decisions: told }, null, 2)}\n`
}
