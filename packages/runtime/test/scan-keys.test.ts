import { openTestRedis, openTestServer, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../src/log.ts'
import { closeRedis, connectRedis } from '../src/redis-connection.ts'
import { scanKeys } from '../src/scan-keys.ts'

test('every key that fits the pattern is found, each once', async () => {
  const { redis, prefix } = openTestRedis()
  const keys = Array.from({ length: 5000 }, (_, n) => `${prefix}:in:${n}`)
  await redis.mset(keys.flatMap((key) => [key, '']))
  await redis.set(`${prefix}:out:1`, '')
  const found = await scanKeys(redis, `${prefix}:in:*`)
  expect(found.sort()).toEqual(keys.sort())
  expect(await scanKeys(redis, `${prefix}:no:*`)).toEqual([])
})

test('of a Cluster every node is looked at', async () => {
  const { server, redis } = await openTestServer([
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
  ])
  await redis.cluster('ADDSLOTSRANGE', 0, 16383)
  await until(async () => /cluster_state:ok/.test(String(await redis.cluster('INFO'))))
  const log = createLog({ service: 'test', level: 'silent' })
  const url = server.url.replace('redis://', 'redis+cluster://')
  const cluster = connectRedis({ url, patience: 'patient', log })
  onTestFinished(() => closeRedis(cluster))
  for (const key of ['a{1}', 'a{2}', 'b{3}']) await cluster.set(key, '')
  expect((await scanKeys(cluster, 'a*')).sort()).toEqual(['a{1}', 'a{2}'])
})
