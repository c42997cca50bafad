import { expect, test } from 'vitest'
import { ConfigurationError, readSettings } from '../src/read-settings.ts'
import { SETTINGS, type SettingName } from '../src/settings.ts'

const ALL = Object.keys(SETTINGS) as SettingName[]

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
  throw new Error('nothing was wrong')
}

test('without any variable every setting has its default', () => {
  const settings = readSettings({}, ALL)
  expect(settings).toMatchObject({
    REDIS_PREFIX: 'chatlane',
    REDIS_ALLOW_EVICTION: false,
    LANE_SHARDS: 1,
    TELEGRAM_BOT_TOKENS: [],
    TELEGRAM_API_ROOT: 'https://api.telegram.org',
    TELEGRAM_LIMIT_PER_SECOND: 30,
    TELEGRAM_LIMIT_CHAT_PER_SECOND: 1,
    TELEGRAM_LIMIT_GROUP_PER_MINUTE: 20,
    DROP_PENDING_UPDATES: false,
    OPENROUTER_BASE_URL: 'https://openrouter.ai/api/v1',
    OPENROUTER_MODEL: 'openai/gpt-4o-mini',
    OPENROUTER_IDLE_TIMEOUT_SECONDS: 60,
    CONTEXT_MAX_TOKENS: 8000,
    CONTEXT_TTL_SECONDS: 2_592_000,
    MERGE_WINDOW_MS: 300,
    WORKER_CONCURRENCY: 100,
    BIND_HOST: '127.0.0.1',
    MONITOR_USER: 'admin',
    MONITOR_WRITE: false,
    ASSISTANT: 'on',
    LOG_LEVEL: 'info',
  })
  for (const name of ['REDIS_URL', 'PUBLIC_URL', 'UPDATES', 'BUDGET_USD_PER_DAY', 'API_PORT'] as const) {
    expect(settings[name]).toBeUndefined()
  }
})

test('an empty or blank value counts as unset, and blanks around a value are no part of it', () => {
  const env = { MERGE_WINDOW_MS: '', LOG_LEVEL: '  ', OPENROUTER_MODEL: ' a/b ', ALLOWED_USERS: ' 1, 2 ,,' }
  expect(readSettings(env, ['MERGE_WINDOW_MS', 'LOG_LEVEL', 'OPENROUTER_MODEL', 'ALLOWED_USERS'])).toEqual({
    MERGE_WINDOW_MS: 300,
    LOG_LEVEL: 'info',
    OPENROUTER_MODEL: 'a/b',
    ALLOWED_USERS: ['1', '2'],
  })
})

test('every problem is told at once, a line each: the name, what was found, what is expected', () => {
  const env = { WORKER_CONCURRENCY: '0', GATEWAY_PORT: '65536', UPDATES: 'push', MERGE_WINDOW_MS: '1.5' }
  const problems = problemsOf(() => readSettings(env, ALL))
  expect([...problems].sort()).toEqual([
    'GATEWAY_PORT: found "65536", expected a port from 0 to 65535',
    'MERGE_WINDOW_MS: found "1.5", expected a whole number from 0 to 60000',
    'UPDATES: found "push", expected webhook or polling',
    'WORKER_CONCURRENCY: found "0", expected a whole number from 1 to 10000',
  ])
})

test('addresses are single ones, ranges, or a name that stands for some', () => {
  const read = (text: string) => readSettings({ WEBHOOK_SOURCES: text }, ['WEBHOOK_SOURCES']).WEBHOOK_SOURCES
  expect(read('telegram, 10.0.0.0/8,2001:db8::/32,::1')).toEqual([
    'telegram',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::1',
  ])
  for (const wrong of ['somewhere', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/9', '10.0.0.0/'])
    expect(() => read(wrong)).toThrow(ConfigurationError)
})

test('no problem shows a secret', () => {
  const secrets = ALL.filter((name) => 'secret' in SETTINGS[name])
  expect(secrets).toContain('TELEGRAM_BOT_TOKEN')
  const env = Object.fromEntries(secrets.map((name) => [name, 'hunter2 is no value']))
  const text = problemsOf(() => readSettings(env, ALL)).join('\n')
  expect(text).toContain('TELEGRAM_BOT_TOKEN: found (a secret, not shown)')
  expect(text).not.toContain('hunter2')
})

test.each([
  ['TELEGRAM_BOT_TOKEN', ['123456:AAbbCCddEEff', undefined], ['123456', 'abc:AAbbCCddEEff', '1:short']],
  ['TELEGRAM_BOT_TOKENS', ['1:AAbbCCddEEff,2:AAbbCCddEEff'], ['1:AAbbCCddEEff,x']],
  [
    'REDIS_URL',
    ['redis://h', 'rediss://h', 'redis+cluster://h', 'rediss+sentinel://h/x'],
    ['http://h', 'redis://'],
  ],
  ['REDIS_PREFIX', ['a.b_c-1'], ['a:b', '{a}', 'x'.repeat(65)]],
  ['PUBLIC_URL', ['https://a.b/'], ['a.b', 'ftp://a.b']],
  ['REDIS_ALLOW_EVICTION', ['true', 'false'], ['yes', '1']],
  ['BUDGET_USD_PER_DAY', ['0.5', '10'], ['0', '-1', 'ten', '1e3']],
  ['LANE_SHARDS', ['1', '64'], ['0', '65', '1.0', '-1']],
  ['ALLOWED_USERS', ['1,2'], ['@name', '-5']],
] as const)('%s takes what it understands and nothing else', (name, right, wrong) => {
  for (const value of right) expect(() => readSettings({ [name]: value }, [name])).not.toThrow()
  for (const value of wrong) expect(() => readSettings({ [name]: value }, [name])).toThrow(ConfigurationError)
})

test('problems of several variables together are told once each is right by itself', () => {
  const check = () => ['A: found nothing, expected B']
  expect(problemsOf(() => readSettings({}, ['LOG_LEVEL'], check))).toEqual(check())
  expect(problemsOf(() => readSettings({ LOG_LEVEL: 'loud' }, ['LOG_LEVEL'], check))).toHaveLength(1)
})

test('settings do not change after they were read', () => {
  expect(Object.isFrozen(readSettings({}, ['LOG_LEVEL']))).toBe(true)
})

test('queues beside ours are named with their prefix, which is bull where none is', () => {
  const read = (BOARD_QUEUES: string) => readSettings({ BOARD_QUEUES }, ['BOARD_QUEUES']).BOARD_QUEUES
  expect(read('')).toEqual([])
  expect(read('emails, {shop}:a:orders')).toEqual([
    { prefix: 'bull', name: 'emails' },
    { prefix: '{shop}:a', name: 'orders' },
  ])
  for (const wrong of ['emails:', ':', 'two words']) expect(() => read(wrong)).toThrow('BOARD_QUEUES')
})
