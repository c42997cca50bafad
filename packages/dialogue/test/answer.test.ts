import { expect, test } from 'vitest'
import { answerText } from '../src/answer.ts'
import type { ModelAnswer, TurnPort } from '../src/ports.ts'

const FAULT = { kind: 'failed', code: 'provider_down', retryable: true, partial: '' } as const

function openTurn(answers: ModelAnswer[]) {
  const replies: string[] = []
  const paused: number[] = []
  const turn: TurnPort = {
    memory: { state: 'new', settings: { language: 'en' }, context: { generation: 0, messages: [] } },
    texts: [],
    addressed: true,
    reply: (markdown) => void replies.push(markdown),
    ask: async () => answers.shift() ?? FAULT,
    isBudgetSpent: async () => false,
  }
  const settings = {
    systemPrompt: 'Be brief.',
    contextMaxTokens: 1000,
    pause: async (ms: number) => void paused.push(ms),
  }
  return { turn, replies, paused, settings }
}

test('question and answer enter the context', async () => {
  const { turn, replies, settings } = openTurn([{ kind: 'answered', text: 'yes' }])
  await answerText(turn, 'really?', settings)
  expect(replies).toEqual(['yes'])
  expect(turn.memory.context.messages).toEqual([
    { role: 'user', content: 'really?' },
    { role: 'assistant', content: 'yes' },
  ])
})

test('a fault that passes is waited out, as long as the model asks', async () => {
  const { turn, replies, paused, settings } = openTurn([
    { ...FAULT, retryAfterMs: 700 },
    FAULT,
    { kind: 'answered', text: 'yes' },
  ])
  await answerText(turn, 'really?', settings)
  expect(paused).toEqual([700, 2000])
  expect(replies).toEqual(['yes'])
})

test('a fault that stays is told once; the question is kept and no answer is made up', async () => {
  const { turn, replies, settings } = openTurn([])
  await answerText(turn, 'really?', settings)
  expect(replies).toHaveLength(1)
  expect(turn.memory.context.messages).toEqual([{ role: 'user', content: 'really?' }])
})

test('a wait that is too long to sit out is told at once', async () => {
  const { turn, replies, paused, settings } = openTurn([{ ...FAULT, retryAfterMs: 60_000 }])
  await answerText(turn, 'really?', settings)
  expect([paused, replies.length]).toEqual([[], 1])
})

test('what was said before the stream broke is shown, and marked', async () => {
  const broken = { kind: 'failed', code: 'moderated', retryable: false, partial: 'Once upon' } as const
  const { turn, replies, settings } = openTurn([broken])
  await answerText(turn, 'a tale', settings)
  expect(replies[0]).toMatch(/^Once upon\n\n_The answer broke off here\._ The model declined/)
})
