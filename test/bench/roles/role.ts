/** What every role does: reads its options, says that it is ready, reports once. */
import { connectRedis, createLog, type RedisClient } from '@chatlane/runtime'
import { Redis } from 'ioredis'

/** The options that the benchmark gave. */
export function readOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** Says that the role is set up. */
export function sayReady(about: Record<string, unknown> = {}): void {
  process.stdout.write(`@ready ${JSON.stringify(about)}\n`)
}

/** Reports and ends the process. */
export function reportAndEnd(figures: Record<string, number>): void {
  process.stdout.write(`@report ${JSON.stringify(figures)}\n`, () => process.exit(0))
}

/** CPU time of this process in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** A connection as one opens it by hand. */
export function connect(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null })
}

/** A connection as the services have it: the gateway's gathers its writes. */
export function connectAs(service: 'gateway' | 'worker' | 'sender', url: string): RedisClient {
  const log = createLog({ service, level: 'error' })
  return connectRedis({ url, log, patience: 'patient', gatherWrites: service === 'gateway' })
}

/** Calls `work` for 0…count−1, `atOnce` at a time. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
