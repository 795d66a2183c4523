/**
 * Recorded traffic: every HAR file in `contracts/recorded/`, and the one that `STANDIN_HAR` names, judged by
 * every API that an exchange of it belongs to. Nothing is sent.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { subjectOf } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { exchangesFromHar } from '../src/contract/har.ts'
import { checkExchanges } from '../src/contract/recorded.ts'
import { summaryOf } from '../src/contract/verdict.ts'

const folder = fileURLToPath(new URL('recorded', import.meta.url))
const named = process.env['STANDIN_HAR']
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.har'))
  .map((name) => join(folder, name))
const apis = await loadApis({ names: [], specs: null, needFixtures: false })

describe.each([...files, ...(named === undefined ? [] : [named])])('%s', (file) => {
  it('keeps the contracts of the APIs that it belongs to', async () => {
    const exchanges = exchangesFromHar(readFileSync(file, 'utf8'))
    const verdicts = await Promise.all(
      apis.map(async (api) =>
        checkExchanges(await subjectOf(api), exchanges, { basePaths: [`/${api.id}`], label: basename(file) }),
      ),
    )
    const concerned = verdicts.filter(({ exchanges: judged }) => judged > 0)
    for (const verdict of concerned) process.stdout.write(`${summaryOf(verdict)}\n`)
    expect(concerned.length, 'no exchange belongs to any API').toBeGreaterThan(0)
    expect(concerned.flatMap(({ findings }) => findings.map(({ message }) => message))).toEqual([])
  })
})
