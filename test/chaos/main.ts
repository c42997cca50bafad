/**
 * `pnpm chaos [rounds] [seed]`: lets people talk through so many rounds of disturbances (1,000), drawn from a seed (the
 * clock's milliseconds), and prints a line for each. It names the round's own seed: `pnpm chaos 1 <seed>` does it again.
 */
import { runTests } from '../run-tests.ts'

const [rounds = '1000', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
await runTests(new URL('./chaos.test.ts', import.meta.url), { CHAOS_ROUNDS: rounds, CHAOS_SEED: seed })
