/** The settings that every service has, and what they come to. */
import { problemLine, type Settings } from './read-settings.ts'

/** The variables that every service reads. */
export const SERVICE_SETTINGS = [
  'REDIS_URL',
  'REDIS_PREFIX',
  'REDIS_ALLOW_EVICTION',
  'LANE_SHARDS',
  'BIND_HOST',
  'LOG_LEVEL',
] as const

/** The variables that name the bots. */
export const BOT_SETTINGS = ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_BOT_TOKENS', 'TELEGRAM_API_ROOT'] as const

/** The variables that name Telegram's budgets. */
export const LIMIT_SETTINGS = [
  'TELEGRAM_LIMIT_PER_SECOND',
  'TELEGRAM_LIMIT_CHAT_PER_SECOND',
  'TELEGRAM_LIMIT_GROUP_PER_MINUTE',
] as const

/** A private chat takes so many calls at once before its refill counts (contract, table of budgets). */
const CHAT_BURST = 3

/** One line for each of the given variables that is needed and not set. */
export function missingSettings(
  found: Partial<Settings<(typeof SERVICE_SETTINGS)[number] | (typeof BOT_SETTINGS)[number]>>,
): string[] {
  const problems: string[] = []
  const missing = (name: string, expected: string) =>
    problems.push(problemLine({ name, found: undefined, expected }))
  if (!found.REDIS_URL) missing('REDIS_URL', 'the address of Redis')
  if (found.TELEGRAM_BOT_TOKENS?.length === 0 && !found.TELEGRAM_BOT_TOKEN)
    missing('TELEGRAM_BOT_TOKEN', "a bot's token")
  return problems
}

/** Where a service works and how it talks. */
export function serviceConfig(settings: Settings<(typeof SERVICE_SETTINGS)[number]>) {
  return {
    redisUrl: settings.REDIS_URL ?? '',
    redisPrefix: settings.REDIS_PREFIX,
    allowEviction: settings.REDIS_ALLOW_EVICTION,
    shards: settings.LANE_SHARDS,
    host: settings.BIND_HOST,
    logLevel: settings.LOG_LEVEL,
  }
}

/** The tokens by the ids of their bots, which are what stands before a token's colon. */
export function botTokens(settings: Settings<(typeof BOT_SETTINGS)[number]>): Map<string, string> {
  const tokens = [settings.TELEGRAM_BOT_TOKEN ?? [], settings.TELEGRAM_BOT_TOKENS].flat()
  return new Map(tokens.map((token) => [token.slice(0, token.indexOf(':')), token]))
}

/** Telegram's budgets for each bot. */
export function telegramLimits(settings: Settings<(typeof LIMIT_SETTINGS)[number]>) {
  return {
    botPerSecond: settings.TELEGRAM_LIMIT_PER_SECOND ?? 30,
    chatPerSecond: settings.TELEGRAM_LIMIT_CHAT_PER_SECOND ?? 1,
    chatBurst: CHAT_BURST,
    groupPerMinute: settings.TELEGRAM_LIMIT_GROUP_PER_MINUTE,
  }
}
