import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Vendor } from '../../src/vendor/vendor.ts'
import { verifyVendor } from '../../src/vendor/verify-vendor.ts'

const [deepset] = await loadApis({ names: ['deepset'], specs: null, needFixtures: true })

function faults(change: Partial<Vendor>): readonly string[] {
  if (deepset?.vendor == null) throw new Error('deepset has no vendor')
  return verifyVendor({ ...deepset.vendor, ...change }, deepset.document, deepset.contract)
}

const WEBHOOKS = {
  ...{ deliveryId: '####', body: () => null, headers: () => ({}), retryDelaysMs: [], timeoutMs: 1 },
  signature: { hash: 'SHA-256', header: 'X-Signature', prefix: '' },
} as const

describe('a vendor', () => {
  it('is sound where it speaks of what document and job contract have', () => {
    expect(faults({})).toEqual([])
    expect(faults({ columns: {} }).length).toBe(18)
  })

  it.each<[string, Partial<Vendor>, readonly string[]]>([
    [
      'an operation that is nowhere',
      { answers: { getNothing: () => null } },
      ['it answers getNothing, which the document lacks'],
    ],
    [
      'a column of no member',
      { columns: { ...deepset?.vendor?.columns, colour: 'template' } },
      ['its column colour is no member of a row'],
    ],
    [
      'a mix of no kind',
      { fixture: { kinds: { a: 1 }, run: 1, mix: { b: 1, constructor: 1 }, template: {} } },
      ['its mix names b, which is no kind', 'its mix names constructor, which is no kind'],
    ],
    [
      'a job with a mix of no kind',
      {
        columns: {},
        fixture: { kinds: { a: 1 }, run: 1, mix: { a: 1 }, template: {}, jobs: { x: { mix: { c: 1 } } } },
      },
      [expect.stringContaining('it has no column for'), 'the mix of its job x names c, which is no kind'],
    ],
    [
      'webhooks of no event',
      { webhooks: { ...WEBHOOKS, events: { succeeded: 'job.done', failed: 'constructor' } } },
      [
        'it tells of job.done, which is no webhook of the document',
        'it tells of constructor, which is no webhook of the document',
      ],
    ],
  ])('that speaks of %s is told so', (_, change, told) => {
    const found = faults(change)
    for (const fault of told) expect(found).toContainEqual(fault)
    if (change.columns === undefined) expect(found).toHaveLength(told.length)
  })

  it('that answers what the job contract leaves out is told so', () => {
    if (deepset?.vendor == null || deepset.contract === null) throw new Error('deepset has no vendor')
    const { getJobResults: _, ...operations } = deepset.contract.operations
    expect(verifyVendor(deepset.vendor, deepset.document, { ...deepset.contract, operations })).toEqual([
      'it answers getJobResults, which the job contract lacks',
    ])
  })
})
