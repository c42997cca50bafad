/** An update through inbox lane, commit, outbox and a send that does nothing, beside two plain BullMQ queues. */
import { Redis } from 'ioredis'
import { endRole, startRole } from './measured-process.ts'

/** One run of one side. */
export interface PipelineRun {
  updatesPerSecond: number
  consumerCore: number
  redisMicrosPerUpdate: number
}

/** Runs `side` once over a Redis that is emptied before. */
export async function runPipeline(options: {
  url: string
  side: 'lanes' | 'plain'
  updates: number
  chats: number
}): Promise<PipelineRun> {
  const { url, side, updates, chats } = options
  const redis = new Redis(url)
  await redis.flushall()
  const before = await redisCpu(redis)
  const consumer = startRole(`${side}-consumer`, { url, prefix: 'bench', updates })
  await consumer.ready
  const startedAt = performance.now()
  const producer = startRole(`${side}-producer`, { url, prefix: 'bench', updates, chats })
  const [report] = await Promise.all([consumer.report, producer.report])
  const ms = performance.now() - startedAt
  await Promise.all([endRole(producer), endRole(consumer)])
  const redisMicros = (await redisCpu(redis)) - before
  redis.disconnect()
  return {
    updatesPerSecond: (updates / (report.ms ?? ms)) * 1000,
    consumerCore: (report.cpuMicros ?? 0) / 1000 / (report.ms ?? ms),
    redisMicrosPerUpdate: redisMicros / updates,
  }
}

/** CPU time of the Redis process in microseconds. */
export async function redisCpu(redis: Redis): Promise<number> {
  const info = await redis.info('cpu')
  const seconds = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? 0)
  return (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6
}
