import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startNumberedTalk } from './numbered-talk.ts'
import { openStack } from './stack.ts'

const BOT_FILE = fileURLToPath(new URL('bots/counter.mjs', import.meta.url))

test('however many chats begin together, a worker asks Telegram once who its bot is', async () => {
  const stack = await openStack({
    environment: { HANDLERS: BOT_FILE, ASSISTANT: 'off', TELEGRAM_LIMIT_PER_SECOND: '500' },
  })
  const talk = startNumberedTalk(stack, { chats: 30, pauseMs: [1000, 2000] })
  await Promise.all([stack.start('gateway'), stack.start('sender')])
  // An update that was not confirmed in time is delivered again.
  const isDelivered = () => (stack.telegram.ledger().bots[0]?.updates.delivered ?? 0) >= 30
  await stack.telegram.waitUntil(isDelivered, 60_000)
  await stack.start('worker')
  await talk.hush()
  expect(stack.telegram.ledger().bots[0]?.calls.getMe).toBe(1)
})
