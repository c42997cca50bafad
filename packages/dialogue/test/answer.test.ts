import { expect, test } from 'vitest'
import { answerText } from '../src/answer.ts'
import { createTextBook } from '../src/texts.ts'
import { assistant, FAULT, openTurn, SPENT, user } from './open-turn.ts'

const SETTINGS = { systemPrompt: 'Be brief.', contextMaxTokens: 1000, texts: createTextBook() }
const ask = (content: string) => ({ before: [], question: { content } })

test('question and answer enter the context', async () => {
  const { turn, replies } = openTurn({ answers: [{ kind: 'answered', text: 'yes' }] })
  await answerText(turn, ask('really?'), SETTINGS)
  expect(replies).toEqual([{ text: 'yes', command: false }])
  expect(turn.memory.context.messages).toEqual([user('really?'), assistant('yes')])
})

test('a fault that passes is waited out, as long as the model asks', async () => {
  const { turn, replies, paused } = openTurn({
    answers: [{ ...FAULT, retryAfterMs: 700 }, FAULT, { kind: 'answered', text: 'yes' }],
  })
  await answerText(turn, ask('really?'), SETTINGS)
  expect(paused).toEqual([700, 2000])
  expect(replies.map(({ text }) => text)).toEqual(['yes'])
})

test('a fault that stays is told once; the question is kept and no answer is made up', async () => {
  const { turn, replies } = openTurn()
  await answerText(turn, ask('really?'), SETTINGS)
  expect(replies).toHaveLength(1)
  expect(turn.memory.context.messages).toEqual([user('really?')])
})

test('a wait that is too long to sit out is told at once', async () => {
  const { turn, replies, paused } = openTurn({ answers: [{ ...FAULT, retryAfterMs: 60_000 }] })
  await answerText(turn, ask('really?'), SETTINGS)
  expect([paused, replies.length]).toEqual([[], 1])
})

test('a model with a small window gets no more than it takes, whatever the settings allow', async () => {
  const before = Array.from({ length: 20 }, (_, n) => user(`${n} `.padEnd(100, 'x')))
  const answered = { kind: 'answered', text: 'yes' } as const
  const wide = openTurn({ answers: [answered] })
  await answerText(wide.turn, { before, question: { content: 'really?' } }, SETTINGS)
  expect(wide.prompts[0]).toHaveLength(22)
  const narrow = openTurn({ answers: [answered], promptTokens: 200 })
  await answerText(narrow.turn, { before, question: { content: 'really?' } }, SETTINGS)
  expect(narrow.prompts[0]?.length).toBeLessThan(10)
  expect(narrow.prompts[0]?.at(-1)).toEqual(user('really?'))
})

test('what was said before the stream broke is shown, and marked', async () => {
  const broken = { kind: 'failed', code: 'moderated', retryable: false, partial: 'Once upon' } as const
  const { turn, replies } = openTurn({ answers: [broken] })
  await answerText(turn, ask('a tale'), SETTINGS)
  expect(replies[0]?.text).toMatch(/^Once upon\n\n_The answer broke off here\._ The model declined/)
})

test('an answer that is stopped is posted and remembered as far as it went, and who stopped it', async () => {
  const { turn, replies, paused } = openTurn({ answers: [{ kind: 'stopped', text: 'Once upon', by: 51 }] })
  await answerText(turn, ask('a tale'), SETTINGS)
  expect(replies).toEqual([{ text: 'Once upon', command: false }])
  expect(turn.memory.context.messages).toEqual([user('a tale'), assistant('Once upon')])
  expect(turn.memory.stoppedBy).toBe(51)
  expect(paused).toEqual([])
})

test('an answer that is stopped before its first word leaves the question alone in the context', async () => {
  for (const text of ['', ' \n']) {
    const { turn, replies } = openTurn({ answers: [{ kind: 'stopped', text, by: 51 }] })
    await answerText(turn, ask('a tale'), SETTINGS)
    expect(replies).toEqual([{ text: 'Stopped before the model began to answer.', command: false }])
    expect(turn.memory.context.messages).toEqual([user('a tale')])
    expect(turn.memory.stoppedBy).toBe(51)
  }
})

test('an answer that is stopped between two tries is tried no more', async () => {
  const { turn, replies, prompts } = openTurn({ answers: [FAULT, { kind: 'stopped', text: '', by: 51 }] })
  await answerText(turn, ask('a tale'), SETTINGS)
  expect([prompts.length, replies.length]).toEqual([2, 1])
})

test('where nobody may pay it is told whose limit that is and when it opens, and nothing is remembered', async () => {
  for (const [decline, said] of [
    [SPENT, "The bot's budget for today is spent. It opens again tomorrow (UTC)."],
    [{ why: 'spent', whose: 'user', period: 'month' }, /^You have used up what you may use this month/],
    [{ why: 'spent', whose: 'chat', period: 'day' }, /^This chat has used up what it may use today/],
    [{ why: 'cooling', waitMs: 1200 }, 'One question at a time, please: ask again in 2 s.'],
  ] as const) {
    const { turn, replies, prompts } = openTurn({ answers: [{ kind: 'declined', decline }] })
    await answerText(turn, ask('really?'), SETTINGS)
    const text = typeof said === 'string' ? said : expect.stringMatching(said)
    expect(replies).toEqual([{ text, command: false, aside: true }])
    expect([prompts.length, turn.memory.context.messages]).toEqual([1, []])
  }
})

test('an answer that was cut at its longest length says so, and is remembered without that', async () => {
  const { turn, replies } = openTurn({ answers: [{ kind: 'answered', text: 'Once upon', isCut: true }] })
  await answerText(turn, ask('a tale'), SETTINGS)
  expect(replies.map(({ text }) => text)).toEqual([
    'Once upon\n\n_The answer has reached its longest length. Write “go on” to get the rest._',
  ])
  expect(turn.memory.context.messages).toEqual([user('a tale'), assistant('Once upon')])
})

test('a conversation that fills its room is answered as it is, and its oldest part is to be summed up', async () => {
  const before = Array.from({ length: 12 }, (_, n) => (n % 2 ? assistant : user)(`${n} `.padEnd(280, 'x')))
  const settings = { ...SETTINGS, isSummedUp: true }
  const { turn, prompts, wishes } = openTurn({ answers: [{ kind: 'answered', text: 'yes' }] })
  turn.memory = { ...turn.memory, context: { generation: 2, first: 6, messages: before } }
  await answerText(turn, { before, question: { content: 'really?' } }, settings)
  expect(prompts[0]).toHaveLength(14)
  expect(turn.memory.context).toEqual({
    generation: 2,
    first: 6,
    messages: [...before, user('really?'), assistant('yes')],
  })
  expect(wishes).toEqual([{ generation: 2, upTo: 14, promptTokens: 1000 }])
})

test('what was summed up goes before the conversation, with every question, and is kept', async () => {
  const summary = { text: 'The code is Granite-42.', upTo: 30 }
  const { turn, prompts } = openTurn({ answers: [{ kind: 'answered', text: 'Granite-42' }] })
  turn.memory = { ...turn.memory, context: { generation: 0, first: 30, messages: [], summary } }
  await answerText(turn, ask('what is the code?'), SETTINGS)
  expect(prompts[0]?.map(({ role }) => role)).toEqual(['system', 'system', 'user'])
  expect(prompts[0]?.[1]?.content).toMatch(
    /^⟦notes on the earlier conversation.*⟧\nThe code is Granite-42\.\n⟦/,
  )
  expect(turn.memory.context).toMatchObject({ first: 30, summary })
})
