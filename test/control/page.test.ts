import { describe, expect, it } from 'vitest'
import { renderPage } from '../../src/control/page.ts'
import { asking } from './ask.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

describe('the index for people', () => {
  it.each([
    [BROWSER, 'text/html'],
    ['TEXT/HTML', 'text/html'],
    ['text/html, application/json', 'text/html'],
    ['application/json, text/html', 'application/json'],
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['text/htmlx', 'application/json'],
  ])('is a page for who asks for one: %s', async (accept, type) => {
    const { ask } = await asking()
    const { status, headers } = await ask('GET', '/_standin/', undefined, { accept })
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
    expect(headers.get('vary')).toBe('Accept, Origin')
  })

  it('lists the APIs and the calls, loads nothing and runs nothing', async () => {
    const { ask } = await asking()
    const { body, headers } = await ask('GET', '/~a/_standin', undefined, { accept: BROWSER })
    expect(body).toContain('<code>/talonic</code>')
    expect(body).toContain('<a href="/~a/_standin/jobs?api=talonic">jobs</a>')
    expect(body).toContain('<a href="/~a/_standin/clock">')
    expect(body).not.toMatch(/<script|<link|<img|<iframe|\bon[a-z]+=|https?:/)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('shows what is in documents as text', () => {
    const nasty = `"><script>alert('&')</script>`
    const page = renderPage({
      ...{ version: nasty, prefix: nasty },
      apis: [{ id: nasty, title: nasty, mount: nasty, operations: [] }],
      calls: [{ method: nasty, path: nasty, summary: nasty }],
    })
    expect(page).not.toContain('<script')
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;')
  })
})
