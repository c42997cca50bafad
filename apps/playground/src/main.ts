/** The playground: Telegram (and the model) simulated, with a page to write to the bot. */
import { createLog, runService } from '@chatlane/runtime'
import { readConfig } from './config.ts'
import { startPlayground } from './playground.ts'
import { tellLauncher } from './tell-launcher.ts'

await runService(async () => {
  const config = readConfig()
  const log = createLog({ service: 'playground', level: config.logLevel })
  return { log, running: await startPlayground({ config, log, tell: tellLauncher(log) }) }
})
