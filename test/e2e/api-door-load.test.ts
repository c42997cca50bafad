import { readTally } from '@chatlane/runtime'
import { expect, test } from 'vitest'
import { type Answered, openDoor } from './door.ts'
import { openStack, type Stack } from './stack.ts'

const CHATS = Array.from({ length: 40 }, (_, n) => 2001 + n)
const LIMITS = { botPerSecond: 50, chatPerSecond: 5 }
const NOTHING_OVER = { bot: 0, paid: 0, private: 0, group: 0, actions: 0 }

async function openBusyStack(answerDelayMs: readonly [number, number]): Promise<Stack> {
  const stack = await openStack({
    telegram: { limits: { ...LIMITS, enforce: true }, answerDelayMs },
    environment: {
      TELEGRAM_LIMIT_PER_SECOND: String(LIMITS.botPerSecond),
      TELEGRAM_LIMIT_CHAT_PER_SECOND: String(LIMITS.chatPerSecond),
    },
  })
  for (const id of CHATS) stack.telegram.phone.createUser({ id })
  return stack
}

/** Whole seconds of ten times what may leave, offered at once. */
function offer(call: (method: string, payload: object) => Promise<Answered>): Promise<Answered[]> {
  const calls = Array.from({ length: 10 * LIMITS.botPerSecond }, (_, n) =>
    call('sendMessage', { chat_id: CHATS[n % CHATS.length], text: `number ${n}` }),
  )
  return Promise.all(calls)
}

const textsOf = (stack: Stack) =>
  CHATS.flatMap((chat) => stack.telegram.messages(chat).map(({ message }) => message.text ?? ''))

test('ten times what Telegram allows is answered in full, and no call is one too many', async () => {
  const stack = await openBusyStack([0, 30])
  const [door] = await Promise.all([openDoor(stack), stack.start('sender')])
  const answers = await offer(door.call)
  expect(answers.filter(({ body }) => !body.ok)).toEqual([])
  expect(new Set(textsOf(stack)).size).toBe(answers.length)
  expect(textsOf(stack)).toHaveLength(answers.length)
  expect(door.gateway.lines.filter((line) => !line.includes('"level":"info"'))).toEqual([])
  expect(stack.telegram.ledger().bots[0]).toMatchObject({ floods: 0, overLimit: NOTHING_OVER })
}, 90_000)

test('while senders are killed under load every call is answered, and only counted repeats come twice', async () => {
  const stack = await openBusyStack([20, 200])
  const [door, ...senders] = await Promise.all([
    openDoor(stack),
    stack.start('sender'),
    stack.start('sender'),
  ])
  const answered = offer(door.call)
  for (const [n, sender] of senders.entries()) {
    const posted = () => stack.telegram.ledger().bots[0]?.sends.posted ?? 0
    await stack.telegram.waitUntil(() => posted() > 100 * (n + 1), 60_000)
    await sender.kill()
    await stack.start('sender')
  }
  const answers = await answered
  expect(answers.filter(({ body }) => !body.ok)).toEqual([])
  const texts = textsOf(stack)
  expect(new Set(texts).size).toBe(answers.length)
  const tally = await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])
  const repeated = tally.get('chatlane_deliveries_repeated_total{bot="7001"}') ?? 0
  expect(texts.length - answers.length).toBeLessThanOrEqual(repeated)
  expect(stack.telegram.ledger().bots[0]).toMatchObject({ floods: 0, overLimit: NOTHING_OVER })
}, 180_000)
