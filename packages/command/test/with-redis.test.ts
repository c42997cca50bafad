import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { RedisClient } from '@chatlane/runtime'
import { openTestRedis, openTestServer, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../src/usage-error.ts'
import { withRedis } from '../src/with-redis.ts'

/** A server that takes connections and says nothing. */
async function openSilence() {
  const server = createServer((socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the connection is there for as long as it is used, and what comes of it is handed on', async () => {
  const { url, redis, prefix } = openTestRedis()
  await redis.set(`${prefix}:a`, '1')
  let used: RedisClient | undefined
  const value = await withRedis({ url, named: 'REDIS_URL' }, async (client) => {
    used = client
    return client.get(`${prefix}:a`)
  })
  expect(value).toBe('1')
  await until(() => used?.status === 'end')
})

test('where its use fails the connection ends, too', async () => {
  let used: RedisClient | undefined
  const failing = withRedis({ url: openTestRedis().url, named: 'REDIS_URL' }, async (client) => {
    used = client
    throw new Error('no such chat')
  })
  await expect(failing).rejects.toThrow('no such chat')
  await until(() => used?.status === 'end')
})

test('a Redis that says nothing, is gone or wants a password is none, and is told by the name that it was given', async () => {
  const { server, redis } = await openTestServer()
  await redis.config('SET', 'requirepass', 'hush')
  const gone = 'redis://127.0.0.1:1'
  for (const url of [await openSilence(), gone, server.url]) {
    const unused = withRedis({ url, named: '--from', answersWithinMs: 50 }, async () => {
      throw new Error('it was used')
    })
    await expect(unused).rejects.toThrow(new UsageError('--from: Redis does not answer'))
  }
})
