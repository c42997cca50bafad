/** Polls: what bots ask and people answer. */
import { expect, test } from 'vitest'
import { call, startSimulator, updates } from './raw-client.ts'

const lunch = { chat_id: 5, question: 'Lunch?', options: ['Pizza', { text: 'Salad' }] }

test('a poll is posted open and without votes, and anonymous unless it says otherwise', async () => {
  const simulator = await startSimulator()
  const { poll } = (await call(simulator, 'sendPoll', lunch)).result
  expect(poll).toMatchObject({
    question: 'Lunch?',
    options: [
      { text: 'Pizza', voter_count: 0, persistent_id: '0' },
      { text: 'Salad', voter_count: 0, persistent_id: '1' },
    ],
    total_voter_count: 0,
    is_closed: false,
    is_anonymous: true,
    type: 'regular',
    allows_multiple_answers: false,
    allows_revoting: true,
  })
})

test('a poll that Telegram would not make is refused', async () => {
  const simulator = await startSimulator()
  const refusal = async (params: object) =>
    (await call(simulator, 'sendPoll', { ...lunch, ...params })).description
  const quiz = { type: 'quiz' }
  expect(await refusal({ question: ' ' })).toBe('Bad Request: text must be non-empty')
  expect(await refusal({ options: undefined })).toBe("Bad Request: can't parse options JSON object")
  expect(await refusal({ options: [] })).toBe('Bad Request: poll must have at least one answer option')
  expect(await refusal({ options: Array(13).fill('a') })).toBe(
    "Bad Request: poll can't have more than 12 options",
  )
  expect(await refusal({ options: ['a', 'x'.repeat(101)] })).toBe(
    'Bad Request: poll options length must not exceed 100',
  )
  expect(await refusal({ type: 'riddle' })).toBe('Bad Request: unsupported poll type specified')
  expect(await refusal(quiz)).toBe('Bad Request: correct quiz option list must be non-empty')
  expect(await refusal({ ...quiz, correct_option_id: 2 })).toBe('Bad Request: wrong quiz correct_option_id')
})

test('a vote in an open poll tells the voter and the counts, an anonymous one the counts only', async () => {
  const simulator = await startSimulator()
  const open = (await call(simulator, 'sendPoll', { ...lunch, is_anonymous: false })).result
  const secret = (await call(simulator, 'sendPoll', lunch)).result
  simulator.phone.vote({ from: 5, messageId: open.message_id, optionIds: [1] })
  simulator.phone.vote({ from: 5, messageId: secret.message_id, optionIds: [0] })
  simulator.phone.vote({ from: 5, messageId: secret.message_id, optionIds: [0] })
  expect(await updates(simulator)).toMatchObject([
    {
      poll_answer: {
        poll_id: open.poll.id,
        user: { id: 5 },
        option_ids: [1],
        option_persistent_ids: ['1'],
      },
    },
    { poll: { id: open.poll.id, total_voter_count: 1, options: [{ voter_count: 0 }, { voter_count: 1 }] } },
    { poll: { id: secret.poll.id, total_voter_count: 1 } },
  ])
  expect(simulator.message(5, open.message_id)?.message.poll).toMatchObject({ total_voter_count: 1 })
})

test('a vote is changed and taken back, in a quiz it is not', async () => {
  const simulator = await startSimulator()
  const poll = (await call(simulator, 'sendPoll', { ...lunch, is_anonymous: false })).result
  const quiz = (await call(simulator, 'sendPoll', { ...lunch, type: 'quiz', correct_option_id: 1 })).result
  expect(quiz.poll).toMatchObject({ correct_option_id: 1, correct_option_ids: [1], allows_revoting: false })
  const vote = (messageId: number, optionIds: number[]) =>
    simulator.phone.vote({ from: 5, messageId, optionIds })
  vote(poll.message_id, [0])
  vote(poll.message_id, [1])
  expect(vote(poll.message_id, [])).toMatchObject({ total_voter_count: 0 })
  const answers = (await updates(simulator)).filter(({ poll_answer }) => poll_answer !== undefined)
  expect(answers).toMatchObject([0, 1, 2].map((at) => ({ poll_answer: { option_ids: [[0], [1], []][at] } })))
  expect(() => vote(poll.message_id, [0, 1])).toThrow(/one answer/)
  expect(() => vote(poll.message_id, [7])).toThrow(/no such option/)
  vote(quiz.message_id, [0])
  expect(() => vote(quiz.message_id, [1])).toThrow(/can not be changed/)
})

test('a stopped poll takes no votes, keeps them, and is stopped once', async () => {
  const simulator = await startSimulator()
  const reply_markup = { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] }
  const { message_id } = (await call(simulator, 'sendPoll', { ...lunch, reply_markup })).result
  simulator.phone.vote({ from: 5, messageId: message_id, optionIds: [0] })
  const stop = (id: number) => call(simulator, 'stopPoll', { chat_id: 5, message_id: id })
  expect((await stop(message_id)).result).toMatchObject({ is_closed: true, total_voter_count: 1 })
  expect((await updates(simulator)).at(-1)).toMatchObject({ poll: { is_closed: true } })
  expect(simulator.message(5, message_id)?.message.reply_markup).toBeUndefined()
  expect((await stop(message_id)).description).toBe('Bad Request: poll has already been closed')
  expect((await stop(99)).description).toBe('Bad Request: message with poll to stop not found')
  const { message_id: text } = simulator.phone.sendText({ from: 5, text: 'no poll' })
  expect((await stop(text)).description).toBe('Bad Request: message is not a poll')
  expect(() => simulator.phone.vote({ from: 5, messageId: message_id, optionIds: [1] })).toThrow(/closed/)
})

test('a forward shows the same poll, a copy one of its own', async () => {
  const simulator = await startSimulator()
  const sent = (await call(simulator, 'sendPoll', lunch)).result
  const source = { chat_id: 6, from_chat_id: 5, message_id: sent.message_id }
  const forwarded = (await call(simulator, 'forwardMessage', source)).result
  const copied = (await call(simulator, 'copyMessage', source)).result
  simulator.phone.vote({ from: 6, messageId: forwarded.message_id, optionIds: [0] })
  simulator.phone.vote({ from: 5, messageId: sent.message_id, optionIds: [0] })
  const voters = (chat: number, id: number) => simulator.message(chat, id)?.message.poll
  for (const shown of [voters(5, sent.message_id), voters(6, forwarded.message_id)]) {
    expect(shown).toMatchObject({ id: sent.poll.id, total_voter_count: 2 })
  }
  expect(voters(6, copied.message_id)).toMatchObject({ total_voter_count: 0 })
  await call(simulator, 'stopPoll', { chat_id: 5, message_id: sent.message_id })
  expect(voters(6, forwarded.message_id)).toMatchObject({ is_closed: true })
  const later = (await call(simulator, 'copyMessage', source)).result
  expect(voters(6, later.message_id)).toMatchObject({ is_closed: false })
})
