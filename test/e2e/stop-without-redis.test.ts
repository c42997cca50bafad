import { once } from 'node:events'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { type OwnRedis, openOwnRedis } from './own-redis.ts'
import { startServiceProcess } from './service-process.ts'
import { API_KEY, openStack, TOKEN } from './stack.ts'

const LOSSES: [what: string, lose: (redis: OwnRedis) => Promise<void> | void][] = [
  ['is dead', (redis) => redis.kill()],
  ['answers nothing', (redis) => redis.freeze()],
]

test.each(LOSSES)(
  'every service that has work stops in order while Redis %s',
  async (_what, lose) => {
    const redis = await openOwnRedis()
    const { telegram, model, ...stack } = await openStack({
      redis,
      environment: { MERGE_WINDOW_MS: '0', LANE_SHARDS: '2' },
      model: { firstTokenMs: [100, 100], totalMs: [2000, 2000] },
    })
    telegram.phone.createUser({ id: 11 })
    telegram.phone.createUser({ id: 12 })
    const services = await Promise.all(
      (['gateway', 'worker', 'sender', 'monitor'] as const).map((name) => stack.start(name)),
    )
    telegram.phone.sendText({ from: 11, text: 'is answered' })
    await telegram.waitUntil(() => telegram.messages(11).some(({ by }) => by === 'bot'), 20_000)
    telegram.phone.sendText({ from: 12, text: 'is being answered' })
    await model.waitFor(({ state, firstTokenAt }) => state === 'running' && firstTokenAt !== undefined)
    await lose(redis)
    const ended = await Promise.all(services.map(async (service) => [service.name, await service.stop()]))
    expect(Object.fromEntries(ended)).toEqual({ gateway: 0, worker: 0, sender: 0, monitor: 0 })
  },
  90_000,
)

test.each(['gateway', 'worker', 'sender', 'monitor'] as const)(
  'a %s that waits for Redis ends when nobody waits for it any more',
  async (name) => {
    const redis = await openOwnRedis()
    await redis.kill()
    const service = startServiceProcess(name, {
      REDIS_URL: redis.url,
      TELEGRAM_BOT_TOKEN: TOKEN,
      OPENROUTER_API_KEY: API_KEY,
      GATEWAY_PORT: '0',
      MONITOR_PORT: '0',
    })
    await until(() => service.lines.some((line) => line.includes('Redis is away')))
    const exited = once(service.child, 'exit')
    service.child.disconnect()
    expect(await exited).toEqual([null, 'SIGKILL'])
  },
)
