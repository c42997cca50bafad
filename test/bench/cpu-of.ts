/** CPU time of another process, from the kernel. */
import { readFileSync } from 'node:fs'

/** Kernel ticks are 10 ms on Linux. */
const TICK_MS = 10

/** User and system time of the process in milliseconds; 0 where the kernel does not tell. */
export function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return 0
  }
}
