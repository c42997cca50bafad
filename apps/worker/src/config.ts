/** The worker's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { problemLine, readSettings } from '@chatlane/runtime'
import { botIdOf } from '@chatlane/telegram'

/** The settings after validation. */
export type WorkerConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      'REDIS_URL',
      'REDIS_PREFIX',
      'REDIS_ALLOW_EVICTION',
      'LANE_SHARDS',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_BOT_TOKENS',
      'TELEGRAM_API_ROOT',
      'TELEGRAM_LIMIT_PER_SECOND',
      'TELEGRAM_LIMIT_CHAT_PER_SECOND',
      'TELEGRAM_LIMIT_GROUP_PER_MINUTE',
      'OPENROUTER_API_KEY',
      'OPENROUTER_BASE_URL',
      'OPENROUTER_MODEL',
      'OPENROUTER_FALLBACK_MODELS',
      'OPENROUTER_IDLE_TIMEOUT_SECONDS',
      'SYSTEM_PROMPT',
      'CONTEXT_MAX_TOKENS',
      'CONTEXT_TTL_SECONDS',
      'MERGE_WINDOW_MS',
      'WORKER_CONCURRENCY',
      'ALLOWED_USERS',
      'BUDGET_USD_PER_DAY',
      'HANDLERS',
      'ASSISTANT',
      'BIND_HOST',
      'WORKER_METRICS_PORT',
      'LOG_LEVEL',
    ],
    (found) => {
      const problems: string[] = []
      const missing = (name: string, expected: string) =>
        problems.push(problemLine({ name, found: undefined, expected }))
      if (!found.REDIS_URL) missing('REDIS_URL', 'the address of Redis')
      if (!found.TELEGRAM_BOT_TOKEN && found.TELEGRAM_BOT_TOKENS.length === 0)
        missing('TELEGRAM_BOT_TOKEN', "a bot's token")
      if (found.HANDLERS !== undefined || found.ASSISTANT === 'off') {
        const [name, value] =
          found.HANDLERS === undefined ? ['ASSISTANT', 'off'] : ['HANDLERS', found.HANDLERS]
        problems.push(
          problemLine({
            name,
            found: value,
            expected: "nothing: this version does not run authors' handlers yet",
          }),
        )
      } else if (!found.OPENROUTER_API_KEY) missing('OPENROUTER_API_KEY', 'the key of OpenRouter')
      return problems
    },
  )
  const tokens = [...new Set([settings.TELEGRAM_BOT_TOKEN ?? [], settings.TELEGRAM_BOT_TOKENS].flat())]
  return {
    redisUrl: settings.REDIS_URL ?? '',
    redisPrefix: settings.REDIS_PREFIX,
    allowEviction: settings.REDIS_ALLOW_EVICTION,
    shards: settings.LANE_SHARDS,
    tokens: new Map(tokens.map((token) => [botIdOf(token) ?? '', token])),
    apiRoot: settings.TELEGRAM_API_ROOT,
    limits: {
      botPerSecond: settings.TELEGRAM_LIMIT_PER_SECOND ?? 30,
      chatPerSecond: settings.TELEGRAM_LIMIT_CHAT_PER_SECOND ?? 1,
      chatBurst: 3,
      groupPerMinute: settings.TELEGRAM_LIMIT_GROUP_PER_MINUTE,
    },
    openRouter: {
      apiKey: settings.OPENROUTER_API_KEY ?? '',
      baseUrl: settings.OPENROUTER_BASE_URL,
      model: settings.OPENROUTER_MODEL,
      fallbackModels: settings.OPENROUTER_FALLBACK_MODELS,
      idleTimeoutMs: (settings.OPENROUTER_IDLE_TIMEOUT_SECONDS ?? 60) * 1000,
    },
    systemPrompt: settings.SYSTEM_PROMPT,
    contextMaxTokens: settings.CONTEXT_MAX_TOKENS,
    contextTtlSeconds: settings.CONTEXT_TTL_SECONDS,
    quietMs: settings.MERGE_WINDOW_MS,
    concurrency: settings.WORKER_CONCURRENCY,
    allowedUsers: new Set(settings.ALLOWED_USERS),
    budgetUsdPerDay: settings.BUDGET_USD_PER_DAY,
    host: settings.BIND_HOST,
    metricsPort: settings.WORKER_METRICS_PORT ?? 0,
    logLevel: settings.LOG_LEVEL,
  }
}
