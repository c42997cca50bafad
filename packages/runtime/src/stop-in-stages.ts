/** Stopping, stage after stage, none of which can keep the others from theirs. */
import { sleep } from './clock.ts'
import type { Log } from './log.ts'

/** What is stopped at the same time. */
export interface StopStage {
  /** What is stopped, for the log. */
  what: string
  /** Promises are waited for; what else is among them has stopped already. */
  stop: () => readonly unknown[]
  /** How long it is waited for, in ms (1000). */
  withinMs?: number
}

const WITHIN_MS = 1000

/**
 * Stops one stage after the other. What is not over in its time is logged and left: while Redis is away nothing can be
 * handed back, and whoever is told to stop must still do so. Rejects with the first error, once every stage had its turn.
 */
export async function stopInStages(log: Log, stages: readonly StopStage[]): Promise<void> {
  const errors: unknown[] = []
  for (const { what, stop, withinMs = WITHIN_MS } of stages) {
    const isOver = new AbortController()
    const stopped = Promise.allSettled(stop()).then((results) => {
      for (const result of results) if (result.status === 'rejected') errors.push(result.reason)
      return true
    })
    const inTime = await Promise.race([stopped, sleep(withinMs, isOver.signal).then(() => false)])
    isOver.abort()
    if (!inTime) log.warn({ what, withinMs }, 'not stopped in time, and left')
  }
  if (errors.length > 0) throw errors[0]
}
