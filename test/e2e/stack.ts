/** The whole product as processes, between simulators that run in the test. */
import {
  createOpenRouterSimulator,
  createTelegramSimulator,
  type OpenRouterSimulator,
  type OpenRouterSimulatorOptions,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
} from '@chatlane/simulators'
import { openTestRedis, type TestRedis } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import { type ServiceName, type ServiceProcess, startServiceProcess } from './service-process.ts'

/** The token of the bot of every test. */
export const TOKEN = '7001:AAtest-token-of-the-end-to-end-runs'
/** The key that a test's services have. */
export const API_KEY = 'sk-or-v1-test-key-of-the-end-to-end-runs'

/** What a test works with. */
export interface Stack {
  telegram: TelegramSimulator
  model: OpenRouterSimulator
  redis: TestRedis
  /** Starts a service and waits until it listens. */
  start(name: ServiceName, environment?: Record<string, string>): Promise<ServiceProcess>
  /** The services that run now. */
  running(): ServiceProcess[]
}

/** Opens simulators and a key prefix; whatever was started ends with the test. */
export async function openStack(options: {
  /** Default: the run's Redis, which is never restarted. */
  redis?: TestRedis
  telegram?: TelegramSimulatorOptions
  model?: OpenRouterSimulatorOptions
  environment?: Record<string, string>
}): Promise<Stack> {
  const { redis = openTestRedis() } = options
  const telegram = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'lane_bot', firstName: 'Lane' }],
    ...options.telegram,
  })
  const model = await createOpenRouterSimulator({
    apiKeys: [API_KEY],
    answers: 'hash',
    firstTokenMs: [5, 10],
    totalMs: [10, 30],
    seed: 1,
    ...options.model,
  })
  const services = new Set<ServiceProcess>()
  onTestFinished(async () => {
    await Promise.all([...services].map((service) => service.kill()))
    await Promise.all([telegram.close(), model.close()])
  })
  return {
    telegram,
    model,
    redis,
    running: () => [...services],
    async start(name, environment = {}) {
      const service = startServiceProcess(name, {
        REDIS_URL: redis.url,
        REDIS_PREFIX: redis.prefix,
        TELEGRAM_BOT_TOKEN: TOKEN,
        TELEGRAM_API_ROOT: telegram.url,
        OPENROUTER_API_KEY: API_KEY,
        OPENROUTER_BASE_URL: model.url,
        GATEWAY_PORT: '0',
        MONITOR_PORT: '0',
        ...options.environment,
        ...environment,
      })
      services.add(service)
      service.ended.then(() => services.delete(service))
      await service.address
      return service
    },
  }
}
