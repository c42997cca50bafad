import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openMonitor } from './open-monitor.ts'
import { openRedisLine } from './redis-line.ts'

test('a port that is taken stops the start', async () => {
  const { address } = await openMonitor()
  await expect(openMonitor({ port: Number(new URL(address).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})

test.for(['cut', 'hold'] as const)('it stops also while Redis does not answer (%s)', async (fault) => {
  const line = await openRedisLine()
  const { monitor, get } = await openMonitor({ redisUrl: line.url })
  await line[fault]()
  await until(async () => (await get('/readyz')).status === 503)
  await monitor.stop()
  await expect(get('/healthz')).rejects.toThrow()
})
