import { expect, test } from 'vitest'
import { askWithTries } from '../src/ask-with-tries.ts'
import { TREATMENTS } from '../src/fault-treatment.ts'
import type { FaultCode, ModelAnswer, PromptMessage } from '../src/ports.ts'
import { createTextBook } from '../src/texts.ts'
import { assistant, FAULT, openTurn, user } from './open-turn.ts'

const ANSWERED = { kind: 'answered', text: 'yes' } as const
const system: PromptMessage = { role: 'system', content: 'Be brief.' }
const failed = (code: FaultCode, more: Partial<Extract<ModelAnswer, { kind: 'failed' }>> = {}) =>
  ({ kind: 'failed', code, retryable: false, partial: '', ...more }) as const

test('a prompt that is too long is sent once more with the newer half of the conversation, and no third time', async () => {
  const talk = [
    user('1'.repeat(50)),
    assistant('2'.repeat(50)),
    user('3'.repeat(50)),
    assistant('4'),
    user('5'),
  ]
  const once = openTurn({ answers: [failed('context_too_long'), ANSWERED] })
  expect(await askWithTries(once.turn, [system, ...talk])).toEqual(ANSWERED)
  expect(once.prompts[1]).toEqual([system, ...talk.slice(2)])
  expect(once.paused).toEqual([])
  const twice = openTurn({ answers: [failed('context_too_long'), failed('context_too_long')] })
  expect(await askWithTries(twice.turn, [system, ...talk])).toMatchObject({ code: 'context_too_long' })
  expect(twice.prompts).toHaveLength(2)
})

test('a question that is too long by itself is told at once', async () => {
  const { turn, prompts } = openTurn({ answers: [failed('context_too_long')] })
  expect(await askWithTries(turn, [system, user('long')])).toMatchObject({ code: 'context_too_long' })
  expect(prompts).toHaveLength(1)
})

test('what is kept of a conversation begins with a question, and always ends with the newest', async () => {
  const talk = [user('a'), assistant('b'), user('c'), assistant('d'.repeat(9)), user('e'.repeat(100))]
  const { turn, prompts } = openTurn({ answers: [failed('context_too_long'), ANSWERED] })
  await askWithTries(turn, [system, ...talk])
  expect(prompts[1]).toEqual([system, talk.at(-1)])
})

test('where another model may be asked at once nobody waits', async () => {
  const { turn, paused, prompts } = openTurn({ answers: [{ ...FAULT, retryAfterMs: 0 }, ANSWERED] })
  expect(await askWithTries(turn, [user('hello')])).toEqual(ANSWERED)
  expect([paused, prompts.length]).toEqual([[], 2])
})

test('the longest text of all tries is kept', async () => {
  const answers = ['Once upon a', 'Once', ''].map((partial) => ({ ...FAULT, partial }))
  const { turn } = openTurn({ answers })
  expect(await askWithTries(turn, [user('a tale')])).toMatchObject({ kind: 'failed', partial: 'Once upon a' })
})

test('every fault has its treatment and its words, and the owner is named where only the owner can help', () => {
  for (const language of ['en', 'ru'] as const) {
    const { faults } = createTextBook().in(language)
    for (const [code, { isForOperator }] of Object.entries(TREATMENTS)) {
      const text = faults[code as FaultCode]
      expect(text).not.toBe('')
      if (/owner|владелец/i.test(text)) expect([code, isForOperator]).toEqual([code, true])
    }
    expect(Object.keys(faults).sort()).toEqual(Object.keys(TREATMENTS).sort())
  }
})
