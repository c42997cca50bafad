/**
 * A queue of wake-ups for one id, as BullMQ keeps it with `deduplication: { id, keepLastIfActive: true }`. All that matters
 * of a job is where it is, and whether it is the one that the id stands for. `wake-queue.test.ts` compares it with BullMQ.
 */

/** A queue: its jobs that wait, oldest first, and whether a wake-up came while the id's own job was active. */
export interface WakeQueue {
  /** Of each job that waits: whether it is the id's own. */
  waiting: readonly boolean[]
  /** A further wake-up runs when the id's own job has finished. */
  hasNext: boolean
  /** The job of each server. `lost`: its lock ran out, and the job waits again or is another's. */
  active: readonly (ActiveJob | undefined)[]
}

/** A job that a server works on. */
export interface ActiveJob {
  isOwn: boolean
}

/** An empty queue with so many servers. */
export function emptyQueue(servers: number): WakeQueue {
  return { waiting: [], hasNext: false, active: Array.from({ length: servers }, () => undefined) }
}

/** Adds a wake-up of the id. `force`: a job of no id, whatever there is. */
export function addWake(queue: WakeQueue, options?: { force: boolean }): WakeQueue {
  if (options?.force) return { ...queue, waiting: [...queue.waiting, false] }
  if (queue.active.some((job) => job?.isOwn)) return { ...queue, hasNext: true }
  if (queue.waiting.includes(true)) return queue
  return { ...queue, waiting: [...queue.waiting, true] }
}

/** The server takes the oldest job; undefined where none waits. */
export function fetchWake(queue: WakeQueue, server: number): WakeQueue | undefined {
  const [isOwn, ...waiting] = queue.waiting
  if (isOwn === undefined) return undefined
  return { ...queue, waiting, active: queue.active.with(server, { isOwn }) }
}

/** The server's job ends. Nothing happens where its lock was lost. */
export function finishWake(queue: WakeQueue, server: number): WakeQueue {
  const job = queue.active[server]
  if (!job) return queue
  const ended = { ...queue, active: queue.active.with(server, undefined) }
  // BullMQ looks for a wake-up that came meanwhile at the end of any job of the id.
  return job.isOwn && queue.hasNext ? { ...ended, hasNext: false, waiting: [...ended.waiting, true] } : ended
}

/** The lock of the server's job has run out: the job waits again, in front. */
export function stallWake(queue: WakeQueue, server: number): WakeQueue {
  const job = queue.active[server]
  if (!job) return queue
  return {
    ...queue,
    waiting: [job.isOwn, ...queue.waiting],
    active: queue.active.with(server, undefined),
  }
}

/** An operator removes the oldest job that waits; undefined where none does. */
export function removeWake(queue: WakeQueue): WakeQueue | undefined {
  const [isOwn, ...waiting] = queue.waiting
  if (isOwn === undefined) return undefined
  return { ...queue, waiting, hasNext: isOwn ? false : queue.hasNext }
}
