/** Errors of promises that an author's code did not wait for. */
import type { Log } from '@chatlane/runtime'

let isSurviving = false

/**
 * From now on they are logged, however often this is called. Plain Node would end the process: here other chats' turns
 * would end with it, and the update that is run again elsewhere would end the next worker.
 */
export function surviveStrayErrors(log: Log): void {
  if (isSurviving) return
  isSurviving = true
  process.on('unhandledRejection', (error) => {
    const err = error instanceof Error ? error : undefined
    log.error({ err }, 'an error that no code of the bot waited for')
  })
}
