import { describe, expect, it } from 'vitest'
import { cpuMs, residentMb } from '../../bench/process.ts'
import type { JobListing } from '../../src/index.ts'
import { startProgram } from '../program.ts'

const PAGES = 400
const LAST = 1_000_000

describe.runIf(process.platform === 'linux')('the huge job', () => {
  it('has a middle that costs what its start costs, and stays under 200 MB all the same', async () => {
    const program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
    try {
      const { url } = program
      const subject = { url, process: program.child }
      const listing = (await (await fetch(`${url}/_standin/jobs`)).json()) as {
        readonly jobs: readonly JobListing[]
      }
      const huge = listing.jobs.find(({ name }) => name === 'huge')
      if (huge === undefined) throw new Error('there is no huge job')
      const ask = async (
        query: string,
      ): Promise<{ data: readonly unknown[]; total: number; has_more: boolean }> =>
        (await (await fetch(`${url}${huge.url}?${query}`, { headers: huge.headers })).json()) as never
      const cost = async (first: number): Promise<number> => {
        const before = cpuMs(subject)
        for (let page = 0; page < PAGES; page += 1) await ask(`page_number=${first + page}`)
        return cpuMs(subject) - before
      }
      await cost(1)
      const ratios: number[] = []
      for (let round = 1; round <= 5; round += 1) {
        const start = await cost(1 + round * PAGES)
        const middle = await cost(LAST / 2 + round * PAGES)
        ratios.push(middle / start)
      }
      ratios.sort((a, b) => a - b)
      process.stdout.write(`huge: a page in its middle costs ${ratios[2]?.toFixed(2)}× one at its start\n`)
      expect(ratios[2]).toBeLessThan(1.5)

      expect(await ask(`page_number=${LAST}&limit=10`)).toMatchObject({ total: 10_000_000, has_more: false })
      expect((await ask(`page_number=${LAST}`)).data).toHaveLength(10)
      for (const query of [
        'field=answer',
        'field=created_at&order=DESC',
        'filter=failed%20eq%20true',
        'select=file',
      ]) {
        expect((await ask(`${query}&limit=3`)).data.length, query).toBe(3)
      }
      const [row] = (await ask('page_number=123456&limit=1')).data as readonly Record<string, string>[]
      for (const member of ['job_result_id', 'created_at', 'query_index']) {
        const began = cpuMs(subject)
        const found = await ask(`filter=${member}%20eq%20${encodeURIComponent(row?.[member] ?? '')}`)
        expect(found.data, member).toEqual([row])
        expect(cpuMs(subject) - began, member).toBeLessThan(1_500)
      }
      const refused = await fetch(`${url}${huge.url}?select=duration`, { headers: huge.headers })
      expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('"select"')])
      const resident = residentMb(subject)
      process.stdout.write(`huge: ${resident.toFixed(0)} MB resident\n`)
      expect(resident).toBeLessThan(200)
    } finally {
      await program.stop()
    }
  })
})
