// `npm start` and `pnpm start`: hands over to pnpm, which installs what is missing, and runs the launcher on its Node.
import { runUnderPnpm } from './run-under-pnpm.mjs'

if (!runUnderPnpm('start')) await import('../apps/start/src/main.ts')
