import { createBudget, createKeys, createOutbox, createWakes } from '@chatlane/lanes'
import { expect, test } from 'vitest'
import { openStack, type Stack } from './stack.ts'

const BOT = '7001'
const LIMITS = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const PRIVATE = { chats: 80, deliveries: 12 }
const GROUPS = { chats: 6, deliveries: 10 }

/** Fills the outboxes of private chats and groups as workers would, before any sender runs. */
async function fillOutboxes(stack: Stack): Promise<{ privates: number[]; groups: number[] }> {
  const keys = createKeys({ prefix: stack.redis.prefix, shards: 1 })
  const outbox = createOutbox({ redis: stack.redis.redis, keys })
  const budget = createBudget({ redis: stack.redis.redis, keys, botId: BOT, limits: LIMITS })
  const wakes = createWakes({ redis: stack.redis.redis, keys, onError: () => undefined })
  const privates = Array.from({ length: PRIVATE.chats }, (_, i) => 2001 + i)
  for (const id of privates) stack.telegram.phone.createUser({ id })
  const groups = Array.from(
    { length: GROUPS.chats },
    () => stack.telegram.phone.createGroup({ members: privates.slice(0, 2) }).id,
  )
  const fill = async (chat: number, count: number) => {
    for (let n = 1; n <= count; n++) {
      const payload = JSON.stringify({
        method: 'sendMessage',
        chatId: chat,
        text: `number ${n}`,
        entities: [],
      })
      const delivery = { id: `${chat}.${n}`, class: 1 as const, place: '', payload }
      const headClass = await outbox.post({ botId: BOT, homeId: String(chat) }, delivery)
      await budget.ready(String(chat), headClass)
    }
  }
  await Promise.all([
    ...privates.map((chat) => fill(chat, PRIVATE.deliveries)),
    ...groups.map((chat) => fill(chat, GROUPS.deliveries)),
  ])
  await wakes.wakePump(BOT)
  await wakes.close()
  return { privates, groups }
}

const arrivals = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ postedAtMs }) => postedAtMs)

test('two senders use the whole budget, never more, fairly, and a 429 holds back its own chat alone', async () => {
  const stack = await openStack({
    telegram: { limits: { ...LIMITS, enforce: true }, answerDelayMs: [0, 30] },
  })
  const { privates, groups } = await fillOutboxes(stack)
  const unlucky = privates[7] ?? 0
  const retryAfterSeconds = 7
  stack.telegram.addFault({ kind: 'flood', chatId: unlucky, skip: 3, retryAfterSeconds })
  const flooded = stack.telegram.waitFor((event) => event.type === 'call' && event.status === 429, 120_000)
  await Promise.all([stack.start('sender'), stack.start('sender')])
  const total = PRIVATE.chats * PRIVATE.deliveries + GROUPS.chats * GROUPS.deliveries
  await stack.telegram.waitUntil(() => stack.telegram.ledger().bots[0]?.sends.posted === total, 120_000)

  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.floods).toBe(1)
  expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
  for (const chat of [...privates, ...groups]) {
    const texts = stack.telegram.messages(chat).map(({ message }) => message.text)
    expect(texts).toEqual(texts.map((_, index) => `number ${index + 1}`))
  }

  const all = [...privates, ...groups].flatMap((chat) => arrivals(stack, chat)).toSorted((a, b) => a - b)
  // While there is work for the whole budget: until the first chats run out of theirs.
  const busy = all.slice(0, Math.floor(total * 0.85))
  const spanSeconds = ((busy.at(-1) ?? 0) - (busy[0] ?? 0)) / 1000
  expect((busy.length - 1) / spanSeconds).toBeGreaterThan(LIMITS.botPerSecond * 0.95)

  const fairShareMs = ((PRIVATE.chats + GROUPS.chats) / LIMITS.botPerSecond) * 1000
  for (const chat of [...privates, ...groups].filter((each) => each !== unlucky)) {
    expect(longestGapMs(arrivals(stack, chat))).toBeLessThan(2 * fairShareMs)
  }
  const floodedAtMs = (await flooded).atMs
  const next = arrivals(stack, unlucky).find((atMs) => atMs > floodedAtMs) ?? 0
  expect(next - floodedAtMs).toBeGreaterThanOrEqual(retryAfterSeconds * 1000)
  expect(next - floodedAtMs).toBeLessThan(retryAfterSeconds * 1000 + 2 * fairShareMs)
}, 180_000)

function longestGapMs(times: number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)))
}
