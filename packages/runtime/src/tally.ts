/**
 * Counters and histograms that outlive every process: one Redis hash per shard whose fields are Prometheus series.
 * Lua scripts of the lanes count in the same hash, so a count and what it counts change in one step.
 */
import type { RedisClient } from './redis-connection.ts'

/** Labels of a series. Values must not hold quotes, backslashes or line breaks; those are taken out. */
export type Labels = Readonly<Record<string, string>>

/** Upper bounds of the histograms' buckets, in seconds. */
export const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const

/** The series `name{a="b"}`, which is both a line of the exposition and a field of the hash. */
export function seriesOf(name: string, labels: Labels = {}): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/["\\\n]/g, '')}"`)
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`
}

/** Counts and observes; what was counted reaches Redis within `flushMs` and at `stop`. */
export interface Tally {
  count(name: string, labels?: Labels, by?: number): void
  observeSeconds(name: string, labels: Labels, seconds: number): void
  /** Writes what is held; a failed write is kept for the next try. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** A tally that writes to the hash `key`. What a killed process had not written yet (`flushMs`, 1 s) is not counted. */
export function createTally(options: { redis: RedisClient; key: string; flushMs?: number }): Tally {
  const held = new Map<string, number>()
  const add = (series: string, by: number) => held.set(series, (held.get(series) ?? 0) + by)
  const flush = async () => {
    const batch = [...held]
    held.clear()
    const written = await Promise.allSettled(
      batch.map(([series, by]) => options.redis.hincrbyfloat(options.key, series, by)),
    )
    for (const [index, result] of written.entries()) {
      const entry = batch[index]
      if (result.status === 'rejected' && entry) add(entry[0], entry[1])
    }
  }
  const timer = setInterval(() => void flush(), options.flushMs ?? 1000)
  return {
    count: (name, labels = {}, by = 1) => add(seriesOf(name, labels), by),
    observeSeconds(name, labels, seconds) {
      for (const bound of SECONDS_BUCKETS) {
        if (seconds <= bound) add(seriesOf(`${name}_bucket`, { ...labels, le: String(bound) }), 1)
      }
      add(seriesOf(`${name}_bucket`, { ...labels, le: '+Inf' }), 1)
      add(seriesOf(`${name}_sum`, labels), seconds)
      add(seriesOf(`${name}_count`, labels), 1)
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

/** All series of the hashes `keys`, added up. */
export async function readTally(redis: RedisClient, keys: readonly string[]): Promise<Map<string, number>> {
  const total = new Map<string, number>()
  for (const hash of await Promise.all(keys.map((key) => redis.hgetall(key)))) {
    for (const [series, value] of Object.entries(hash))
      total.set(series, (total.get(series) ?? 0) + Number(value))
  }
  return total
}
