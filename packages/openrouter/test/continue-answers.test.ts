import type { OpenRouterFault } from '@chatlane/simulators'
import { expect, test } from 'vitest'
import { continueAnswers, continuing } from '../src/continue-answers.ts'
import { KEY, useHarness } from './harness.ts'

const harness = useHarness()
const WHOLE = [
  'A **long** answer, with a list and some code:\n\n',
  '1. first\n2. second, _with stress_\n\n```py\ndef f(x):\n    return x  # два\n```\n\n',
  'The end comes after the code, and not before.',
].join('')
const QUESTION = [{ role: 'user', content: 'a question' }] as const
const CLAUDE = 'anthropic/claude-haiku-4.5'

function ask(model: string, said: string, models = [model]) {
  harness.answer = () => WHOLE
  const texts: string[] = []
  const answered = continueAnswers(harness.client, { models }).answer(
    { model, messages: QUESTION, said },
    { onDelta: (text) => void texts.push(text) },
  )
  return { answered, texts }
}

test('wherever an answer broke off, the joined text is the one that an unbroken answer would have been', async () => {
  for (let at = 60; at <= WHOLE.length; at++) {
    const { answered, texts } = ask(CLAUDE, WHOLE.slice(0, at))
    expect([at, await answered]).toEqual([at, expect.objectContaining({ kind: 'answered', text: WHOLE })])
    for (const text of texts) expect(WHOLE.startsWith(text)).toBe(true)
  }
  const asked = harness.simulator.requests()
  expect(asked).toHaveLength(WHOLE.length - 59)
  expect(asked.every(({ messages }) => messages.length === 2)).toBe(true)
  // Only what was missing is paid for.
  expect(asked.at(-1)?.text.length).toBeLessThan(20)
})

test.each([
  ['cuts the space that its piece begins with', 'amazon/nova-lite-v1'],
  ['repeats the beginning', 'mistralai/mistral-nemo'],
])('a provider that %s does not hurt the seam', async (_what, model) => {
  for (let at = 60; at <= WHOLE.length; at += 7) {
    const { answered, texts } = ask(model, WHOLE.slice(0, at))
    expect(await answered).toMatchObject({ kind: 'answered', text: WHOLE })
    for (const text of texts) expect(WHOLE.startsWith(text)).toBe(true)
  }
})

test('a model that is not known to go on answers anew, and so does one that refuses a beginning', async () => {
  const said = WHOLE.slice(0, 80)
  expect(await ask('openai/gpt-4o-mini', said, [CLAUDE]).answered).toMatchObject({ text: WHOLE })
  expect(harness.simulator.requests().at(-1)?.messages).toEqual(QUESTION)
  harness.simulator.faults.add({ preset: 'bad_request', times: 1 })
  expect(await ask(CLAUDE, said).answered).toMatchObject({ text: WHOLE })
  expect(harness.simulator.requests().map(({ messages }) => messages.length)).toEqual([1, 2, 1])
})

test('a few words are begun anew, and a text without spaces is taken up where it ends', async () => {
  await ask(CLAUDE, 'A **long** answer').answered
  expect(harness.simulator.requests().at(-1)?.messages).toHaveLength(1)
  const dense = `длинный ответ без пробелов: ${'字'.repeat(400)}`
  harness.answer = () => dense
  const outcome = await continueAnswers(harness.client, { models: [CLAUDE] }).answer({
    ...{ model: CLAUDE, messages: QUESTION, said: dense.slice(0, 300) },
  })
  expect(outcome).toMatchObject({ kind: 'answered', text: dense })
})

test('what breaks again keeps both pieces, and what is only the beginning again is nothing new', async () => {
  const said = WHOLE.slice(0, 100)
  const cut = (afterChunks: number): OpenRouterFault => ({ kind: 'cut', afterChunks, times: 1 })
  harness.simulator.faults.add(cut(6))
  const broken = await ask(CLAUDE, said).answered
  expect(broken).toMatchObject({ kind: 'failed', fault: { code: 'broken_stream' } })
  const partial = broken.kind === 'failed' ? broken.partial : ''
  expect(WHOLE.startsWith(partial)).toBe(true)
  expect(partial.length).toBeGreaterThan(said.length)
  harness.simulator.faults.add(cut(2))
  expect(await ask('mistralai/mistral-nemo', said).answered).toMatchObject({ kind: 'failed', partial: said })
})

test('a model that has nothing to add has said that the answer was whole', async () => {
  harness.simulator.faults.add({ kind: 'empty', times: 1 })
  const { answered } = ask(CLAUDE, `${WHOLE} `)
  expect(await answered).toMatchObject({ kind: 'answered', text: `${WHOLE} `, usage: { isKnown: true } })
})

test('thoughts before the rest of an answer stay out of it, and tags that belong to it stay in', async () => {
  harness.answer = () => `<think>where was I?</think>\n\n${WHOLE}`
  const model = 'mistralai/mistral-nemo'
  const { answer } = continueAnswers(harness.client, { models: [model, CLAUDE] })
  const thought = await answer({ model, messages: QUESTION, said: WHOLE.slice(0, 100) })
  expect(thought).toMatchObject({ kind: 'answered', text: WHOLE })
  const tags =
    'Models put what they think between two tags: <think> opens it, </think> closes it. That is all.'
  harness.answer = () => tags
  const messages = [{ role: 'user', content: 'What is <think>?' }] as const
  for (let at = 45; at < tags.length; at++) {
    expect(await answer({ model: CLAUDE, messages, said: tags.slice(0, at) })).toMatchObject({ text: tags })
  }
})

test('fallbacks that would answer anew are left out while an answer goes on', async () => {
  const said = WHOLE.slice(0, 100)
  harness.answer = () => WHOLE
  await continueAnswers(harness.client, { models: ['anthropic/*'] }).answer({
    ...{ model: CLAUDE, messages: QUESTION, said },
    fallbackModels: ['openai/gpt-4o-mini', 'anthropic/claude-3.5-haiku'],
  })
  expect(harness.simulator.requests()[0]?.fallbackModels).toEqual(['anthropic/claude-3.5-haiku'])
  expect(JSON.stringify(harness.simulator.requests())).not.toContain(KEY)
})

test('patterns name whole ids, variants included', () => {
  const canContinue = continuing(['anthropic/claude-3*', 'deepseek/deepseek-chat'])
  expect(
    ['anthropic/claude-3.5-haiku', 'anthropic/claude-3.5-haiku:beta', 'deepseek/deepseek-chat'].map(
      canContinue,
    ),
  ).toEqual([true, true, true])
  expect(
    ['anthropic/claude-opus-4.6', 'deepseek/deepseek-chat-v3.1', 'x/deepseek/deepseek-chat'].map(canContinue),
  ).toEqual([false, false, false])
  expect(continuing([])('')).toBe(false)
})
