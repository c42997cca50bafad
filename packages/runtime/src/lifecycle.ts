/** The life of a service process: started once, stopped by a signal within a bound, ended at once by a second signal. */
import type { Log } from './log.ts'
import { ConfigurationError } from './read-settings.ts'

/** A started part of a service. */
export interface Running {
  /** Takes no new work, finishes or hands back what is held, closes everything. */
  stop(): Promise<void>
}

/**
 * Signals that follow each other within this time are one: a terminal sends Ctrl+C to the whole group, and pnpm and its
 * shell pass it on as well.
 */
export const ONE_SIGNAL_MS = 1000

/** How long a service may take to stop before the process ends with 1. */
export const STOP_WITHIN_MS = 25_000

/**
 * Runs `start` and keeps the process alive until SIGTERM, SIGINT, or the loss of the parent that launched it over IPC.
 * A configuration problem is printed a line each and exits with 1; any other failure of `start` is logged and exits with 1.
 */
export async function runService(start: () => Promise<{ log: Log; running: Running }>): Promise<void> {
  const isLaunched = process.connected
  // What starts may wait for Redis for ever; nobody waits for it any more.
  const giveUp = () => end(1, { isOrphan: true })
  if (isLaunched) process.once('disconnect', giveUp)
  let service: { log: Log; running: Running }
  try {
    service = await start()
  } catch (error) {
    reportFailedStart(error)
    process.exit(1)
  }
  process.off('disconnect', giveUp)
  const { log, running } = service
  let stoppingSince: number | undefined
  const stop = async (cause: string) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > ONE_SIGNAL_MS) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    log.info({ cause }, 'stopping')
    const bound = setTimeout(() => {
      log.error('did not stop in time')
      process.exit(1)
    }, STOP_WITHIN_MS)
    let code = 0
    try {
      await running.stop()
      log.info('stopped')
    } catch (error) {
      code = 1
      log.error({ err: error }, 'stopping failed')
    } finally {
      clearTimeout(bound)
      end(code, { isOrphan: isLaunched && !process.connected })
    }
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  if (isLaunched) {
    process.on('disconnect', () => void stop('the launcher is gone'))
    // It may have gone while the service started.
    if (!process.connected) void stop('the launcher is gone')
  }
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a fault that nothing expected')
    process.exit(1)
  })
}

/**
 * Ends the process. Where the launcher is gone, so are the pipes of its output, and on Node 24 `process.exit` was seen
 * to hang in the runtime then; everything is stopped already, and nobody reads the exit code.
 */
function end(code: number, options: { isOrphan: boolean }): void {
  if (options.isOrphan) process.kill(process.pid, 'SIGKILL')
  else process.exit(code)
}

function reportFailedStart(error: unknown): void {
  const lines =
    error instanceof ConfigurationError ? error.problems : [String((error as Error)?.message ?? error)]
  for (const line of lines) process.stderr.write(`${line}\n`)
}
