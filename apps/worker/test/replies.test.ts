import type { Delivery, Turn } from '@chatlane/lanes'
import { expect, test } from 'vitest'
import { createReplies } from '../src/replies.ts'

const LANE = { botId: '1', homeId: '7', place: '' }
const KEYBOARD = [[{ text: 'Yes', callbackData: 'yes' }]]

const open = () => createReplies({ lane: LANE, turnId: 'turn', items: [] } as unknown as Turn, 9)
const shown = (deliveries: Delivery[]) =>
  deliveries.map(({ id, class: kind, stream, payload }) => ({
    ...{ id, kind, stream },
    ...JSON.parse(payload),
  }))

test('a keyboard stands below the last page of its reply, and only there', () => {
  const replies = open()
  replies.add('x '.repeat(3000), { command: true, keyboard: KEYBOARD })
  replies.add('after', {})
  expect(shown(replies.deliveries(undefined)).map(({ keyboard, kind }) => [kind, keyboard])).toEqual([
    [0, undefined],
    [0, KEYBOARD],
    [1, undefined],
  ])
})

test('what stands aside is no page of the stream that shows the answer', () => {
  const replies = open()
  replies.add('The model is gone.', { command: true, aside: true })
  replies.add('Hello', {})
  expect(shown(replies.deliveries('42'))).toMatchObject([
    { id: 'turn.0', kind: 0, stream: undefined, text: 'The model is gone.', replyToMessageId: 9 },
    { id: 'turn.1', kind: 1, stream: '42', text: 'Hello', page: { index: 0, of: 1 } },
  ])
})

test('a stream ends also where only something aside was said', () => {
  const replies = open()
  replies.add('Choose', { keyboard: KEYBOARD })
  expect(shown(replies.deliveries('42'))).toMatchObject([
    { id: 'turn.0', stream: undefined, keyboard: KEYBOARD },
    { id: 'turn.1', stream: '42', page: { index: 0, of: 0 } },
  ])
})
