/** Hands the settings that lead to the simulators to whoever starts the other services. */
import type { Log } from '@chatlane/runtime'

/** Settings of the other services, by their names in the environment. */
export type ServiceSettings = Record<string, string>

/** Sends the settings over IPC; without a launcher, logs where the simulators are. */
export function tellLauncher(log: Log): (settings: ServiceSettings) => Promise<void> {
  return async (settings) => {
    if (!process.send) {
      const { TELEGRAM_API_ROOT: telegram, OPENROUTER_BASE_URL: openRouter } = settings
      log.info({ telegram, openRouter }, 'the simulators listen')
      return
    }
    await new Promise<void>((resolve, reject) => {
      process.send?.(settings, (error: Error | null) => (error ? reject(error) : resolve()))
    })
  }
}
