import { request } from 'node:http'
import { isLoopback } from '@chatlane/runtime'
import { expect, test } from 'vitest'
import { ANNA, openPlayground } from './open-playground.ts'

/** Asks with headers that `fetch` would not let through. */
function ask(address: string, options: { path?: string; method?: string; headers: Record<string, string> }) {
  return new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${address}${options.path ?? '/'}`, options, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.once('error', reject)
    asked.end(options.method === 'POST' ? JSON.stringify({ from: ANNA, text: 'a' }) : undefined)
  })
}

test('the page may load and send to its own server only', async () => {
  const { address } = await openPlayground()
  for (const path of ['/', '/main.js', '/base.css', '/api/state', '/nowhere']) {
    const { headers } = await fetch(`${address}${path}`)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
  }
})

test("only the page's own files are served, and nothing of the simulator's controls", async () => {
  const { address } = await openPlayground()
  for (const path of ['/../server.ts', '/%2e%2e/server.ts', '/server.ts', '/sim/state', '/index.html']) {
    expect([path, (await fetch(`${address}${path}`)).status]).toEqual([path, 404])
  }
})

test('a page of another site can not use it, by its own name or by one that points here', async () => {
  const { address } = await openPlayground()
  const { host, port } = new URL(address)
  const path = `/api/chats/${ANNA}/messages`
  const json = { 'content-type': 'application/json' }
  const post = (headers: Record<string, string>) => ask(address, { path, method: 'POST', headers })
  expect(await post({ ...json, origin: 'https://evil.example' })).toBe(403)
  expect(await post({ ...json, origin: 'null' })).toBe(403)
  expect(await post({ ...json, origin: `http://${host}` })).toBe(201)
  expect(await post({ 'content-type': 'text/plain' })).toBeGreaterThanOrEqual(400)
  expect(await ask(address, { headers: { host: `evil.example:${port}` } })).toBe(403)
  expect(await ask(address, { headers: { host: `localhost:${port}` } })).toBe(200)
})

test('loopback is what only this machine reaches', () => {
  for (const host of ['127.0.0.1', '::1', '[::1]', 'localhost']) expect(isLoopback(host)).toBe(true)
  for (const host of ['0.0.0.0', '::', '127.0.0.1.evil.example', '']) expect(isLoopback(host)).toBe(false)
})
