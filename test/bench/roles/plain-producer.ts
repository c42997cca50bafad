/** Adds updates to a BullMQ queue, as one writes it by hand. */
import { Queue } from 'bullmq'
import { connect, cpuMicros, inParallel, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; updates: number; chats: number }>()
const redis = connect(options.url)
const queue = new Queue('in', {
  connection: redis,
  prefix: options.prefix,
  defaultJobOptions: { removeOnComplete: true },
})
await redis.ping()
sayReady()
const startedAt = performance.now()
const cpu = cpuMicros()
await inParallel(options.updates, 100, async (index) => {
  const chat = 1 + (index % options.chats)
  await queue.add('update', {
    update_id: index,
    message: {
      message_id: index,
      date: 1,
      chat: { id: chat, type: 'private' },
      from: { id: chat, first_name: 'A' },
      text: `this is a test message, number ${index}`,
    },
  })
})
reportAndEnd({ ms: performance.now() - startedAt, cpuMicros: cpuMicros() - cpu })
