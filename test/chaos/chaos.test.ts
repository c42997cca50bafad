import { env } from 'node:process'
import { expect, test } from 'vitest'
import { openInstallation } from './installation.ts'
import { say, totalLines } from './ledger.ts'
import { runRounds } from './run-rounds.ts'

/** Set by `pnpm chaos`. */
const ROUNDS = Number(env.CHAOS_ROUNDS ?? 100)
const SEED = Number(env.CHAOS_SEED ?? 1)

test(
  'whatever happens to the processes, to Redis, to Telegram and to the model, every promise holds',
  async () => {
    const at = await openInstallation()
    const { broken, totals } = await runRounds(at, { rounds: ROUNDS, seed: SEED, tell: say })
    say(totalLines(totals))
    expect(broken).toEqual([])
    expect(totals.rounds - totals.calm).toBe(ROUNDS)
  },
  // A long run takes as long as it takes.
  ROUNDS > 100 ? 0 : 1_800_000,
)
