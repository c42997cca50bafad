/**
 * `pnpm interleavings [words]`: walks every scene whose name has these words, the large ones too, with millions of worlds
 * each. All of it takes a quarter of an hour and 8 GB of memory.
 */
import { runTests } from '../run-tests.ts'

await runTests(new URL('./interleavings.test.ts', import.meta.url), {
  INTERLEAVINGS: process.argv.slice(2).join(' '),
  NODE_OPTIONS: '--max-old-space-size=8000',
})
