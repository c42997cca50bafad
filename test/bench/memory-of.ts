/** Memory of another process, and of Redis. */
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

/** Resident memory of the process in MiB; NaN where the kernel does not tell. */
export function residentMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** What Redis has allocated, in bytes. */
export async function redisBytes(redis: Pick<Redis, 'info'>): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

/** By how much `values` grow from one to the next: the slope of the line that fits them best. */
export function slopeOf(values: readonly number[]): number {
  const meanIndex = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sum = (of: (value: number, index: number) => number) =>
    values.reduce((total, value, index) => total + of(value, index), 0)
  return (
    sum((value, index) => (index - meanIndex) * (value - mean)) / sum((_, index) => (index - meanIndex) ** 2)
  )
}
