import { expect, test } from 'vitest'
import { assistant, modelsOf, runText, talkedOf, user } from './open-turn.ts'

const linesOf = async (...run: Parameters<typeof runText>) => {
  const { replies, prompts } = await runText(...run)
  expect(prompts).toEqual([])
  expect(replies[0]?.command).toBe(true)
  return replies[0]?.text.replaceAll(/[\u00a0\u202f]/g, ' ').split('\n')
}

test('/context tells how much of a conversation is remembered, and for how long', async () => {
  const memory = talkedOf(user('a'.repeat(400)), assistant('b'.repeat(400)))
  expect(await linesOf('/context', { memory, contextTokens: 128_000 })).toEqual([
    '**What I remember of this conversation**',
    'Messages word for word: 2',
    // 104 for each message, 7 for the system prompt.
    'Room used: about 215 of 1,000 tokens (22%)',
    'Model: `acme/standard`, which takes in 128,000 tokens at once',
    'All of it is forgotten once nobody has written for 30 days, and at once with /new.',
  ])
})

test('it speaks Russian, and tells of the model that the chat has chosen', async () => {
  const settings = { language: 'ru', model: 'acme/other' } as const
  const start = { language: 'ru', memory: { settings }, contextTokens: 8000 }
  expect(await linesOf('/context', start, { contextTtlSeconds: 7200 })).toEqual([
    '**Что я помню из этого разговора**',
    'Сообщений слово в слово: 0',
    'Занято: примерно 7 из 1 000 токенов (1 %)',
    'Модель: `acme/other`, за раз читает до 8 000 токенов',
    'Всё это забудется, если никто не будет писать 2 часа, а сразу — по команде /new.',
  ])
})

test('it tells what stands for earlier messages, what of them is lost, and what the model does not read any more', async () => {
  const messages = Array.from({ length: 6 }, (_, nth) => (nth % 2 === 0 ? user : assistant)('x'.repeat(800)))
  const summary = { text: 'They spoke of x.', upTo: 40 }
  const memory = { context: { generation: 0, first: 40, messages, summary } }
  expect((await linesOf('/context', { memory }))?.slice(1, 4)).toEqual([
    'Messages word for word: 6',
    'The model reads the newest of them: 4',
    'Earlier messages, kept as a summary: 40',
  ])
  const dropped = { context: { generation: 0, first: 50, messages, summary } }
  expect(await linesOf('/context', { memory: dropped })).toContain(
    'Earlier messages, forgotten for want of room: 10',
  )
})

test('where nobody knows the model its window is left out', async () => {
  const lines = await linesOf('/context', {}, { models: modelsOf(undefined), contextTtlSeconds: 90 })
  expect(lines?.slice(1)).toEqual([
    'Messages word for word: 0',
    'Room used: about 7 of 1,000 tokens (1%)',
    'All of it is forgotten once nobody has written for 2 minutes, and at once with /new.',
  ])
})
