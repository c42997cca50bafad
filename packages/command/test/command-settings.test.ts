import { readSettings } from '@chatlane/runtime'
import { expect, test } from 'vitest'
import { COMMAND_SETTINGS, commandConfig, missingAddress } from '../src/command-settings.ts'

const read = (env: Record<string, string>) =>
  commandConfig(readSettings(env, COMMAND_SETTINGS, missingAddress))

test('a command knows where it works and whose tokens are set, and no token', () => {
  const installation = { REDIS_URL: 'redis://127.0.0.1:1', REDIS_PREFIX: 'mine', LANE_SHARDS: '4' }
  const tokens = {
    TELEGRAM_BOT_TOKEN: '7:AAAAAAAAAAAAAAAAAAAA',
    TELEGRAM_BOT_TOKENS: '8:BBBBBBBBBBBBBBBBBBBB',
  }
  expect(read({ ...installation, ...tokens })).toEqual({
    ...{ redisUrl: 'redis://127.0.0.1:1', redisPrefix: 'mine', shards: 4 },
    botIds: ['7', '8'],
  })
})

test('without a token it has no bots, without an address of Redis it can not be', () => {
  expect(read({ REDIS_URL: 'redis://127.0.0.1:1' }).botIds).toEqual([])
  expect(() => read({})).toThrow(/^REDIS_URL: found nothing, expected the address of Redis$/)
})
