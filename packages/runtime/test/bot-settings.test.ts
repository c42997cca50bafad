import { expect, test } from 'vitest'
import { botSettingProblems, limitsOfBots, PER_BOT_SETTINGS, settingsOfBot } from '../src/bot-settings.ts'
import { readSettings } from '../src/read-settings.ts'
import { BOT_SETTINGS, LIMIT_SETTINGS } from '../src/service-settings.ts'

test('a bot has its own settings where they are given, and else those of all', () => {
  const env = {
    SYSTEM_PROMPT: 'Be kind.',
    SYSTEM_PROMPT_22: 'Be brief.',
    ASSISTANT_22: 'off',
    ALLOWED_USERS_1: '5, 6',
    BUDGET_USD_PER_DAY_1: ' ',
  }
  const shared = readSettings(env, PER_BOT_SETTINGS)
  expect(settingsOfBot(env, shared, '1')).toEqual({ ...shared, ALLOWED_USERS: ['5', '6'] })
  expect(settingsOfBot(env, shared, '22')).toEqual({
    ...shared,
    SYSTEM_PROMPT: 'Be brief.',
    ASSISTANT: 'off',
  })
})

test('a setting that a service does not read is none of its bots either', () => {
  const env = { SYSTEM_PROMPT_1: 'Be brief.', STREAMING_1: 'off' }
  expect(settingsOfBot(env, readSettings(env, ['STREAMING']), '1')).toEqual({ STREAMING: 'off' })
})

test('each bot has budgets of its own', () => {
  const env = {
    TELEGRAM_BOT_TOKENS: '1:AAAAAAAAAA,22:BBBBBBBBBB',
    TELEGRAM_LIMIT_PER_SECOND: '25',
    TELEGRAM_LIMIT_PER_SECOND_22: '1000',
  }
  const limits = limitsOfBots(env, readSettings(env, [...BOT_SETTINGS, ...LIMIT_SETTINGS]))
  expect([limits.get('1')?.botPerSecond, limits.get('22')?.botPerSecond]).toEqual([25, 1000])
})

test('what is malformed and what is a stranger’s is told, one line each', () => {
  const env = {
    STREAMING_1: 'sometimes',
    SYSTEM_PROMPT_3: 'Be brief.',
    SYSTEM_PROMPT_1: 'Be brief.',
    TELEGRAM_BOT_TOKEN_9: 'no such setting of one bot',
  }
  expect(botSettingProblems(env, ['1', '22'])).toEqual([
    'STREAMING_1: found "sometimes", expected edit, off or draft',
    'SYSTEM_PROMPT_3: found bot 3, expected the id of one of the bots',
  ])
})
