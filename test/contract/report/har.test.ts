import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { exchangesFromHar } from '../../../src/contract/har.ts'
import { checkExchanges } from '../../../src/contract/recorded.ts'
import { renderHar } from '../../../src/contract/report/har.ts'
import { readSubject } from '../acme/subject.ts'
import { judgeBroken, nastyVerdict } from './reported.ts'

const require = createRequire(import.meta.url)
const schemas = require('har-schema') as Readonly<Record<string, object>>
const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-06.json') as object)
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

const FACTS = { version: '1.2.3' }

describe('the report that can be judged again', () => {
  it('keeps the schema of HAR 1.2, whatever answers hold', async () => {
    const verdicts = [...(await judgeBroken()), await nastyVerdict()]
    const exchanges = verdicts.flatMap(({ findings }) => findings.flatMap((finding) => finding.exchanges))
    const sound = exchanges.filter(({ request }) => URL.canParse(request.url) && /^[!-~]*$/.test(request.url))
    expect(sound.length).toBeGreaterThan(1)
    const validate = ajv.getSchema('har.json#')
    validate?.(JSON.parse(renderHar(sound, FACTS)))
    expect(validate?.errors).toBeNull()
    expect(() => JSON.parse(renderHar(exchanges, FACTS))).not.toThrow()
  })

  it('is read back as it was written, each exchange once and in order', async () => {
    const [verdict] = await judgeBroken()
    const exchanges = verdict.findings.flatMap((finding) => finding.exchanges)
    const read = exchangesFromHar(renderHar([...exchanges, ...exchanges], FACTS))
    const plain = [...new Set(exchanges)].map(({ request, response }) => ({ request, response }))
    expect(read.map(({ request, response }) => ({ request, response }))).toEqual(plain)
  })

  it('leads to the same finding when it is judged', async () => {
    const [verdict] = await judgeBroken()
    const exchanges = verdict.findings.flatMap((finding) => finding.exchanges)
    const again = await checkExchanges(readSubject(), exchangesFromHar(renderHar(exchanges, FACTS)))
    expect(again.findings.map(({ id }) => id)).toContain(verdict.findings[0]?.id)
  })

  it('keeps long bodies whole', async () => {
    const { findings } = await nastyVerdict('z'.repeat(3_000_000))
    const har = JSON.parse(renderHar(findings[0]?.exchanges ?? [], FACTS))
    expect(har.log.entries[0].response.content.text).toHaveLength(3_000_000)
  })
})
