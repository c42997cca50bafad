/** The worker's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import type { SpendLimits } from '@chatlane/chats'
import {
  BOT_SETTINGS,
  botSettingProblems,
  botTokens,
  handlerFiles,
  handlerProblems,
  limitsOfBots,
  missingSettings,
  PER_BOT_SETTINGS,
  problemLine,
  readSettings,
  SERVICE_SETTINGS,
  type Settings,
  serviceConfig,
  settingsOfBot,
} from '@chatlane/runtime'
import { readTexts } from './read-texts.ts'

/** The settings of one bot. */
export type BotConfig = ReturnType<typeof botConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      ...SERVICE_SETTINGS,
      ...BOT_SETTINGS,
      ...PER_BOT_SETTINGS,
      'OPENROUTER_API_KEY',
      'OPENROUTER_BASE_URL',
      'OPENROUTER_IDLE_TIMEOUT_SECONDS',
      'OPENROUTER_CONTINUE_MODELS',
      'OPENROUTER_MAX_CONCURRENT',
      'OPENROUTER_BREAKER_FAULTS',
      'OPENROUTER_APP_URL',
      'OPENROUTER_APP_TITLE',
      'CONTEXT_TTL_SECONDS',
      'TEXTS',
      'MERGE_WINDOW_MS',
      'WORKER_CONCURRENCY',
      'HANDLERS',
      'HANDLER_TIMEOUT_SECONDS',
      'SESSION_TTL_SECONDS',
      'WORKER_METRICS_PORT',
    ],
    (found) => {
      const botIds = [...botTokens(found).keys()]
      const problems = [
        ...missingSettings(found),
        ...handlerProblems(found),
        ...botSettingProblems(process.env, botIds),
        ...readTexts(found.TEXTS).problems,
      ]
      const ofBots = botIds.map((botId) => settingsOfBot(process.env, found, botId))
      const isModelNeeded = (ofBots.length > 0 ? ofBots : [found]).some(({ ASSISTANT }) => ASSISTANT === 'on')
      if (isModelNeeded && !found.OPENROUTER_API_KEY) {
        problems.push(
          problemLine({ name: 'OPENROUTER_API_KEY', found: undefined, expected: 'the key of OpenRouter' }),
        )
      }
      return problems
    },
  )
  const tokens = botTokens(settings)
  return {
    ...serviceConfig(settings),
    tokens,
    bots: new Map(
      [...tokens.keys()].map((botId) => [botId, botConfig(settingsOfBot(process.env, settings, botId))]),
    ),
    limits: limitsOfBots(process.env, settings),
    apiRoot: settings.TELEGRAM_API_ROOT,
    openRouter: {
      apiKey: settings.OPENROUTER_API_KEY ?? '',
      baseUrl: settings.OPENROUTER_BASE_URL,
      idleTimeoutMs: (settings.OPENROUTER_IDLE_TIMEOUT_SECONDS ?? 60) * 1000,
      appTitle: settings.OPENROUTER_APP_TITLE,
      ...(settings.OPENROUTER_APP_URL !== undefined && { appUrl: settings.OPENROUTER_APP_URL }),
    },
    mostRequests: settings.OPENROUTER_MAX_CONCURRENT,
    breakerFaults: settings.OPENROUTER_BREAKER_FAULTS,
    continueModels: settings.OPENROUTER_CONTINUE_MODELS,
    texts: readTexts(settings.TEXTS).texts,
    contextTtlSeconds: settings.CONTEXT_TTL_SECONDS,
    quietMs: settings.MERGE_WINDOW_MS,
    concurrency: settings.WORKER_CONCURRENCY,
    metricsPort: settings.WORKER_METRICS_PORT ?? 0,
    handlers: handlerFiles(settings),
    handlerTimeoutMs: settings.HANDLER_TIMEOUT_SECONDS * 1000,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
  }
}

/** What each bot may have of its own. */
function botConfig(settings: Settings<(typeof PER_BOT_SETTINGS)[number]>) {
  return {
    isAssistantOn: settings.ASSISTANT === 'on',
    systemPrompt: settings.SYSTEM_PROMPT,
    isSystemPromptFixed: settings.SYSTEM_PROMPT_FIXED,
    contextMaxTokens: settings.CONTEXT_MAX_TOKENS,
    streaming: settings.STREAMING,
    model: settings.OPENROUTER_MODEL,
    fallbackModels: settings.OPENROUTER_FALLBACK_MODELS,
    offeredModels: settings.MODELS,
    transcriptionModel: settings.TRANSCRIPTION_MODEL === 'off' ? undefined : settings.TRANSCRIPTION_MODEL,
    summaryModel: settings.SUMMARY_MODEL,
    allowedUsers: new Set(settings.ALLOWED_USERS),
    deniedUsers: new Set(settings.DENIED_USERS),
    spendLimits: spendLimits(settings),
  }
}

/** What each may spend. A cooldown of no length is none. */
function spendLimits(settings: Settings<(typeof PER_BOT_SETTINGS)[number]>): SpendLimits {
  return {
    bot: {
      usdPerDay: settings.BUDGET_USD_PER_DAY,
      usdPerMonth: settings.BUDGET_USD_PER_MONTH,
      tokensPerDay: settings.BUDGET_TOKENS_PER_DAY,
      tokensPerMonth: settings.BUDGET_TOKENS_PER_MONTH,
    },
    user: {
      usdPerDay: settings.USER_BUDGET_USD_PER_DAY,
      usdPerMonth: settings.USER_BUDGET_USD_PER_MONTH,
      tokensPerDay: settings.USER_BUDGET_TOKENS_PER_DAY,
      tokensPerMonth: settings.USER_BUDGET_TOKENS_PER_MONTH,
    },
    chat: {
      usdPerDay: settings.CHAT_BUDGET_USD_PER_DAY,
      usdPerMonth: settings.CHAT_BUDGET_USD_PER_MONTH,
      tokensPerDay: settings.CHAT_BUDGET_TOKENS_PER_DAY,
      tokensPerMonth: settings.CHAT_BUDGET_TOKENS_PER_MONTH,
    },
    cooldownMs: (settings.COOLDOWN_SECONDS ?? 0) * 1000,
  }
}
