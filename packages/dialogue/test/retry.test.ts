import { expect, test } from 'vitest'
import { assistant, runText, SPENT, talkedOf, user } from './open-turn.ts'

const TALKED = talkedOf(user('one'), assistant('1'), user('two'), assistant('2'))
const YES = { kind: 'answered', text: 'anew' } as const

test('the last question is asked anew without the answer that it had, which is replaced', async () => {
  const { turn, prompts, replies } = await runText('/retry', { memory: TALKED, answers: [YES] })
  expect(prompts).toEqual([
    [{ role: 'system', content: 'Be brief.' }, user('one'), assistant('1'), user('two')],
  ])
  expect(replies).toEqual([{ text: 'anew', command: false }])
  expect(turn.memory.context.messages).toEqual([user('one'), assistant('1'), user('two'), assistant('anew')])
})

test('whoever edits the question afterwards has the newer answer made anew', async () => {
  const asked = { stream: '40', messages: [{ id: 9 }], digest: 'x' }
  const { turn } = await runText('/retry', { memory: { ...TALKED, asked }, answers: [YES], stream: '60' })
  expect(turn.memory.asked).toEqual({ ...asked, stream: '60' })
})

test('a question that was never answered is asked again, once', async () => {
  const memory = talkedOf(user('one'), assistant('1'), user('two'))
  const { turn } = await runText('/retry', { memory, answers: [YES] })
  expect(turn.memory.context.messages).toEqual([user('one'), assistant('1'), user('two'), assistant('anew')])
})

test('an answer that fails again leaves its question for another retry', async () => {
  const { turn } = await runText('/retry', { memory: TALKED })
  expect(turn.memory.context.messages).toEqual([user('one'), assistant('1'), user('two')])
})

test('where nothing was said there is nothing to answer anew', async () => {
  const english = await runText('/retry')
  expect(english.replies).toEqual([
    { text: 'There is nothing to answer again yet. Write a message first.', command: true },
  ])
  const russian = await runText('/retry', { language: 'ru' })
  expect(russian.replies[0]?.text).toBe('Отвечать заново пока не на что: сначала напишите сообщение.')
  expect([...english.prompts, ...russian.prompts]).toEqual([])
})

test('a spent budget keeps the answer that was there', async () => {
  const answers = [{ kind: 'declined', decline: SPENT } as const]
  const { turn, replies } = await runText('/retry', { memory: TALKED, answers })
  expect(replies[0]?.text).toMatch(/budget for today is spent/)
  expect(turn.memory.context).toEqual(TALKED.context)
})

test('who may not talk to the bot gets no answer anew', async () => {
  const { prompts, replies } = await runText('/retry', { memory: TALKED }, { allowedUsers: new Set(['8']) })
  expect(prompts).toEqual([])
  expect(replies[0]?.text).toMatch(/This bot is private/)
})

test('a retry for another bot of the group is none', async () => {
  const { prompts, replies } = await runText('/retry@other_bot', {
    memory: TALKED,
    inGroup: true,
    addressed: false,
  })
  expect([prompts, replies]).toEqual([[], []])
})
