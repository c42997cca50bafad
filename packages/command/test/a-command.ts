/** A command for tests: its first argument says what becomes of it. */
import { ConfigurationError } from '@chatlane/runtime'
import { openTerminal, requireAgreement, runCommand, UsageError } from '../src/index.ts'

const ENDS: Record<string, () => Promise<boolean>> = {
  whole: async () => true,
  parts: async () => false,
  failed: () => Promise.reject(new Error('Redis is full')),
  misused: () => Promise.reject(new UsageError('--frobnicate is no option')),
  misconfigured: () => Promise.reject(new ConfigurationError(['REDIS_URL: one', 'LANE_SHARDS: two'])),
  async asking() {
    const terminal = openTerminal()
    terminal.say((await terminal.ask('Really?')) ? 'yes it is' : 'no it is')
    return true
  },
  async unwatched() {
    const asked = { isAgreed: false, question: 'Really?', otherwise: 'nothing was done' }
    await requireAgreement(openTerminal(), asked)
    return true
  },
}

async function silent(): Promise<void> {}

const [end = ''] = process.argv.slice(2)
await runCommand(ENDS[end] ?? silent)
