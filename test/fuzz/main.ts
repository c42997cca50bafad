/**
 * `pnpm fuzz [runs] [seed]`: mutated updates and spoiled answers, as many as wanted (a million), from a seed (the clock's
 * milliseconds, printed, so that a run can be repeated).
 */
import { runTests } from '../run-tests.ts'

const [runs = '1000000', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
process.stdout.write(`${runs} runs from seed ${seed}; again: pnpm fuzz ${runs} ${seed}\n`)
await runTests(new URL('.', import.meta.url), { FUZZ_RUNS: runs, FUZZ_SEED: seed })
