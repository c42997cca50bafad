import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readTally } from '@chatlane/runtime'
import { expect, onTestFinished, test } from 'vitest'
import { startBotProcess } from './bot-process.ts'
import { BOSS, COURIERS, gatherVisitors, visitShop } from './shop-visit.ts'
import { openStack, type Stack, TOKEN } from './stack.ts'

const FILE = fileURLToPath(new URL('../../examples/shop/bot.js', import.meta.url))

/** What the shop is told, with a database of its own. */
function shopEnvironment(): Record<string, string> {
  const data = mkdtempSync(join(tmpdir(), 'chatlane-shop-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  return {
    SHOP_DATA: data,
    SHOP_ADMIN: String(BOSS),
    SHOP_COURIERS: String(COURIERS),
    SHOP_PROVIDER_TOKEN: '1234:TEST:provider-token',
    NODE_NO_WARNINGS: '1',
  }
}

/** The shop as plain Telegraf runs it. */
async function visitPlainShop(): Promise<string> {
  const { telegram } = await openStack({})
  gatherVisitors(telegram)
  startBotProcess(FILE, { ...shopEnvironment(), BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url })
  return visitShop(telegram)
}

async function openShop(workers: number): Promise<Stack> {
  const stack = await openStack({
    environment: {
      ...shopEnvironment(),
      HANDLERS: FILE,
      ASSISTANT: 'off',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '20',
    },
  })
  gatherVisitors(stack.telegram)
  const starting = Array.from({ length: workers }, () => stack.start('worker'))
  await Promise.all([stack.start('gateway'), stack.start('sender'), ...starting])
  return stack
}

test('the shop is the same for everyone who visits it, run plainly and on four workers', async () => {
  const plain = await visitPlainShop()
  expect(plain).toContain('[invoice Sencha]')
  const { telegram } = await openShop(4)
  expect(await visitShop(telegram)).toBe(plain)
}, 120_000)

test('a worker that is killed in the third step of an order changes nothing of what anyone sees', async () => {
  const plain = await visitPlainShop()
  const stack = await openShop(1)
  const killed = async () => {
    const [worker] = stack.running().filter(({ name }) => name === 'worker')
    await worker?.kill()
    await stack.start('worker')
  }
  expect(await visitShop(stack.telegram, killed)).toBe(plain)
  const tally = await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])
  expect(tally.get('chatlane_deliveries_repeated_total{bot="7001"}') ?? 0).toBe(0)
}, 180_000)
