import type { OpenRouterFault } from '@chatlane/simulators'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { API_KEY, openStack, type Stack } from './stack.ts'

const ANNA = 11
const BORIS = 12

async function openFaulty() {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', OPENROUTER_IDLE_TIMEOUT_SECONDS: '0.5' },
  })
  stack.telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  stack.telegram.phone.createUser({ id: BORIS, languageCode: 'ru' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  return stack
}

const replies = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

const FAULTS: [what: string, fault: OpenRouterFault, said: RegExp][] = [
  ['a bad key', { preset: 'bad_key' }, /does not accept its key/],
  ['no credits', { preset: 'no_credits' }, /no credits left/],
  ['a model that is gone', { preset: 'model_gone' }, /no longer available/],
  ['a moderated prompt', { preset: 'moderated' }, /moderation/],
  ['a provider that is down', { preset: 'bad_gateway' }, /not available right now/],
  ['an overloaded model', { preset: 'upstream_rate_limited' }, /overloaded/],
  [
    'an error in the middle of the stream',
    { kind: 'error_chunk', error: { code: 502, message: 'x' }, afterChunks: 1 },
    /broke off here/,
  ],
  ['a stream that just ends', { kind: 'end', afterChunks: 1 }, /broke off here/],
  ['a cut connection', { kind: 'cut', afterChunks: 1 }, /broke off here/],
  ['an empty answer', { kind: 'empty' }, /empty answer/],
  ['a model that hangs', { kind: 'hang', at: 'headers' }, /did not answer in time/],
]

test('every fault of the model becomes one clear message, and the next message works', async () => {
  const stack = await openFaulty()
  let said = 0
  for (const [what, fault, expected] of FAULTS) {
    stack.model.faults.add(fault)
    stack.telegram.phone.sendText({ from: ANNA, text: `now ${what}` })
    const count = ++said
    const reply = await stack.telegram.waitUntil(() => replies(stack, ANNA)[count - 1], 40_000)
    expect([what, reply]).toEqual([what, expect.stringMatching(expected)])
    expect(reply).not.toContain(API_KEY)
    stack.model.faults.clear()
    stack.model.release()
  }
  stack.telegram.phone.sendText({ from: ANNA, text: 'and now?' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[said], 30_000)).toMatch(/[0-9a-f]{64}/)
  expect(replies(stack, ANNA)).toHaveLength(said + 1)
  const prompt = stack.model.requests().at(-1)?.messages ?? []
  expect(prompt.filter(({ role }) => role === 'assistant')).toEqual([])
  expect(prompt.filter(({ role }) => role === 'user')).toHaveLength(FAULTS.length + 1)
  const logged = stack
    .running()
    .flatMap((service) => service.lines)
    .join('\n')
  expect(logged).not.toContain(API_KEY)
}, 240_000)

test('a fault is told in the language of the chat', async () => {
  const stack = await openFaulty()
  stack.model.faults.add({ preset: 'no_credits' })
  stack.telegram.phone.sendText({ from: BORIS, text: 'привет' })
  expect(await stack.telegram.waitUntil(() => replies(stack, BORIS)[0], 30_000)).toContain(
    'закончились средства',
  )
})

test('a fault that passes is waited out without a word', async () => {
  const stack = await openFaulty()
  stack.model.faults.add({ preset: 'bad_gateway', times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: 'hello' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)).toMatch(/[0-9a-f]{64}/)
  expect(replies(stack, ANNA)).toHaveLength(1)
})

test('deliveries that Telegram refuses do not stop the lane', async () => {
  const stack = await openFaulty()
  stack.telegram.addFault({
    kind: 'refuse',
    method: 'sendMessage',
    code: 403,
    description: 'Forbidden: bot was blocked by the user',
  })
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  await until(() => (stack.telegram.ledger().bots[0]?.refusals['403'] ?? 0) === 1)
  stack.telegram.phone.sendText({ from: ANNA, text: 'two' })
  expect(await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)).toMatch(/[0-9a-f]{64}/)
})

test('a text whose entities Telegram refuses goes out plain', async () => {
  const stack = await openFaulty()
  stack.telegram.addFault({
    kind: 'refuse',
    method: 'sendMessage',
    code: 400,
    description: "Bad Request: can't parse entities: Can't find end of the entity",
  })
  stack.model.setAnswers(() => '**bold** text')
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  await stack.telegram.waitUntil(() => replies(stack, ANNA)[0], 30_000)
  const [sent] = stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  expect(sent?.message).toMatchObject({ text: 'bold text' })
  expect(sent?.message.entities ?? []).toEqual([])
})
