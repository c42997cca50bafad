import { expect, test } from 'vitest'
import { readSettings } from '../src/read-settings.ts'
import { BOT_SETTINGS, botTokens, missingSettings, SERVICE_SETTINGS } from '../src/service-settings.ts'

test('a bot named twice is one bot, and its id is what stands before the colon', () => {
  const settings = readSettings(
    { TELEGRAM_BOT_TOKEN: '1:AAAAAAAAAA', TELEGRAM_BOT_TOKENS: '1:AAAAAAAAAA, 22:BBBBBBBBBB' },
    BOT_SETTINGS,
  )
  expect([...botTokens(settings)]).toEqual([
    ['1', '1:AAAAAAAAAA'],
    ['22', '22:BBBBBBBBBB'],
  ])
})

test('a service without Redis and without a bot is told both', () => {
  const settings = readSettings({}, [...SERVICE_SETTINGS, ...BOT_SETTINGS])
  expect(missingSettings(settings).map((line) => line.split(':')[0])).toEqual([
    'REDIS_URL',
    'TELEGRAM_BOT_TOKEN',
  ])
})

test('a service that has no bots of its own needs none', () => {
  expect(missingSettings(readSettings({ REDIS_URL: 'redis://localhost' }, SERVICE_SETTINGS))).toEqual([])
})
