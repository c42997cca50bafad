/** The environment that a bot under test runs in. */
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { passedOn } from './config.ts'

/** The token of every bot under test. */
export const TOKEN = '7001:AAtoken-of-a-bot-under-test'
/** What the simulated model takes for a key. */
export const API_KEY = 'sk-or-v1-key-of-a-bot-under-test'

/** As fast as it goes and complete at once, unless a test says otherwise. */
const DEFAULTS = {
  TELEGRAM_LIMIT_PER_SECOND: '10000',
  TELEGRAM_LIMIT_CHAT_PER_SECOND: '10000',
  TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1000000',
  MERGE_WINDOW_MS: '0',
  STREAMING: 'off',
}

/** The variables of each process: those of the tests, what the test gives, and what the kit must be sure of. */
export function botEnvironment(parts: {
  options: { handlers: string | URL; environment?: Record<string, string> }
  redis: { url: string; prefix: string }
  telegram: { url: string }
  model: { url: string } | undefined
}): Record<string, string> {
  const { options, redis, telegram, model } = parts
  return {
    ...passedOn(),
    ...DEFAULTS,
    ASSISTANT: model ? 'on' : 'off',
    ...options.environment,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    GATEWAY_PORT: '0',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    HANDLERS: handlersEntry(options.handlers),
    ...(model && { OPENROUTER_API_KEY: API_KEY, OPENROUTER_BASE_URL: model.url }),
  }
}

/** The module as HANDLERS takes it, where a comma would begin the next one. */
function handlersEntry(handlers: string | URL): string {
  const isUrl = handlers instanceof URL || handlers.startsWith('file:')
  const path = isUrl ? fileURLToPath(handlers) : resolve(handlers)
  return path.includes(',') ? pathToFileURL(path).href.replaceAll(',', '%2C') : path
}
