import { describe, expect, it } from 'vitest'
import { named, served } from '../served.ts'

async function statusOf(
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const response = await (await served()).fetch(path, { headers })
  const body = (await response.json()) as { readonly type?: string }
  return [response.status, body.type]
}

describe('what is larger than anything sensible', () => {
  it('in a URL is refused with 414', async () => {
    const { url, headers } = await named('deepset', 'one-row')
    const room = 8_192 - url.length
    expect(await statusOf(`${url}?${'a'.repeat(room)}`, headers)).toEqual([200, undefined])
    expect(await statusOf(`${url}?${'a'.repeat(room + 1)}`, headers)).toEqual([
      ...[414, 'urn:standin:problem:url_too_long'],
    ])
    expect(await statusOf(`/${'a'.repeat(9_000)}`)).toEqual([414, 'urn:standin:problem:url_too_long'])
  })

  it('in number of parameters is refused with 414', async () => {
    const { url, headers } = await named('deepset', 'one-row')
    const query = (count: number): string => Array.from({ length: count }, () => 'a=1').join('&')
    expect(await statusOf(`${url}?${query(256)}`, headers)).toEqual([200, undefined])
    expect(await statusOf(`${url}?${query(257)}`, headers)).toEqual([414, 'urn:standin:problem:url_too_long'])
    expect((await statusOf(`${url}?${'&'.repeat(300)}`, headers))[0]).toBe(414)
  })

  it('in headers is refused with 431', async () => {
    const { url, headers } = await named('deepset', 'one-row')
    expect(await statusOf(url, { ...headers, 'x-much': 'y'.repeat(15_000) })).toEqual([200, undefined])
    expect(await statusOf(url, { ...headers, 'x-much': 'y'.repeat(17_000) })).toEqual([
      ...[431, 'urn:standin:problem:headers_too_large'],
    ])
    const many = Array.from({ length: 1_000 }, (_, index) => [`x-header-number-${index}`, 'y'] as const)
    expect((await statusOf(url, { ...headers, ...Object.fromEntries(many) }))[0]).toBe(431)
  })
})
