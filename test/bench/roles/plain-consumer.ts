/** Two BullMQ queues by hand: a worker that keeps the message and adds the reply to a second queue, and its worker. */
import { Queue, Worker } from 'bullmq'
import { connect, cpuMicros, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; updates: number }>()
const redis = connect(options.url)
const out = new Queue('out', {
  connection: redis,
  prefix: options.prefix,
  defaultJobOptions: { removeOnComplete: true },
})
let sent = 0
let startedAt = 0
let cpu = 0
new Worker(
  'out',
  async () => {
    if (++sent === options.updates)
      reportAndEnd({ ms: performance.now() - startedAt, cpuMicros: cpuMicros() - cpu })
  },
  { connection: redis, prefix: options.prefix, concurrency: 100 },
).on('error', () => undefined)
new Worker(
  'in',
  async (job) => {
    if (startedAt === 0) {
      startedAt = performance.now()
      cpu = cpuMicros()
    }
    await redis.hset(
      `${options.prefix}:chat:${job.data.message.chat.id}`,
      'messages',
      JSON.stringify(job.data),
    )
    await out.add('reply', { method: 'sendMessage', text: `reply to ${job.data.update_id}` })
  },
  { connection: redis, prefix: options.prefix, concurrency: 100 },
).on('error', () => undefined)
await redis.ping()
sayReady()
