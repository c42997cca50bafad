import { expect, test } from 'vitest'
import { fitTalk, keepTalk } from '../src/conversation.ts'
import type { Conversation, Said } from '../src/ports.ts'
import { estimateTokens, STANDARD_WEIGHTS } from '../src/tokens.ts'
import { messageCosts, promptTokensOf } from '../src/window.ts'
import { assistant, user } from './open-turn.ts'

const roomFor = (promptTokens: number) => ({
  systemPrompt: 'Be brief.',
  systemTokens: estimateTokens('Be brief.'),
  promptTokens,
  weights: STANDARD_WEIGHTS,
})
const ROOM = roomFor(8000)
/** Questions of about 104 tokens and as many answers. */
const talkOf = (pairs: number): Said[] =>
  Array.from({ length: pairs }, (_, n) => [
    user(`question ${n} `.padEnd(400, 'x')),
    assistant(`answer ${n} `.padEnd(400, 'y')),
  ]).flat()
const conversation = (messages: Said[], rest: Partial<Conversation> = {}): Conversation => ({
  generation: 3,
  messages,
  ...rest,
})
const keep = (messages: Said[], rest: Partial<Conversation> = {}, room = ROOM, isSummedUp = true) =>
  keepTalk(conversation(messages, rest), { messages, room, isSummedUp })
const sum = (costs: number[]) => costs.reduce((total, cost) => total + cost, 0)

test('a conversation that has room is kept whole, and nothing is to be summed up', () => {
  const messages = talkOf(20)
  expect(keep(messages)).toEqual({ talk: conversation(messages) })
})

test('what fills most of its room is to be summed up to the half, and what is left begins with a question', () => {
  const messages = talkOf(30)
  const { talk, wish } = keep(messages, { first: 40 })
  expect(talk).toEqual(conversation(messages, { first: 40 }))
  expect(wish).toMatchObject({ generation: 3, promptTokens: 8000 })
  const covered = (wish?.upTo ?? 0) - 40
  expect(messages[covered]?.role).toBe('user')
  const left = sum(messageCosts(messages.slice(covered), STANDARD_WEIGHTS))
  expect(left).toBeLessThanOrEqual(3500)
  expect(left).toBeGreaterThan(3000)
})

test('once that is summed up, it is long before the next summary', () => {
  const messages = talkOf(30)
  const { wish } = keep(messages)
  const upTo = wish?.upTo ?? 0
  let left = messages.slice(upTo)
  let turns = 0
  while (!keep(left, { first: upTo, summary: { text: 'notes', upTo } }).wish) {
    left = [...left, ...talkOf(1)]
    turns++
  }
  expect(turns).toBeGreaterThan(8)
})

test('many short messages are to be summed up too', () => {
  const messages = Array.from({ length: 401 }, (_, n) => (n % 2 ? assistant('b') : user('a')))
  const { wish } = keep(messages)
  expect(wish?.upTo).toBeGreaterThanOrEqual(151)
  expect(wish?.upTo).toBeLessThan(155)
})

test('the newest question is never summed up, however long it and its answer are', () => {
  const messages = [...talkOf(2), user('x'.repeat(20_000)), assistant('y'.repeat(9000))]
  expect(keep(messages).wish?.upTo).toBe(4)
  const alone = [user('x'.repeat(20_000)), assistant('y'.repeat(9000))]
  expect(keep(alone).wish).toBeUndefined()
})

test('what no summary covers yet is kept beside what is sent, up to twice a prompt and 500 messages', () => {
  const long = keep(talkOf(200))
  const { first = 0, messages } = long.talk
  expect(first + messages.length).toBe(400)
  const kept = sum(messageCosts(messages, STANDARD_WEIGHTS))
  expect(kept).toBeLessThanOrEqual(16_000)
  expect(kept).toBeGreaterThan(15_000)
  expect(long.wish?.upTo).toBeGreaterThan(first)
  const short = Array.from({ length: 700 }, (_, n) => (n % 2 ? assistant('b') : user('a')))
  expect(keep(short).talk).toMatchObject({ first: 200, messages: short.slice(200) })
})

test('without summaries what has no room is forgotten, and nothing is to be summed up', () => {
  const messages = talkOf(200)
  const { talk, wish } = keep(messages, {}, ROOM, false)
  expect(wish).toBeUndefined()
  expect(talk.messages.length).toBeLessThan(80)
  expect((talk.first ?? 0) + talk.messages.length).toBe(400)
})

test('where there is no room for a summary none is made', () => {
  expect(keep(talkOf(30), {}, roomFor(700)).wish).toBeUndefined()
})

test('a prompt is never over its room, whatever is said, and has the summary between system prompt and messages', () => {
  const text = 'Ключ «Гранит-42» хранится у Марины. '.repeat(20)
  const mixed = Array.from({ length: 500 }, (_, n): Said => {
    const words = [
      `вопрос ${n} о погоде`,
      'const lane = await take(key)\n',
      '明日は雨です',
      'what about it?',
    ][n % 4]
    const picture = { kind: 'picture' as const, fileId: `f${n}`, tokens: 765 }
    if (n % 2) return assistant(`${words} `.repeat(1 + (n % 7)))
    return { ...user(`${words} `.repeat(1 + (n % 5))), ...(n % 10 === 0 && { attachments: [picture] }) }
  })
  for (const promptTokens of [600, 1500, 4000, 8000, 30_000]) {
    const talk = conversation(mixed, { summary: { text, upTo: 0 } })
    const { prompt, sent } = fitTalk(talk, { messages: mixed, room: roomFor(promptTokens) })
    expect(promptTokensOf(prompt)).toBeLessThanOrEqual(promptTokens)
    expect(sent.at(-1)).toEqual(mixed.at(-1))
    expect(prompt.slice(0, 2).map(({ role }) => role)).toEqual(['system', 'system'])
    expect(prompt[1]?.content).toContain('Гранит-42')
    expect(prompt[2]?.role).toBe('user')
  }
})

test('of earlier pictures those that are not sent again take hardly any room', () => {
  const picture = (n: number): Said => ({
    ...user(`look ${n}`),
    attachments: [{ kind: 'picture', fileId: `f${n}`, tokens: 765 }],
  })
  const messages = Array.from({ length: 100 }, (_, n) => [picture(n), assistant('A cat.')]).flat()
  const { sent } = fitTalk(conversation(messages), { messages, room: ROOM })
  expect(sent.length).toBeGreaterThan(150)
})
