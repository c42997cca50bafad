import { openTestServer, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { watchRedis } from '../src/redis-health.ts'

async function openServer(args: string[] = []) {
  const prompt = { maxRetriesPerRequest: 0, enableOfflineQueue: false, retryStrategy: () => 20 }
  const { server, redis } = await openTestServer(args, prompt)
  const health = watchRedis({ redis, intervalMs: 20 })
  onTestFinished(() => health.stop())
  return { server, redis, health }
}

test('a Redis that answers is ready, one without a bound is never full', async () => {
  const { redis, health } = await openServer()
  await redis.set('x', 'y'.repeat(1_000_000))
  expect(health.state()).toBe('ready')
  expect(await health.ask()).toBe('ready')
})

test('a Redis over four fifths of its memory is full, and ready again once there is room', async () => {
  const { redis, health } = await openServer(['--maxmemory', '10mb'])
  expect(await health.ask()).toBe('ready')
  for (let n = 0; (await health.ask()) === 'ready'; n++) await redis.set(`x${n}`, 'y'.repeat(50_000))
  expect(health.state()).toBe('full')
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  expect(used).toBeGreaterThan(7 * 1024 * 1024)
  await redis.flushall()
  await until(() => health.state() === 'ready')
})

test('a Redis that ended is away', async () => {
  const { server, health } = await openServer()
  await server.stop()
  await until(() => health.state() === 'away')
  expect(await health.ask()).toBe('away')
})

test('a Redis that does not answer within a second is away', async () => {
  const { redis, health } = await openServer(['--enable-debug-command', 'local'])
  health.stop()
  const sleeper = redis.duplicate()
  sleeper.on('error', () => undefined)
  onTestFinished(() => sleeper.disconnect())
  await new Promise((resolve) => sleeper.once('ready', resolve))
  const asleep = sleeper.call('DEBUG', 'SLEEP', '1.3')
  expect(await health.ask()).toBe('away')
  await asleep
  expect(await health.ask()).toBe('ready')
})
