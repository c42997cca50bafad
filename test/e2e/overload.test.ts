import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openStack, TOKEN } from './stack.ts'
import { WEBHOOK_ENVIRONMENT, WEBHOOK_SECRET } from './webhook.ts'

const ANNA = 11
const BORIS = 12
const BOUND = 20
const FLOOD = 100
const OTHER = '7002:AAtest-token-of-another-bot-under-load'

test('who writes more than can be answered is told once, and nobody else waits for it', async () => {
  const { telegram, model, ...stack } = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      BACKLOG_UPDATES_CHAT: String(BOUND),
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '1000',
    },
    telegram: { keepMessages: 1000 },
    model: { answers: 'echo', firstTokenMs: [50, 50], totalMs: [100, 100] },
  })
  telegram.phone.createUser({ id: ANNA, languageCode: 'ru' })
  for (let i = 0; i < 10; i++) telegram.phone.createUser({ id: BORIS + i, languageCode: 'en' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  const heard = (chat: number) =>
    telegram
      .messages(chat)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  for (let n = 1; n <= FLOOD; n++) telegram.phone.sendText({ from: ANNA, text: `message ${n}` })
  for (let i = 0; i < 10; i++) telegram.phone.sendText({ from: BORIS + i, text: 'hello' })
  await telegram.waitUntil(() => [...Array(10).keys()].every((i) => heard(BORIS + i).length === 1), 20_000)
  expect(heard(ANNA).length).toBeLessThan(BOUND)
  const tally = async () =>
    Number(
      await stack.redis.redis.hget(
        `${stack.redis.prefix}:{s0}:tally`,
        'chatlane_shed_updates_total{bot="7001"}',
      ),
    )
  const isNote = (text: string) => text.startsWith('Здесь ждёт больше сообщений')
  await until(async () => heard(ANNA).filter((text) => !isNote(text)).length === FLOOD - (await tally()))
  const answers = heard(ANNA).filter((text) => !isNote(text))
  expect(answers.length).toBeGreaterThanOrEqual(BOUND)
  expect(answers.length).toBeLessThan(FLOOD)
  const numbers = answers.map((text) => Number(/message (\d+)/.exec(text)?.[1]))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(heard(ANNA).filter(isNote)).toHaveLength(1)
  telegram.phone.sendText({ from: ANNA, text: 'message 101' })
  await telegram.waitUntil(() => heard(ANNA).at(-1)?.includes('message 101'), 20_000)
}, 90_000)

test('while too much of a bot waits it is answered 503, and another bot is served', async () => {
  const stack = await openStack({
    environment: {
      TELEGRAM_BOT_TOKEN: '',
      TELEGRAM_BOT_TOKENS: `${TOKEN},${OTHER}`,
      BACKLOG_UPDATES_BOT: '5',
      MERGE_WINDOW_MS: '0',
      ...WEBHOOK_ENVIRONMENT,
    },
  })
  const gateway = await stack.start('gateway')
  const post = async (bot: string, updateId: number) =>
    fetch(`${await gateway.address}/telegram/${bot}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': WEBHOOK_SECRET,
      },
      body: JSON.stringify({
        update_id: updateId,
        message: {
          message_id: updateId,
          date: 1,
          chat: { id: updateId, type: 'private' },
          from: { id: updateId, is_bot: false, first_name: 'A' },
          text: 'hello',
        },
      }),
    })
  for (let id = 1; id <= 5; id++) expect((await post('7001', id)).status).toBe(200)
  let next = 6
  const refused = await until(async () => {
    // The gateway looks every half second at what waits.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const answer = await post('7001', next++)
    return answer.status === 503 ? answer : undefined
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await post('7001', 1)).status).toBe(200)
  expect((await post('7002', 1)).status).toBe(200)
  await Promise.all([stack.start('worker'), stack.start('sender')])
  await until(async () => (await post('7001', 99)).status === 200)
}, 60_000)
