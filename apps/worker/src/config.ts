/** The worker's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botTokens,
  handlerFiles,
  handlerProblems,
  LIMIT_SETTINGS,
  missingSettings,
  problemLine,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
  telegramLimits,
} from '@chatlane/runtime'

/** The settings after validation. */
export type WorkerConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      ...SERVICE_SETTINGS,
      ...BOT_SETTINGS,
      ...LIMIT_SETTINGS,
      'OPENROUTER_API_KEY',
      'OPENROUTER_BASE_URL',
      'OPENROUTER_MODEL',
      'OPENROUTER_FALLBACK_MODELS',
      'OPENROUTER_IDLE_TIMEOUT_SECONDS',
      'SYSTEM_PROMPT',
      'CONTEXT_MAX_TOKENS',
      'CONTEXT_TTL_SECONDS',
      'MERGE_WINDOW_MS',
      'STREAMING',
      'WORKER_CONCURRENCY',
      'ALLOWED_USERS',
      'BUDGET_USD_PER_DAY',
      'HANDLERS',
      'ASSISTANT',
      'HANDLER_TIMEOUT_SECONDS',
      'SESSION_TTL_SECONDS',
      'WORKER_METRICS_PORT',
    ],
    (found) => {
      const problems = [...missingSettings(found), ...handlerProblems(found)]
      if (found.ASSISTANT === 'on' && !found.OPENROUTER_API_KEY) {
        problems.push(
          problemLine({ name: 'OPENROUTER_API_KEY', found: undefined, expected: 'the key of OpenRouter' }),
        )
      }
      return problems
    },
  )
  return {
    ...serviceConfig(settings),
    tokens: botTokens(settings),
    apiRoot: settings.TELEGRAM_API_ROOT,
    limits: telegramLimits(settings),
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
    streaming: settings.STREAMING,
    concurrency: settings.WORKER_CONCURRENCY,
    allowedUsers: new Set(settings.ALLOWED_USERS),
    budgetUsdPerDay: settings.BUDGET_USD_PER_DAY,
    metricsPort: settings.WORKER_METRICS_PORT ?? 0,
    isAssistantOn: settings.ASSISTANT === 'on',
    handlers: handlerFiles(settings),
    handlerTimeoutMs: settings.HANDLER_TIMEOUT_SECONDS * 1000,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
  }
}
