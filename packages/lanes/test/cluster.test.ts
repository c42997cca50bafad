import type { RedisClient } from '@chatlane/runtime'
import { openTestServer, until } from '@chatlane/test-kit'
import calculateSlot from 'cluster-key-slot'
import { expect, onTestFinished, test } from 'vitest'
import { createAudience } from '../src/audience.ts'
import { createBroadcastJobs } from '../src/broadcast-jobs.ts'
import { createRecipients } from '../src/broadcast-recipients.ts'
import { createBroadcasts } from '../src/broadcasts.ts'
import { createBudget } from '../src/budget.ts'
import { eraseChat } from '../src/erase-chat.ts'
import { createInbox } from '../src/inbox.ts'
import { holdLease } from '../src/leader.ts'
import { createKeys, type Keys, type LaneName } from '../src/names.ts'
import { createOutbox } from '../src/outbox.ts'
import { createWakes } from '../src/queues.ts'
import { scripts } from '../src/scripts.ts'
import { laneOf, WIDE } from './open-lanes.ts'

/** One server that refuses, as every node of a Cluster does, a call whose keys lie in several slots. */
async function openCluster() {
  const { redis } = await openTestServer(['--cluster-enabled', 'yes'])
  await redis.cluster('ADDSLOTSRANGE', 0, 16383)
  await until(async () => /cluster_state:ok/.test(String(await redis.cluster('INFO'))))
  return redis
}

/** All that a broadcast and its audience do. */
async function callBroadcasts(redis: RedisClient, keys: Keys) {
  const audience = createAudience({ redis, keys })
  await audience.join('1', '7')
  await audience.leave('1', '8', 'blocked')
  await audience.isBlocked('1', '8')
  const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
  onTestFinished(() => jobs.close())
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const recipients = createRecipients({ redis, keys })
  const chat = { botId: '1', homeId: '7' }
  for (const audience of ['all' as const, [['7', '8', '-1009']]]) {
    const { id } = await broadcasts.create({ botId: '1', payload: '', audience, paidPerSecond: 1000 })
    const feed = () => scripts.broadcastFeed(redis, [keys.bot('1')], [id, 10, 10, '1'])
    await feed()
    await recipients.attempt(chat, 'old')
    await recipients.handOver(chat, 'old')
    await recipients.attempt(chat, 'new')
    await recipients.note(chat, { broadcastId: id, token: 'old', result: { kind: 'unknown' } })
    await broadcasts.stop(id)
    await broadcasts.resume(id)
    await broadcasts.stop(id)
    await feed()
    await broadcasts.resendUnknown(id)
  }
  await broadcasts.list('1')
}

test('every call keeps to one slot of a Cluster, the writes of a commit included', async () => {
  const redis = await openCluster()
  await expect(redis.mget('{a}', '{b}')).rejects.toThrow('CROSSSLOT')
  const keys = createKeys({ prefix: 'chatlane', shards: 5 })
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const outbox = createOutbox({ redis, keys })
  const budget = createBudget({ redis, keys, botId: '1', limits: WIDE })
  const wakes = createWakes({ redis, keys, onError: () => undefined })
  onTestFinished(() => wakes.close())
  const lane = laneOf('-100123', 't5')
  const delivery = { id: 'd', class: 1 as const, items: 1, stream: '', place: 't5', payload: '' }
  const shard = keys.shardOf(lane)
  await inbox.append(lane, { id: '1', mergeKey: '', album: '', payload: '' }, { open: true, countAs: 'n' })
  await wakes.wakeLane(lane)
  await inbox.take(lane, 'a')
  await inbox.handBack(lane, 'a', { pauseMs: 0, counts: true })
  await inbox.take(lane, 'b')
  await inbox.commit(lane, 'b', {
    deliveries: [delivery],
    writes: [{ command: 'hset', key: keys.ofLane(lane, 'chat'), args: ['a', 'b'] }],
  })
  await outbox.post(lane, { ...delivery, id: 'e' })
  const sameShard = Array.from({ length: 50 }, (_, id) => laneOf(id)).filter(
    (each) => keys.shardOf(each) === shard,
  )
  await outbox.heads([lane, ...sameShard])
  await budget.ready(lane.homeId, '1')
  await budget.lease('t', 60_000)
  await budget.grant('t', { most: 1, prefix: 't.1.' })
  await outbox.attempt(lane, 't.1.1')
  await outbox.note(lane, { token: 't.1.1', delivery: { ...delivery, atMs: 0 }, result: { kind: 'done' } })
  await budget.answered({ id: 't.1.1', chat: lane.homeId, class: '1' }, { next: '', used: true })
  await budget.action(lane.homeId, 'a', 100)
  await budget.release('t', true)
  await callBroadcasts(redis, keys)
  await holdLease({ redis, key: keys.ofShard(0, 'sweep-inbox'), token: 't' }).acquire()

  const slotOf = (key: string) => calculateSlot(key)
  const allowed = [slotOf(keys.bot('1')), ...Array.from({ length: 5 }, (_, n) => slotOf(keys.shard(n)))]
  const used = await redis.keys('*')
  expect(used.length).toBeGreaterThan(10)
  for (const key of used) expect(allowed, key).toContain(slotOf(key))
  const ofChat = used.filter((key) => key.includes(lane.homeId) && key.includes('{s'))
  expect(new Set(ofChat.map(slotOf))).toEqual(new Set([slotOf(keys.shard(shard))]))
  const writes = (each: LaneName) => [
    { command: 'hincrby' as const, key: keys.ofLane(each, 'chat'), args: ['generation', 1] },
  ]
  expect(await eraseChat({ redis, keys, chat: lane, writes, lookIn: 'everywhere' })).toMatchObject({
    deliveries: 1,
  })
})
