/**
 * Where a Redis is: what of a URL counts, and what is refused.
 */
import { describe, expect, it } from 'vitest'
import { readRedisAddress } from '../../src/cli/redis-address.ts'

describe('a URL of a store', () => {
  it('says where, and who asks', () => {
    expect(readRedisAddress('redis://10.0.0.7')).toMatchObject({ host: '10.0.0.7', port: 6379, db: 0 })
    const whole = readRedisAddress('rediss://ada:p%40ss%2Fw@[::1]:7000/3')
    expect(whole).toMatchObject({
      host: '::1',
      port: 7000,
      db: 3,
      username: 'ada',
      password: 'p@ss/w',
      tls: {},
    })
    expect(whole.shown).toBe('rediss://[::1]:7000/3')
    expect(readRedisAddress('redis://:only@h').password).toBe('only')
  })

  it.each([
    'nonsense',
    'http://127.0.0.1:1',
    'redis://127.0.0.1:99999',
    'redis://127.0.0.1:1/words',
    'redis://127.0.0.1:1?enableOfflineQueue=true',
    'redis://:p%zz@127.0.0.1:1',
  ])('is refused where something of it would mean nothing: %s', (url) => {
    expect(() => readRedisAddress(url)).toThrow(/^--store/)
    expect(() => readRedisAddress(url)).not.toThrow(/zz|words|Queue/)
  })
})
