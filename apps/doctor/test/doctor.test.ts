import { fileURLToPath } from 'node:url'
import { startRedisServer } from '@chatlane/embedded-redis'
import { createOpenRouterSimulator, createTelegramSimulator } from '@chatlane/simulators'
import { openTestRedis, startCommand } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TOKEN = '7001:AAtoken-of-the-doctors-bot'
const SECRET = 'AAtoken-of-the-doctors-bot'
const KEY = 'sk-or-v1-key-of-the-doctor'

/** An installation's neighbours, and the command as a process that is told of them, and of what `env` changes. */
async function openDoctor(options: { creditsUsd?: number } = {}) {
  const { url } = openTestRedis()
  const telegram = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'lane_bot', firstName: 'Lane' }],
  })
  const model = await createOpenRouterSimulator({ apiKeys: [KEY], ...options })
  onTestFinished(async () => void (await Promise.all([telegram.close(), model.close()])))
  const environment = {
    REDIS_URL: url,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    OPENROUTER_API_KEY: KEY,
    OPENROUTER_BASE_URL: model.url,
  }
  return {
    telegram,
    async doctor(env: Record<string, string> = {}, ...args: string[]) {
      const { code, out } = await startCommand({ main: MAIN, args, env: { ...environment, ...env } }).ended
      expect(out).not.toContain(SECRET)
      expect(out).not.toContain(KEY)
      return { code, lines: out.trim().split('\n') }
    },
  }
}

test('a healthy installation is told so, point by point', async () => {
  const { doctor } = await openDoctor()
  const { code, lines } = await doctor()
  expect(lines.filter((line) => line.startsWith('✗'))).toEqual([])
  expect(code).toBe(0)
  const said = lines.join('\n')
  expect(said).toMatch(/✓ (Redis|Valkey) \d+\.\d+\.\d+ answers\n✓ a round trip to it takes \d+\.\d ms/)
  for (const line of [
    '✓ every setting can be read',
    '✓ it evicts nothing (noeviction)',
    '✓ Telegram knows the bot 7001 as @lane_bot',
    '✓ the updates of @lane_bot are polled',
    '✓ OpenRouter takes the key; it has spent $0.00 today',
    '✓ the key has $1000.00 left',
    '✓ the account has $1000.00 left',
    '✓ it has every model that is set',
  ])
    expect(lines).toContain(line)
})

test('what does not work is told with what to do, and the command fails', async () => {
  const { doctor } = await openDoctor({ creditsUsd: 0 })
  const { code, lines } = await doctor({
    TELEGRAM_BOT_TOKENS: `${TOKEN},7002:AAsome-other-token`,
    TELEGRAM_BOT_TOKEN: '',
    OPENROUTER_FALLBACK_MODELS: 'acme/nothing',
  })
  expect(code).toBe(1)
  const said = lines.join('\n')
  expect(said).toContain('✗ Telegram refuses the token of the bot 7002\n    → copy it anew from @BotFather')
  expect(said).toContain('✗ the account has $0.00 left: nobody is answered\n    → buy credits')
  expect(said).toContain('✗ OPENROUTER_FALLBACK_MODELS: OpenRouter has no model acme/nothing\n')
  const refused = await doctor({ OPENROUTER_API_KEY: 'sk-or-v1-wrong' })
  expect(refused.lines.join('\n')).toContain('✗ OpenRouter refuses the key\n    → make a new one')
  const away = { REDIS_URL: 'redis://127.0.0.1:1', OPENROUTER_BASE_URL: 'http://127.0.0.1:1/api/v1' }
  const alone = await doctor({ ...away, TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }, '--json')
  expect(alone.code).toBe(1)
  const findings = JSON.parse(alone.lines.join('\n')) as { level: string; what: string }[]
  expect(findings.filter(({ level }) => level === 'bad').map(({ what }) => what)).toEqual([
    'REDIS_URL: Redis does not answer',
    expect.stringMatching(/^Telegram does not answer for the bot 7001 \(\w+\)$/),
    expect.stringMatching(/^OpenRouter does not answer \(\w+\)$/),
  ])
})

test('every setting that can not be read is told, and no secret of it', async () => {
  const { doctor } = await openDoctor()
  const { code, lines } = await doctor({ TELEGRAM_BOT_TOKEN: `x${SECRET}`, WORKER_CONCURRENCY: 'many' })
  expect(code).toBe(1)
  const said = lines.join('\n')
  expect(said).toMatch(/✗ TELEGRAM_BOT_TOKEN: found \(a secret, not shown\)/)
  expect(said).toMatch(/✗ WORKER_CONCURRENCY: found "many"/)
})

test('a Redis that evicts, forgets and fills up is not as it should be', async () => {
  const { doctor } = await openDoctor()
  const args = ['--appendonly', 'no', '--maxmemory', '1500kb', '--maxmemory-policy', 'allkeys-lru']
  const server = await startRedisServer({ args })
  onTestFinished(() => server.stop())
  const said = (await doctor({ REDIS_URL: server.url })).lines.join('\n')
  expect(said).toContain(
    '✗ it may evict what is still needed (allkeys-lru)\n    → set maxmemory-policy noeviction',
  )
  expect(said).toContain('! it loses whatever waits when it restarts\n    → set appendonly yes')
  expect(said).toMatch(/[!✗] it holds \d of 1 MB.*\n {4}→ give it more memory/)
  const allowed = await doctor({ REDIS_URL: server.url, REDIS_ALLOW_EVICTION: 'true' })
  expect(allowed.lines.join('\n')).toContain(
    '! it may evict what is still needed (allkeys-lru), as REDIS_ALLOW',
  )
})

test('updates that come another way than the settings say are told', async () => {
  const { telegram, doctor } = await openDoctor()
  const setWebhook = (url: string) =>
    fetch(`${telegram.url}/bot${TOKEN}/setWebhook?url=${encodeURIComponent(url)}`, { method: 'POST' })
  const publicUrl = { PUBLIC_URL: 'https://bots.example.com' }
  const found = async (env: Record<string, string>) => (await doctor(env)).lines.join('\n')
  expect(await found(publicUrl)).toContain('! @lane_bot has no webhook yet\n    → start the gateway')
  expect((await setWebhook('https://bots.example.com/telegram/7001')).ok).toBe(true)
  expect(await found(publicUrl)).toContain('✓ @lane_bot has its webhook at https://bots.example.com\n')
  expect(await found({})).toContain(
    '! @lane_bot has a webhook at https://bots.example.com, which a polling gateway takes away\n',
  )
  expect(await found({ PUBLIC_URL: 'https://other.example.com' })).toContain(
    '! the webhook of @lane_bot is at https://bots.example.com\n',
  )
})
