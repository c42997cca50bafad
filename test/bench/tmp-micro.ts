import { startRedisServer } from '@chatlane/embedded-redis'
import { createBudget, createInbox, createKeys, createOutbox, createWakes } from '@chatlane/lanes'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { redisCpu } from './pipeline.ts'
import { inParallel } from './roles/role.ts'

const s = await startRedisServer()
const redis = new Redis(s.url, { maxRetriesPerRequest: null })
const keys = createKeys({ prefix: 'm', shards: 1 })
const wakes = createWakes({ redis, keys, onError() {} })
const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
const outbox = createOutbox({ redis, keys })
const limits = { botPerSecond: 1e6, chatPerSecond: 1e6, chatBurst: 1e6, groupPerMinute: 1e6 }
const budget = createBudget({ redis, keys, botId: '1', limits })
const N = 20000,
  C = Number(process.argv[2] ?? 1000)
const lane = (i: number) => ({ botId: '1', homeId: String(1 + (i % C)), place: '' })
async function time(name: string, f: (i: number) => Promise<unknown>, n = N) {
  const c = await redisCpu(redis),
    t = performance.now()
  await inParallel(n, 100, f)
  const ms = performance.now() - t
  console.log(
    name.padEnd(10),
    (((await redisCpu(redis)) - c) / n) | 0,
    'us redis/call',
    ((n / ms) * 1000) | 0,
    '/s',
  )
}
const payload = 'x'.repeat(200)
await time('ping', () => redis.ping())
await time('append', (i) =>
  inbox.append(lane(i), { id: String(i), mergeKey: '1', album: '', payload }, { open: true, countAs: 'u' }),
)
await time('wake1', (i) => wakes.wakeLane(lane(i)), C)
await time('wake2', (i) => wakes.wakeLane(lane(i)))
let jobs = 0
const c0 = await redisCpu(redis)
await new Promise<void>((r) => {
  const w = new Worker(
    'inbox',
    async () => {
      if (++jobs === C)
        setTimeout(async () => {
          console.log('bullmq job', (((await redisCpu(redis)) - c0) / C) | 0, 'us')
          await w.close()
          r()
        }, 100)
    },
    { connection: redis, prefix: keys.shard(0), concurrency: 100 },
  )
})
await time('take', async (i) => inbox.take(lane(i), `t${i % C}`))
await time('commit', async (i) => {
  await inbox.take(lane(i), `t${i}`)
  await inbox.commit(lane(i), `t${i}`, {
    deliveries: [{ id: `d${i}`, class: 1, place: '', payload }],
    writes: [{ command: 'hset', key: keys.ofLane(lane(i), 'chat'), args: ['messages', payload] }],
  })
})
await time('ready', (i) => budget.ready(String(1 + (i % C)), '1'))
await budget.lease('tok', 60000)
let done = 0,
  g = 0
{
  const c = await redisCpu(redis)
  const t = performance.now()
  const grants: any[] = []
  while (done < C) {
    const r = await budget.grant('tok', { most: 64, prefix: `g${g++}.` })
    if (r.kind === 'granted') {
      done += r.grants.length
      grants.push(...r.grants)
    }
  }
  console.log('grant', (((await redisCpu(redis)) - c) / done) | 0, 'us', (performance.now() - t) | 0, 'ms')
  await time('attempt', (i) => outbox.attempt({ botId: '1', homeId: grants[i].chat }, grants[i].id), C)
  await time(
    'note',
    async (i) =>
      outbox.note(
        { botId: '1', homeId: grants[i].chat },
        {
          token: grants[i].id,
          delivery: { id: 'x', class: 1, place: '', atMs: 1, payload },
          result: { kind: 'done', countAs: 'sent' },
        },
      ),
    C,
  )
  await time('answered', async (i) => budget.answered(grants[i], { next: '1', used: true }), C)
}
redis.disconnect()
await s.stop()
process.exit(0)
