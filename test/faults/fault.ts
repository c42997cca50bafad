/** What can happen to a process at a fail point. */
import type { FailSide } from '@chatlane/runtime'

/**
 * `kill`: kill -9. `freeze`: SIGSTOP, for longer than any lock or lease lasts. `cut`: every connection to Redis breaks, and
 * none is made for a second.
 */
export type FaultKind = 'kill' | 'freeze' | 'cut'

/** A fault at a fail point. */
export interface Fault {
  /** {@link ANY_STEP} is whichever comes next. */
  step: string
  side: FailSide
  kind: FaultKind
  /** So many times the process passes there unharmed first. Default 0. */
  skip?: number
}

/** Stands for every step. */
export const ANY_STEP = '*'

/**
 * What an armed process is told: to wait for a fault, to wait no longer (it answers with how often it passed each step),
 * to have its clock so far ahead of the true time, or to lose Redis at once.
 */
export type Order = Fault | 'disarm' | { clockAheadMs: number } | 'cut'

/** The beginning of the line that a process writes when a fault meets it. */
export const HIT = 'a fault met this process: '

/** How a fault is named in that line. */
export function faultText({ kind, side, step }: Fault): string {
  return `${kind} ${side} ${step}`
}
