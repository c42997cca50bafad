/** Updates that a gateway acknowledges in a second, beside a bare route with one `queue.add`. */
import { Redis } from 'ioredis'
import { cpuOf } from './cpu-of.ts'
import { endRole, startRole, startService } from './measured-process.ts'

/** One run of one side. */
export interface AcknowledgementRun {
  updatesPerSecond: number
  /** CPU time of the gateway's process by wall time. */
  core: number
}

const SECRET = 'a-secret-of-the-benchmark'

/** Runs `side` once over a Redis that is emptied before. */
export async function runAcknowledgements(options: {
  url: string
  side: 'gateway' | 'bare'
  updates: number
  chats: number
}): Promise<AcknowledgementRun> {
  const redis = new Redis(options.url)
  await redis.flushall()
  redis.disconnect()
  const gateway =
    options.side === 'gateway'
      ? startService('gateway', {
          REDIS_URL: options.url,
          REDIS_PREFIX: 'bench',
          TELEGRAM_BOT_TOKEN: '7001:AAtoken-of-the-benchmark',
          TELEGRAM_WEBHOOK_SECRET: SECRET,
          UPDATES: 'webhook',
          GATEWAY_PORT: '0',
        })
      : startRole('bare-gateway', { url: options.url, prefix: 'bench' })
  const { address } = await gateway.ready
  const load = { address, secret: SECRET, chats: options.chats }
  // Both sides are warm before they are measured.
  await startRole('webhook-load', { ...load, updates: 3000, firstId: 1 }).report
  const cpu = cpuOf(gateway.child.pid)
  const report = await startRole('webhook-load', { ...load, updates: options.updates, firstId: 100_000 })
    .report
  const used = cpuOf(gateway.child.pid) - cpu
  await endRole(gateway)
  if (report.refused !== 0) throw new Error(`${report.refused} updates were refused`)
  const ms = report.ms ?? Number.NaN
  return { updatesPerSecond: (options.updates / ms) * 1000, core: used / ms }
}
