/** Errors of promises that an author's code did not wait for. */
import type { Log } from '@chatlane/runtime'

/**
 * From now on they are logged. Plain Node would end the process: here other chats' turns would end with it, and the update
 * that is run again elsewhere would end the next worker.
 */
export function surviveStrayErrors(log: Log): void {
  process.on('unhandledRejection', (error) => {
    const err = error instanceof Error ? error : undefined
    log.error({ err }, 'an error that no code of the bot waited for')
  })
}
