import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { standing } from './shown.ts'
import { openStack, type Stack } from './stack.ts'

const ANNA = 11
const UNITS = 3000
const CLAUDE = 'anthropic/claude-haiku-4.5'
const QUESTION = 'a long one'
const FINAL = pagesOf(QUESTION, UNITS).map(({ text }) => text)

async function openTalkative(environment: Record<string, string> = {}) {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', OPENROUTER_MODEL: CLAUDE, ...environment },
    model: { answers: longAnswer(UNITS), firstTokenMs: [10, 10], totalMs: [6000, 6000], chunkChars: 20 },
  })
  stack.telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  const [worker] = await Promise.all([stack.start('worker'), stack.start('gateway'), stack.start('sender')])
  return { stack, worker }
}

const isAnswered = (stack: Stack) => FINAL.every((text) => standing(stack, ANNA).includes(text))
/** What the model remembers of the conversation when it is asked again. */
async function remembered(stack: Stack) {
  stack.model.setSpeed({ totalMs: [20, 20] })
  stack.telegram.phone.sendText({ from: ANNA, text: 'and now?' })
  const next = await stack.model.waitFor(({ messages }) => messages.at(-1)?.content === 'and now?')
  return next.messages.slice(1, -1)
}
const whole = () => longAnswer(UNITS)({ messages: [{ role: 'user', content: QUESTION }] } as never)

test('an answer whose stream broke goes on where it ended, and is remembered as one', async () => {
  const { stack } = await openTalkative()
  stack.model.faults.add({ kind: 'cut', afterChunks: 70, times: 1 })
  stack.model.faults.add({
    kind: 'error_chunk',
    error: { code: 502, message: 'x' },
    afterChunks: 30,
    times: 1,
  })
  stack.telegram.phone.sendText({ from: ANNA, text: QUESTION })
  await stack.telegram.waitUntil(() => isAnswered(stack), 60_000)
  expect(standing(stack, ANNA)).toEqual(FINAL)
  // The last preview may show all of it before its stream has ended.
  await until(() => stack.model.requests().every(({ state }) => state !== 'running'))
  const asked = stack.model.requests()
  expect(asked.map(({ state }) => state)).toEqual(['failed', 'failed', 'finished'])
  expect(asked.map(({ messages }) => messages.at(-1)?.role)).toEqual(['user', 'assistant', 'assistant'])
  // Nothing is made twice but the words in which the streams broke.
  const made = asked.reduce((sum, { text }) => sum + text.length, 0)
  expect(made).toBeLessThan(whole().length + 100)
  expect(await remembered(stack)).toEqual([
    { role: 'user', content: QUESTION },
    { role: 'assistant', content: whole() },
  ])
})

test('an answer whose worker was killed goes on where its readers saw it end', async () => {
  const { stack, worker } = await openTalkative()
  stack.telegram.phone.sendText({ from: ANNA, text: QUESTION })
  await stack.telegram.waitUntil(() => standing(stack, ANNA).join('').length > 600, 30_000)
  await worker.kill()
  await stack.start('worker')
  await stack.telegram.waitUntil(() => isAnswered(stack), 60_000)
  expect(standing(stack, ANNA)).toEqual(FINAL)
  const [first, second] = stack.model.requests()
  expect(first?.state).toBe('aborted')
  expect(second?.messages.at(-1)?.role).toBe('assistant')
  expect(String(second?.messages.at(-1)?.content).length).toBeGreaterThan(500)
  expect(second?.text.length).toBeLessThan(whole().length - 500)
  expect(await remembered(stack)).toEqual([
    { role: 'user', content: QUESTION },
    { role: 'assistant', content: whole() },
  ])
})

test('where the model does not go on, the next of the list does', async () => {
  const { stack } = await openTalkative({
    OPENROUTER_MODEL: 'openai/gpt-4o-mini',
    OPENROUTER_FALLBACK_MODELS: CLAUDE,
  })
  stack.model.faults.add({ kind: 'cut', afterChunks: 70, times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: QUESTION })
  await stack.telegram.waitUntil(() => isAnswered(stack), 60_000)
  expect(standing(stack, ANNA)).toEqual(FINAL)
  const [first, second] = stack.model.requests()
  expect([first?.model, first?.fallbackModels]).toEqual(['openai/gpt-4o-mini', [CLAUDE]])
  expect([second?.model, second?.messages.at(-1)?.role]).toEqual([CLAUDE, 'assistant'])
})

test('where no model goes on, the answer is made anew and comes whole', async () => {
  const { stack } = await openTalkative({ OPENROUTER_CONTINUE_MODELS: 'none' })
  stack.model.faults.add({ kind: 'cut', afterChunks: 70, times: 1 })
  stack.telegram.phone.sendText({ from: ANNA, text: QUESTION })
  await stack.telegram.waitUntil(() => isAnswered(stack), 60_000)
  expect(standing(stack, ANNA)).toEqual(FINAL)
  expect(stack.model.requests().map(({ messages }) => messages.at(-1)?.role)).toEqual(['user', 'user'])
})

test('with streams that break and workers that are killed, everyone has the text that an unbroken answer would have been', async () => {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', OPENROUTER_MODEL: CLAUDE, TELEGRAM_LIMIT_PER_SECOND: '1000' },
    telegram: { limits: { enforce: false } },
    model: { answers: longAnswer(UNITS), firstTokenMs: [10, 300], totalMs: [5000, 8000], chunkChars: 20 },
  })
  const users = Array.from({ length: 20 }, (_, n) => 1001 + n)
  const asked = (id: number) => `question of ${id}`
  for (const id of users) stack.telegram.phone.createUser({ id, languageCode: 'en' })
  const workers = await Promise.all([1, 2, 3].map(() => stack.start('worker')))
  await Promise.all([stack.start('gateway'), stack.start('sender')])
  stack.model.faults.add({ kind: 'cut', afterChunks: 40, times: 10 })
  for (const id of users) stack.telegram.phone.sendText({ from: id, text: asked(id) })
  for (const worker of workers) {
    const shown = () => users.reduce((sum, id) => sum + standing(stack, id).join('').length, 0)
    const before = shown()
    await stack.telegram.waitUntil(() => shown() > before + 4000, 60_000)
    await worker.kill()
    await stack.start('worker')
  }
  const finalOf = (id: number) => pagesOf(asked(id), UNITS).map(({ text }) => text)
  await stack.telegram.waitUntil(
    () => users.every((id) => finalOf(id).every((text) => standing(stack, id).includes(text))),
    120_000,
  )
  for (const id of users) expect([id, standing(stack, id)]).toEqual([id, finalOf(id)])
  const continued = stack.model.requests().filter(({ messages }) => messages.at(-1)?.role === 'assistant')
  expect(continued.length).toBeGreaterThan(10)
}, 240_000)
