/** The monitor: Bull Board and the installation's metrics. */
import { createLog, runService } from '@chatlane/runtime'
import { readConfig } from './config.ts'
import { startMonitor } from './monitor.ts'

await runService(async () => {
  const config = readConfig()
  const log = createLog({ service: 'monitor', level: config.logLevel })
  return { log, running: await startMonitor({ config, log }) }
})
