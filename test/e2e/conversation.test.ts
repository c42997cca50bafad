import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promptHash } from '@chatlane/simulators'
import { expect, onTestFinished, test } from 'vitest'
import { openStack, type Stack } from './stack.ts'

const ANNA = 11
const BORIS = 12

async function openConversation(environment: Record<string, string> = {}) {
  const stack = await openStack({ environment: { MERGE_WINDOW_MS: '0', ...environment } })
  stack.telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  stack.telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  return stack
}

const repliesIn = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

/** Waits until the bot has said `count` things in the chat. */
const nthReply = (stack: Stack, chat: number, count: number) =>
  stack.telegram.waitUntil(() => repliesIn(stack, chat)[count - 1], 30_000)

test('/start greets in the language of the user', async () => {
  const stack = await openConversation()
  stack.telegram.phone.sendText({ from: BORIS, text: '/start' })
  stack.telegram.phone.sendText({ from: ANNA, text: '/start' })
  expect(await nthReply(stack, BORIS, 1)).toBe('Привет! Введите текст, чтобы отправить его на OpenRouter.')
  expect(await nthReply(stack, ANNA, 1)).toBe('Hello! Type a text to send it to OpenRouter.')
})

test('an operator’s texts stand in for the bot’s own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-texts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'ru.json'), '{ "greeting": "Здравствуйте! Чем помочь?" }')
  const stack = await openConversation({ TEXTS: folder })
  stack.telegram.phone.sendText({ from: BORIS, text: '/start' })
  stack.telegram.phone.sendText({ from: ANNA, text: '/start' })
  expect(await nthReply(stack, BORIS, 1)).toBe('Здравствуйте! Чем помочь?')
  expect(await nthReply(stack, ANNA, 1)).toBe('Hello! Type a text to send it to OpenRouter.')
})

test('a text is answered by the model with what was said before, and /new forgets it', async () => {
  const stack = await openConversation({ SYSTEM_PROMPT: 'Be brief.' })
  const system = { role: 'system' as const, content: 'Be brief.' }
  const say = (text: string) => stack.telegram.phone.sendText({ from: ANNA, text })
  say('one')
  const first = await nthReply(stack, ANNA, 1)
  expect(first).toContain(promptHash([system, { role: 'user', content: 'one' }]))
  say('two')
  const second = await nthReply(stack, ANNA, 2)
  const conversation = [
    system,
    { role: 'user' as const, content: 'one' },
    { role: 'assistant' as const, content: first },
    { role: 'user' as const, content: 'two' },
  ]
  expect(second).toContain(promptHash(conversation))
  say('/new')
  await nthReply(stack, ANNA, 3)
  say('three')
  expect(await nthReply(stack, ANNA, 4)).toContain(promptHash([system, { role: 'user', content: 'three' }]))
})

test('a conversation that outgrows its model’s window is cut to fit it, and no longer answer is asked for than it gives', async () => {
  const stack = await openConversation({
    OPENROUTER_MODEL: 'openai/gpt-3.5-turbo',
    CONTEXT_MAX_TOKENS: '1000000',
  })
  const texts = Array.from({ length: 20 }, (_, n) => `${n} ${'lorem ipsum '.repeat(330)}`)
  for (const text of texts) stack.telegram.phone.sendText({ from: ANNA, text })
  await nthReply(stack, ANNA, texts.length)
  const asked = stack.model.requests()
  expect(asked.map(({ state, maxTokens }) => [state, maxTokens])).toEqual(asked.map(() => ['finished', 4096]))
  const used = asked.map(({ usage }) => (usage?.promptTokens ?? 0) + 4096)
  expect(Math.max(...used)).toBeLessThanOrEqual(16_385)
  expect(Math.max(...used)).toBeGreaterThan(12_000)
  expect(asked.at(-1)?.messages.at(-1)?.content).toBe(texts.at(-1)?.trim())
})

test('the context is there after every process was restarted', async () => {
  const stack = await openConversation({ SYSTEM_PROMPT: 'Be brief.' })
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  const first = await nthReply(stack, ANNA, 1)
  expect(await Promise.all(stack.running().map((service) => service.stop()))).toEqual([0, 0, 0])
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  stack.telegram.phone.sendText({ from: ANNA, text: 'two' })
  expect(await nthReply(stack, ANNA, 2)).toContain(
    promptHash([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: first },
      { role: 'user', content: 'two' },
    ]),
  )
})

test('typing shows while the model thinks', async () => {
  const stack = await openConversation()
  const shown = stack.telegram.waitFor((event) => event.type === 'action' && event.chatId === ANNA, 30_000)
  stack.telegram.phone.sendText({ from: ANNA, text: 'one' })
  expect(await shown).toMatchObject({ action: 'typing' })
})

test('in a group only what speaks to the bot is answered, as a reply to it', async () => {
  const stack = await openConversation()
  const group = stack.telegram.phone.createGroup({ title: 'Team', members: [ANNA, BORIS] })
  stack.telegram.phone.sendText({ from: ANNA, chat: group.id, text: 'just between us' })
  const asked = stack.telegram.phone.sendText({ from: ANNA, chat: group.id, text: '@lane_bot what is this?' })
  await nthReply(stack, group.id, 1)
  const [reply] = stack.telegram.messages(group.id).filter(({ by }) => by === 'bot')
  expect(reply?.message.reply_to_message?.message_id).toBe(asked.message_id)
  expect(stack.model.requests().map((request) => request.messages.at(-1)?.content)).toEqual([
    '⟦from Anna⟧\nwhat is this?',
  ])
})

test('what cannot be read is said to be so, and unknown kinds of updates are passed over', async () => {
  const stack = await openConversation()
  stack.telegram.phone.injectUpdate({ update: { some_new_kind: { from: { id: ANNA } } } } as never)
  stack.telegram.phone.sendFile({ from: ANNA, kind: 'voice', bytes: Buffer.from('no sound') })
  expect(await nthReply(stack, ANNA, 1)).toContain('does not fit its kind')
})
