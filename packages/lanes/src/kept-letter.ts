/** A dead letter as it lies among the failed jobs. */
import type { Job } from 'bullmq'
import type { DeadLetter } from './dead-letters.ts'
import { type Marked, unmarkJob } from './format.ts'

/** What is known of it, without its contents. */
export interface KeptLetter extends DeadLetter {
  /** Of its job, as Bull Board shows it too. */
  jobId: string
  /** When it was given up, by the clock of whoever did. */
  atMs: number
  /** How often it was replayed and failed again. */
  replays: number
  /** Why its last replay failed, or what it was given up for. */
  failedReason: string
}

/** Reads a job of the dead letters. */
export function keptLetter({
  id = '',
  data,
  timestamp,
  attemptsMade,
  failedReason,
}: Job<DeadLetter & Marked>): KeptLetter {
  // The first run only made it a failed job.
  return {
    ...unmarkJob(data),
    jobId: id,
    atMs: timestamp,
    replays: Math.max(0, attemptsMade - 1),
    failedReason,
  }
}
