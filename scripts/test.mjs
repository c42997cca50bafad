// `npm test` and `pnpm test`: hands over to pnpm, which installs what is missing, and runs every test.
import { runToEnd, runUnderPnpm } from './run-under-pnpm.mjs'

const passedOn = process.argv.slice(2)
if (!runUnderPnpm('test', passedOn)) runToEnd('vitest', ['run', ...passedOn])
