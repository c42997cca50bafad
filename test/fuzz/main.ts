/**
 * `pnpm fuzz [runs] [seed]`: mutated updates and spoiled answers, as many as wanted (a million), from a seed (the clock's
 * milliseconds, printed, so that a run can be repeated).
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [runs = '1000000', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
process.stdout.write(`${runs} runs from seed ${seed}; again: pnpm fuzz ${runs} ${seed}\n`)
const child = spawn('vitest', ['run', fileURLToPath(new URL('.', import.meta.url))], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: runs, FUZZ_SEED: seed },
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
})
