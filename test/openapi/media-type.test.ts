import { describe, expect, it } from 'vitest'
import {
  essenceOf,
  isJsonType,
  matchMediaType,
  mediaKindOf,
  parseMediaType,
} from '../../src/openapi/media-type.ts'

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

  it('match by their suffix before their family', () => {
    const entries = [{ type: 'application/*' }, { type: 'application/*+json' }]
    expect(matchMediaType(entries, 'application/problem+json')?.type).toBe('application/*+json')
    expect(matchMediaType(entries, 'application/json')?.type).toBe('application/*')
    expect(matchMediaType(entries, 'text/a+json')).toBeUndefined()
  })

  it.each([
    ['a/b; c=d; E="f;g\\"h"', { c: 'd', e: 'f;g"h' }, null],
    ['a/b;;c=d; ', { c: 'd' }, null],
    ['a/b; c=1; c=2', { c: '1' }, null],
    ['a/b; c', {}, 'has the parameter c without a value'],
    ['a/b; c=', {}, 'has no readable value of the parameter c'],
    ['a/b; c="d', {}, 'has no readable value of the parameter c'],
    ['a/b; c=d e', { c: 'd' }, 'has a broken parameter'],
    ['a', {}, 'is no media type'],
    ['a/b/c', {}, 'is no media type'],
    ['a /b', {}, 'is no media type'],
  ])('are taken apart: %s', (text, parameters, fault) => {
    const parsed = parseMediaType(text)
    expect(Object.fromEntries(parsed.parameters)).toEqual(parameters)
    expect(parsed.fault).toBe(fault)
  })

  it.each([
    ['application/json', 'json'],
    ['application/json-seq', 'json-seq'],
    ['application/geo+json-seq', 'json-seq'],
    ['application/x-ndjson; charset=utf-8', 'json-lines'],
    ['text/event-stream', 'event-stream'],
    ['text/csv', 'text'],
    ['text/xml', 'other'],
    ['image/png', 'other'],
  ])('name a kind of content: %s is %s', (type, kind) => {
    expect(mediaKindOf(type)).toBe(kind)
  })
})
