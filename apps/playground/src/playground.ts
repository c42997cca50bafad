/** Starts the playground as a whole: the simulators, the server, and the word to the other services. */

import type { Log, Running } from '@chatlane/runtime'
import { isLoopback } from '@chatlane/runtime'
import { createOpenRouterSimulator, type OpenRouterSimulator } from '@chatlane/simulators'
import type { PlaygroundConfig } from './config.ts'
import { createServer } from './server.ts'
import { BOT, openTelegram } from './telegram.ts'
import type { ServiceSettings } from './tell-launcher.ts'

/** A playground that listens. */
export interface Playground extends Running {
  /** `http://host:port` of the page. */
  address: string
  /** What leads the other services to the simulators. */
  settings: ServiceSettings
}

/** What the simulated OpenRouter takes for a key: any. */
const MODEL_KEY = 'playground'

/** Starts it; `tell` hears the settings before the log says that the playground listens. */
export async function startPlayground(parts: {
  config: PlaygroundConfig
  log: Log
  tell: (settings: ServiceSettings) => Promise<void>
}): Promise<Playground> {
  const { config, log } = parts
  const telegram = await openTelegram()
  const model = config.model === 'simulated' ? await createOpenRouterSimulator() : undefined
  const server = await createServer({ config, telegram, log })
  const stop = async () => {
    await server.close()
    await Promise.all([telegram.close(), model?.close()])
  }
  try {
    const address = await server.listen({ host: config.host, port: config.port })
    const settings = {
      TELEGRAM_BOT_TOKEN: BOT.token,
      TELEGRAM_API_ROOT: telegram.url,
      ...(model && modelSettings(model)),
    }
    await parts.tell(settings)
    if (config.model === 'real' && !isLoopback(config.host)) {
      log.warn({ host: config.host }, 'whoever reaches the page spends the credits of OPENROUTER_API_KEY')
    }
    log.info({ address }, 'playground listens')
    return { address, settings, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function modelSettings(model: OpenRouterSimulator): ServiceSettings {
  return { OPENROUTER_API_KEY: MODEL_KEY, OPENROUTER_BASE_URL: model.url }
}
