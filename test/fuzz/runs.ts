/** How much is tried, and from which seed on: `FUZZ_RUNS` and `FUZZ_SEED`, which `pnpm fuzz` sets. */
import { env } from 'node:process'

/** The seed of this run; the same one repeats it. */
export const SEED = Number(env.FUZZ_SEED ?? 1)

/** How many of the `usual` number are tried. */
export function runsOf(usual: number): number {
  return Number(env.FUZZ_RUNS ?? usual)
}

/** Of one test: a run that is longer than usual has no limit. */
export const TIMEOUT_MS = env.FUZZ_RUNS === undefined ? 600_000 : 0
