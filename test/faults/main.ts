/**
 * `pnpm faults [hits] [process] [step]`: lets every fault happen `hits` times (10) around every durable step, or those of one
 * kind of process, or one; keeps what people saw in `seen.json`, and writes the table of ARCHITECTURE.md from it. All of it
 * takes an hour and a half. `--into <folder>`: looks for both files there.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runTests } from '../run-tests.ts'
import { faultTable, type Row, readSeen, SEEN } from './fault-table.ts'
import { STEPS, type Victim } from './steps.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { into: { type: 'string' } } })
const [hits = '10', victim = '', step = ''] = positionals
const page = values.into
  ? join(values.into, 'ARCHITECTURE.md')
  : fileURLToPath(new URL('../../ARCHITECTURE.md', import.meta.url))
const kept = values.into ? join(values.into, 'seen.json') : SEEN
const results = mkdtempSync(join(tmpdir(), 'faults-'))
const hasPassed = await runTests(new URL(`./${victim}`, import.meta.url), {
  FAULT_HITS: hits,
  FAULT_STEP: step,
  FAULT_RESULTS: results,
})
if (hasPassed) keep()
rmSync(results, { recursive: true })

function keep(): void {
  const seen = readSeen(kept)
  for (const name of ['gateway', 'worker', 'sender'] as const) {
    const file = join(results, `${name}.json`)
    if (existsSync(file)) seen[name] = merged(name, seen[name], JSON.parse(readFileSync(file, 'utf8')))
  }
  writeFileSync(kept, `${JSON.stringify(seen, undefined, 2)}\n`)
  const text = readFileSync(page, 'utf8')
  writeFileSync(
    page,
    text.replace(/(<!-- faults -->\n)[\s\S]*?(<!-- \/faults -->)/, `$1\n${faultTable(seen)}\n\n$2`),
  )
}

/** The rows of this run, and those of earlier ones for the other steps. */
function merged(of: Victim, before: readonly Row[], now: readonly Row[]): Row[] {
  return STEPS[of].flatMap(({ step: name }) => {
    const row = now.find((each) => each.step === name) ?? before.find((each) => each.step === name)
    return row ? [row] : []
  })
}
