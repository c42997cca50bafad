/** The life of a service process: started once, stopped by a signal within a bound, ended at once by a second signal. */
import type { Log } from './log.ts'
import { ConfigurationError } from './read-settings.ts'

/** A started part of a service. */
export interface Running {
  /** Takes no new work, finishes or hands back what is held, closes everything. */
  stop(): Promise<void>
}

/** How long a service may take to stop before the process ends with 1. */
export const STOP_WITHIN_MS = 25_000

/**
 * Runs `start` and keeps the process alive until SIGTERM, SIGINT, or the loss of the parent that launched it over IPC.
 * A configuration problem is printed a line each and exits with 1; any other failure of `start` is logged and exits with 1.
 */
export async function runService(start: () => Promise<{ log: Log; running: Running }>): Promise<void> {
  let service: { log: Log; running: Running }
  try {
    service = await start()
  } catch (error) {
    reportFailedStart(error)
    process.exit(1)
  }
  const { log, running } = service
  let stopping = false
  const stop = async (cause: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ cause }, 'stopping')
    const bound = setTimeout(() => {
      log.error('did not stop in time')
      process.exit(1)
    }, STOP_WITHIN_MS)
    try {
      await running.stop()
      clearTimeout(bound)
      log.info('stopped')
      process.exit(0)
    } catch (error) {
      log.error({ err: error }, 'stopping failed')
      process.exit(1)
    }
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  if (process.connected) process.on('disconnect', () => void stop('the launcher is gone'))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a fault that nothing expected')
    process.exit(1)
  })
}

function reportFailedStart(error: unknown): void {
  const lines =
    error instanceof ConfigurationError ? error.problems : [String((error as Error)?.message ?? error)]
  for (const line of lines) process.stderr.write(`${line}\n`)
}
