import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openStack, TOKEN } from './stack.ts'

const ANNA = 11
const SHOP = 7002
const QUIET = 7003

test('one installation runs several bots, each with its own prompt, model and limits', async () => {
  const tokens = [SHOP, QUIET].map((id) => `${id}:AAtest-token-of-one-more-bot-${id}`)
  const bots = [TOKEN, ...tokens].map((token) => {
    const name = `bot_${token.split(':')[0]}`
    return { token, username: name, firstName: name }
  })
  const stack = await openStack({
    telegram: { bots: bots as never },
    environment: {
      MERGE_WINDOW_MS: '0',
      TELEGRAM_BOT_TOKENS: tokens.join(','),
      SYSTEM_PROMPT: 'Be kind.',
      OPENROUTER_MODEL: 'openai/gpt-4o-mini',
      [`SYSTEM_PROMPT_${SHOP}`]: 'Sell shoes.',
      [`OPENROUTER_MODEL_${SHOP}`]: 'openai/gpt-4o',
      [`ASSISTANT_${QUIET}`]: 'off',
    },
  })
  const { phone } = stack.telegram
  phone.createUser({ id: ANNA, firstName: 'Anna' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  for (const bot of [QUIET, SHOP, 7001]) phone.sendText({ from: ANNA, bot, text: `hello, ${bot}` })
  const saidBy = (bot: number) => stack.telegram.messages(ANNA, bot).filter(({ by }) => by === 'bot')
  await stack.telegram.waitUntil(() => [SHOP, 7001].every((bot) => saidBy(bot).length === 1), 30_000)
  const { redis, prefix } = stack.redis
  const keyOf = (name: string) => `${prefix}:{s0}:${name}:${QUIET}:${ANNA}`
  await until(async () => (await redis.exists(keyOf('seen'))) && !(await redis.exists(`${keyOf('in')}:`)))
  expect(saidBy(QUIET)).toEqual([])
  const asked = stack.model
    .requests()
    .map(({ model, messages }) => [model, ...messages.map(({ content }) => content)])
  expect(asked.sort()).toEqual([
    ['openai/gpt-4o', 'Sell shoes.', `hello, ${SHOP}`],
    ['openai/gpt-4o-mini', 'Be kind.', 'hello, 7001'],
  ])
})
