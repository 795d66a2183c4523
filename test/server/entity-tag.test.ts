import { describe, expect, it } from 'vitest'
import type { JobListing } from '../../src/index.ts'
import { entityTagOf } from '../../src/server/entity-tag.ts'
import { named, read, served } from '../served.ts'

async function conditional(job: JobListing, condition: string): Promise<Response> {
  return (await served()).fetch(job.url, { headers: { ...job.headers, 'if-none-match': condition } })
}

async function tagOf({ url, headers }: JobListing): Promise<string> {
  return (await read(url, headers)).headers.get('etag') ?? ''
}

describe('an entity tag', () => {
  it('is strong, and the same for the same answer', async () => {
    const job = await named('deepset', 'many-pages')
    expect(await tagOf(job)).toMatch(/^"[0-9a-f]{16}"$/)
    expect(await tagOf(job)).toBe(await tagOf(job))
  })

  it('differs exactly when the answer does', async () => {
    const { jobs } = await served()
    const rows = await named('deepset', 'many-pages')
    const pages = Array.from({ length: 32 }, (_, page) => ({
      ...rows,
      url: `${rows.url}?page_number=${page + 2}`,
    }))
    const all = await Promise.all([...jobs(), ...pages].map(({ url, headers }) => read(url, headers)))
    const answers = all.filter(({ status }) => status === 200)
    const pairs = answers.map(({ headers, text }) => `${headers.get('etag')} ${text}`)
    const bodies = new Set(answers.map(({ text }) => text))
    expect(bodies.size).toBeGreaterThan(50)
    expect(new Set(pairs).size).toBe(bodies.size)
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(bodies.size)
  })

  it('differs when any bit of a body does, and when a body is longer by nothing but zeros', () => {
    const body = new TextEncoder().encode('{"data":[1,2,3],"total":3,"more":"0123456789"}')
    const tags = new Set([entityTagOf(body)])
    for (let bit = 0; bit < body.byteLength * 8; bit += 1) {
      const other = Uint8Array.from(body)
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      tags.add(entityTagOf(other))
    }
    expect(tags.size).toBe(body.byteLength * 8 + 1)
    const zeros = Array.from({ length: 64 }, (_, length) => entityTagOf(new Uint8Array(length)))
    expect(new Set(zeros).size).toBe(64)
  })

  it('does not depend on where its bytes lie in memory', () => {
    const bytes = new TextEncoder().encode('somewhere in a larger buffer')
    for (const offset of [0, 1, 2, 3, 4, 7]) {
      const buffer = new Uint8Array(100)
      buffer.set(bytes, offset)
      const part = new Uint8Array(buffer.buffer, offset, bytes.byteLength)
      expect(entityTagOf(part), String(offset)).toBe(entityTagOf(bytes))
    }
  })
})

describe('If-None-Match', () => {
  it.each([
    ['the tag', (tag: string) => tag, 304],
    ['the tag, weak', (tag: string) => `W/${tag}`, 304],
    ['a list that has it', (tag: string) => `"a", W/"b",${tag} , "c"`, 304],
    ['any', () => '*', 304],
    ['another tag', () => '"0123456789abcdef"', 200],
    ['the tag without its quotes', (tag: string) => tag.slice(1, -1), 200],
    ['nothing', () => '', 200],
  ])('with %s', async (_, condition, status) => {
    const job = await named('skop', 'succeeded')
    const tag = await tagOf(job)
    const response = await conditional(job, condition(tag))
    expect([response.status, response.headers.get('etag')]).toEqual([status, tag])
    expect((await response.text()).length > 0).toBe(status === 200)
  })

  it('gets the headers of the answer with 304, but for those of its body', async () => {
    const job = await named('skop', 'succeeded')
    const response = await conditional(job, '*')
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
      etag: await tagOf(job),
      'x-rate-limit-remaining': '99',
      'x-rate-limit-reset': '3600',
    })
  })

  it('changes nothing of a refusal, not even with any', async () => {
    const job = await named('skop', 'succeeded')
    const refused = await conditional({ ...job, headers: {} }, '*')
    expect([refused.status, refused.headers.has('etag')]).toEqual([401, false])
    const unknown = await (await served()).fetch('/nowhere', { headers: { 'if-none-match': '*' } })
    expect([unknown.status, unknown.headers.has('etag')]).toEqual([404, false])
  })
})
