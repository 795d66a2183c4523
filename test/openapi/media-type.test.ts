import { describe, expect, it } from 'vitest'
import { essenceOf, isJsonType, matchMediaType } from '../../src/openapi/media-type.ts'

describe('media types', () => {
  it.each([
    ['application/json; charset=utf-8', true],
    ['application/problem+json', true],
    ['Application/VND.api+JSON', true],
    ['text/json', true],
    ['application/jsonl', false],
    ['text/html', false],
  ])('%s is JSON: %s', (type, json) => {
    expect(isJsonType(type)).toBe(json)
  })

  it('are compared without parameters and letter case', () => {
    expect(essenceOf(' Text/HTML ; charset=utf-8')).toBe('text/html')
  })

  it('match the most specific documented entry', () => {
    const entries = [{ type: '*/*' }, { type: 'application/*' }, { type: 'application/json' }]
    const match = (type: string): string | undefined => matchMediaType(entries, type)?.type
    expect(match('application/json; charset=utf-8')).toBe('application/json')
    expect(match('application/xml')).toBe('application/*')
    expect(match('text/plain')).toBe('*/*')
    expect(matchMediaType([{ type: 'text/plain' }], 'text/html')).toBeUndefined()
  })
})
