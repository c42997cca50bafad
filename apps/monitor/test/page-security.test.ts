import { expect, test } from 'vitest'
import { withoutForeignLinks } from '../src/page-security.ts'
import { openMonitor } from './open-monitor.ts'

test('a page names no other host and forbids its browser to load from one', async () => {
  const { get } = await openMonitor()
  const page = await get('/')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  expect(page.headers.get('x-frame-options')).toBe('DENY')
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  const html = await page.text()
  expect(html).toContain('<div id="root">')
  expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//)
  expect(Number(page.headers.get('content-length'))).toBe(Buffer.byteLength(html))
})

test('only the links to other hosts are taken out', () => {
  const own = '<link href="static/main.css" rel="stylesheet">'
  const foreign = [
    '<link href="https://fonts.example/a.css" rel="stylesheet">',
    "<link rel='preconnect' href='//fonts.example'>",
  ]
  expect(withoutForeignLinks(`${foreign[0]}\n${own}${foreign[1]}<p>`)).toBe(`${own}<p>`)
})
