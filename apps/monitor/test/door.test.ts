import { request } from 'node:http'
import { expect, test } from 'vitest'
import { createFailedTries } from '../src/failed-tries.ts'
import { AUTHORIZATION, basic, openMonitor } from './open-monitor.ts'

test('the board, its files and its numbers ask for the password', async () => {
  const { address, get } = await openMonitor()
  for (const path of ['/', '/queue/inbox', '/api/queues', '/api/redis/stats', '/static/images/logo.svg']) {
    const stranger = await fetch(address + path)
    expect([path, stranger.status]).toEqual([path, 401])
    expect(stranger.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    expect([path, (await get(path)).status]).toEqual([path, 200])
  }
})

test('the probes and the metrics are open', async () => {
  const { address } = await openMonitor()
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect([path, (await fetch(address + path)).status]).toEqual([path, 200])
  }
})

test('a wrong user or password is refused, and the eleventh try within a minute is not even looked at', async () => {
  const { address } = await openMonitor()
  const tryWith = async (headers: Record<string, string>) => (await fetch(address, { headers })).status
  expect(await tryWith(basic('root', 'correct horse'))).toBe(401)
  for (let n = 2; n <= 10; n++) expect(await tryWith(basic('admin', `guess ${n}`))).toBe(401)
  const refused = await fetch(address, { headers: AUTHORIZATION })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
  expect(await tryWith({})).toBe(401)
})

test('an address may try again after its minute, and no other address waits for it', () => {
  let nowMs = 0
  const tries = createFailedTries(() => nowMs)
  for (let n = 0; n < 10; n++) tries.note('192.0.2.1')
  expect(tries.waitSeconds('192.0.2.1')).toBe(60)
  expect(tries.waitSeconds('192.0.2.2')).toBe(0)
  nowMs = 60_000
  expect(tries.waitSeconds('192.0.2.1')).toBe(0)
})

test('without a password this machine needs none', async () => {
  const { address } = await openMonitor({ password: undefined })
  expect((await fetch(`${address}/api/queues`)).status).toBe(200)
})

test('without a password a foreign name that points at this machine is refused', async () => {
  const { address } = await openMonitor({ password: undefined })
  expect(await statusWithHost(address, 'evil.example')).toBe(403)
  expect(await statusWithHost(address, 'localhost:3001')).toBe(200)
})

test('a page of another site can use neither the password that a browser remembers nor its absence', async () => {
  const { address } = await openMonitor({ write: true })
  const ask = (origin: string) =>
    fetch(`${address}/api/queues/pause`, { method: 'PUT', headers: { ...AUTHORIZATION, origin } })
  expect((await ask('https://evil.example')).status).toBe(403)
  expect((await ask('null')).status).toBe(403)
  expect((await ask(address)).status).toBe(200)
})

function statusWithHost(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}/api/queues`, { headers: { host }, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    asked.on('error', reject)
    asked.end()
  })
}
