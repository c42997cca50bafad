import { expect, test } from 'vitest'
import { openInstallation } from './installation.ts'
import { say } from './ledger.ts'
import { NOBODY_SWEEPS, PLANTED_BUGS, WITHOUT_SWEEPS } from './planted-bugs.ts'
import { runRounds } from './run-rounds.ts'

const ROUNDS = 100
/** A planted bug is not waited for as long as a promise. */
const LOST_AFTER_MS = 60_000
const CONTROL_ROUNDS = 10

test.each(PLANTED_BUGS)(
  '$name is found within 100 rounds',
  async ({ name, edits, weather, found, isDeliveredOnce = false }) => {
    const at = await openInstallation({ edits, isDeliveredOnce })
    const run = {
      ...{ rounds: ROUNDS, seed: 1, lostAfterMs: LOST_AFTER_MS, tell: say },
      ...(weather && { weather }),
    }
    const { rounds, broken } = await runRounds(at, run)
    say(`${name}: found after ${rounds.length} rounds: ${broken[0]}`)
    expect(broken.join('\n')).toMatch(found)
  },
  900_000,
)

test('where nobody sweeps, and nothing needs it, nothing is lost', async () => {
  const at = await openInstallation({ edits: [NOBODY_SWEEPS], isDeliveredOnce: true })
  const run = { rounds: CONTROL_ROUNDS, seed: 1, weather: WITHOUT_SWEEPS, tell: say }
  const { broken } = await runRounds(at, run)
  expect(broken).toEqual([])
}, 300_000)
