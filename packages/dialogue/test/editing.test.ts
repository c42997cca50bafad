import { expect, test } from 'vitest'
import { askedOf, editedQuestion } from '../src/editing.ts'
import { assistant, runUpdate, type TurnStart, talkedOf, user } from './open-turn.ts'

const ANNA = { id: 7, is_bot: false, first_name: 'Anna', language_code: 'en' }
const CHAT = { id: 7, type: 'private', first_name: 'Anna' }
const YES = { kind: 'answered', text: 'anew' } as const

/** Edits message 9, which was asked in the stream 40 after something else. */
const edit = (text: string, start: TurnStart = {}, contents = ['two']) =>
  runUpdate(
    { edited_message: { message_id: 9, date: 1, edit_date: 2, chat: CHAT, from: ANNA, text } },
    {
      texts: [text],
      answers: [YES],
      stream: '40',
      memory: {
        ...talkedOf(user('one'), assistant('1'), user(contents.join('\n')), assistant('2')),
        asked: askedOf({ messageIds: contents.map((_, nth) => 9 - nth), stream: '40' }, contents),
      },
      ...start,
    },
  )

test('the newest question is asked anew as it reads now, and its answer takes the place of the one before', async () => {
  const { turn, prompts, replies } = await edit('three')
  expect(prompts).toEqual([
    [{ role: 'system', content: 'Be brief.' }, user('one'), assistant('1'), user('three')],
  ])
  expect(replies).toEqual([{ text: 'anew', command: false }])
  expect(turn.memory.context.messages).toEqual([
    user('one'),
    assistant('1'),
    user('three'),
    assistant('anew'),
  ])
  expect(turn.memory.asked?.stream).toBe('40')
})

test('a question that was edited can be edited again', async () => {
  const first = await edit('three')
  const second = await edit('four', { memory: first.turn.memory })
  expect(second.turn.memory.context.messages.slice(2)).toEqual([user('four'), assistant('anew')])
})

test('of several messages that were asked as one only the edited one changes', async () => {
  const { prompts } = await edit('TWO', {}, ['two', 'three'])
  expect(prompts[0]?.at(-1)).toEqual(user('TWO\nthree'))
})

test('an edit that changes nothing that is said is no question', async () => {
  const { prompts, replies } = await edit('two')
  expect([prompts, replies]).toEqual([[], []])
})

test('an older message, and one whose conversation has begun anew, is passed over', async () => {
  const talked = talkedOf(user('one'), assistant('1'))
  const older = { ...talked, asked: askedOf({ messageIds: [10], stream: '41' }, ['one']) }
  const overtaken = { ...talked, asked: askedOf({ messageIds: [9], stream: '41' }, ['two']) }
  for (const memory of [older, overtaken, talked, talkedOf()]) {
    const { prompts, replies } = await edit('three', { memory })
    expect([prompts, replies]).toEqual([[], []])
  }
})

test('whoever may not talk to the bot may not by editing', async () => {
  const message = { message_id: 9, date: 1, edit_date: 2, chat: CHAT, from: ANNA, text: 'three' }
  const memory = { ...talkedOf(user('two')), asked: askedOf({ messageIds: [9], stream: '40' }, ['two']) }
  const start = { texts: ['three'], memory, answers: [YES] }
  const { prompts } = await runUpdate({ edited_message: message }, start, { allowedUsers: new Set(['8']) })
  expect(prompts).toEqual([])
})

test('what is remembered of a single message is not its text', () => {
  const asked = askedOf({ messageIds: [9], stream: '40' }, ['a secret'])
  expect(JSON.stringify(asked)).not.toContain('secret')
  expect(
    editedQuestion(
      { state: 'new', settings: {}, ...talkedOf(user('a secret')), asked },
      {
        messageId: 9,
        content: 'another',
      },
    )?.question,
  ).toEqual({ before: [], question: { content: 'another' } })
})
