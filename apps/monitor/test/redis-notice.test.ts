import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openMonitor } from './open-monitor.ts'
import { openRedisLine } from './redis-line.ts'

test.for(['cut', 'hold'] as const)(
  'while Redis does not answer (%s) the monitor stays up and every page says so, until it is back',
  async (fault) => {
    const line = await openRedisLine()
    const { address, get } = await openMonitor({ redisUrl: line.url })
    expect((await get('/readyz')).status).toBe(200)
    await line[fault]()
    await until(async () => (await get('/readyz')).status === 503)
    expect((await get('/healthz')).status).toBe(200)
    for (const path of ['/', '/queue/inbox', '/api/queues', '/metrics']) {
      const answer = await get(path)
      expect([path, answer.status]).toEqual([path, 503])
      expect(await answer.text()).toContain('Redis is away')
    }
    expect((await fetch(address)).status).toBe(401)
    if (fault === 'hold') await line.cut()
    await line.mend()
    await until(async () => (await get('/readyz')).status === 200)
    await until(async () => (await get('/api/queues')).status === 200)
    expect((await get('/metrics')).status).toBe(200)
  },
)
