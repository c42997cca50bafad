import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import {
  packSession,
  readSession,
  SESSION_MAX_BYTES,
  SessionTooLargeError,
  sessionWrites,
  writeSessionNow,
} from '../src/session.ts'

test('a session that was never written is none', async () => {
  const { redis, prefix } = openTestRedis()
  expect(await readSession(redis, `${prefix}:s`)).toEqual({ value: undefined, json: undefined, version: '' })
})

test('what is written is read, under its version, and removed again', async () => {
  const { redis, prefix } = openTestRedis()
  const key = `${prefix}:s`
  await writeSessionNow(redis, { key, json: packSession({ n: 1 }), version: 'a', ttlSeconds: 60 })
  expect(await readSession(redis, key)).toEqual({ value: { n: 1 }, json: '{"n":1}', version: 'a' })
  expect(await redis.ttl(key)).toBeGreaterThan(50)
  await writeSessionNow(redis, { key, json: undefined, version: 'b', ttlSeconds: undefined })
  expect(await redis.exists(key)).toBe(0)
})

test('a commit writes it only where its version still stands', () => {
  const change = { key: 'k', json: '{}', version: 'b', ttlSeconds: 5 }
  expect(sessionWrites({ ...change, expected: 'a' })).toEqual([
    { command: 'expect', key: 'k', args: ['v', 'a'] },
    { command: 'hset', key: 'k', args: ['v', 'b', 'd', '{}'] },
    { command: 'expire', key: 'k', args: [5] },
  ])
  expect(sessionWrites({ ...change, json: undefined, ttlSeconds: undefined })).toEqual([
    { command: 'del', key: 'k', args: [] },
  ])
})

test('a session that is too large is refused before anything is written', () => {
  expect(() => packSession({ text: 'x'.repeat(SESSION_MAX_BYTES) })).toThrow(SessionTooLargeError)
})
