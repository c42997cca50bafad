/** Settings of which each of several bots may have its own: `<NAME>_<bot id>` stands for one bot, `<NAME>` for the others. */
import { problemLine, readValue, type Settings } from './read-settings.ts'
import { type BOT_SETTINGS, botTokens, LIMIT_SETTINGS, telegramLimits } from './service-settings.ts'
import type { SettingName } from './settings.ts'
import { SPEND_SETTING_NAMES } from './spend-settings.ts'

type Environment = Record<string, string | undefined>

/** The variables that may be given for one bot. */
export const PER_BOT_SETTINGS = [
  'ASSISTANT',
  'SYSTEM_PROMPT',
  'SYSTEM_PROMPT_FIXED',
  'OPENROUTER_MODEL',
  'OPENROUTER_FALLBACK_MODELS',
  'MODELS',
  'TRANSCRIPTION_MODEL',
  'SUMMARY_MODEL',
  'CONTEXT_MAX_TOKENS',
  'STREAMING',
  ...SPEND_SETTING_NAMES,
  ...LIMIT_SETTINGS,
] as const satisfies readonly SettingName[]

const FOR_ONE_BOT = new RegExp(`^(${PER_BOT_SETTINGS.join('|')})_(\\d{1,20})$`)

/** One line for each variable of one bot that is malformed, or whose bot is none of `botIds`. */
export function botSettingProblems(env: Environment, botIds: Iterable<string>): string[] {
  const bots = new Set(botIds)
  return Object.entries(env).flatMap(([key, raw]) => {
    const [, name, botId = ''] = FOR_ONE_BOT.exec(key) ?? []
    if (name === undefined || raw?.trim() === '') return []
    if (!bots.has(botId)) {
      return [problemLine({ name: key, found: `bot ${botId}`, expected: 'the id of one of the bots' })]
    }
    const read = readValue(name as SettingName, raw)
    return 'expected' in read ? [problemLine({ name: key, ...read })] : []
  })
}

/** `shared` as it is for one bot. What is malformed was told by `botSettingProblems`, and is as for all. */
export function settingsOfBot<N extends SettingName>(
  env: Environment,
  shared: Settings<N>,
  botId: string,
): Settings<N> {
  const own: Partial<Record<SettingName, unknown>> = {}
  for (const name of PER_BOT_SETTINGS) {
    const raw = env[`${name}_${botId}`]?.trim()
    if (!raw || !(name in shared)) continue
    const read = readValue(name, raw)
    if ('value' in read) own[name] = read.value
  }
  return Object.freeze({ ...shared, ...own }) as Settings<N>
}

/** Telegram's budgets by the bots' ids. */
export function limitsOfBots(
  env: Environment,
  settings: Settings<(typeof BOT_SETTINGS)[number] | (typeof LIMIT_SETTINGS)[number]>,
): Map<string, ReturnType<typeof telegramLimits>> {
  const botIds = [...botTokens(settings).keys()]
  return new Map(botIds.map((botId) => [botId, telegramLimits(settingsOfBot(env, settings, botId))]))
}
