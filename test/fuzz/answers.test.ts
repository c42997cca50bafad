import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openStack } from '../e2e/stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from '../e2e/webhook.ts'
import { mutations } from './mutations.ts'
import { runsOf, SEED, TIMEOUT_MS } from './runs.ts'
import { openSpoilingProxy } from './spoiling-proxy.ts'

const FIRST_CHAT = 1000
const VERA = 9

/** Lets people ask, until so many answers of what lies behind `setting` were spoiled; everybody is answered afterwards. */
async function survive(setting: 'TELEGRAM_API_ROOT' | 'OPENROUTER_BASE_URL', spoilings: number) {
  const stack = await openStack({
    environment: {
      ...WEBHOOK_ENVIRONMENT,
      MERGE_WINDOW_MS: '0',
      TELEGRAM_LIMIT_PER_SECOND: '10000',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '10000',
      OPENROUTER_BREAKER_FAULTS: '10000',
    },
    model: { answers: () => 'Yes, of course.', firstTokenMs: [0, 1], totalMs: [1, 2], keepRequests: 10 },
  })
  const { telegram, model, redis } = stack
  const target = setting === 'TELEGRAM_API_ROOT' ? telegram.url : model.url
  const { origin, pathname } = new URL(target)
  const proxy = await openSpoilingProxy(origin, mutations(SEED, spoilings))
  const spoiled = { [setting]: `${proxy.url}${pathname === '/' ? '' : pathname}` }
  const gateway = await stack.start('gateway')
  await pointWebhook(stack, [gateway])
  const services = await Promise.all([stack.start('worker', spoiled), stack.start('sender', spoiled)])
  const busy = async () => {
    const keys = await redis.redis.keys(`${redis.prefix}:*`)
    return keys.some((key) => /:(in|out):\d/.test(key))
  }
  for (let chat = FIRST_CHAT; proxy.spoiled() < spoilings; chat++) {
    telegram.phone.createUser({ id: chat })
    telegram.phone.sendText({ from: chat, text: 'are you there?' })
    const before = proxy.spoiled()
    // A hundred chats at a time.
    if (chat % 100 === 99) await until(() => proxy.spoiled() >= Math.min(spoilings, before + 20))
  }
  proxy.heal()
  await until(async () => !(await busy()))
  for (const { child, lines } of services) {
    expect(child.exitCode, lines.slice(-5).join('\n')).toBeNull()
  }
  telegram.phone.createUser({ id: VERA })
  telegram.phone.sendText({ from: VERA, text: 'still there?' })
  await until(() => telegram.messages(VERA).some(({ message }) => message.text === 'Yes, of course.'))
}

test(
  'spoiled answers of Telegram stop nobody for good',
  async () => {
    await survive('TELEGRAM_API_ROOT', runsOf(1000))
  },
  TIMEOUT_MS,
)

test(
  'spoiled answers of OpenRouter stop nobody for good',
  async () => {
    await survive('OPENROUTER_BASE_URL', runsOf(2000))
  },
  TIMEOUT_MS,
)
