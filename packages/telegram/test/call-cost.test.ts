import { expect, test } from 'vitest'
import { costOf, isRepeatable, itemsOf } from '../src/call-cost.ts'

test('sends, copies, forwards, edits and deletions count, and so does what is not known', () => {
  const methods = ['sendMessage', 'sendMediaGroup', 'copyMessages', 'forwardMessage', 'editMessageText']
  for (const method of [...methods, 'deleteMessages', 'sendWidget', 'somethingNew', 'setMessageReaction']) {
    expect([method, costOf(method)]).toEqual([method, 'counted'])
  }
})

test('chat actions and drafts count against a budget of their own', () => {
  for (const method of ['sendChatAction', 'sendMessageDraft', 'sendRichMessageDraft']) {
    expect([method, costOf(method)]).toEqual([method, 'action'])
  }
})

test('answers to queries and reads are free, however their names are written', () => {
  const answers = [
    'answerCallbackQuery',
    'answerInlineQuery',
    'answerPreCheckoutQuery',
    'answerShippingQuery',
  ]
  for (const method of [...answers, 'answerGuestQuery', 'getChatMember', 'getme', 'ANSWERCALLBACKQUERY']) {
    expect([method, costOf(method)]).toEqual([method, 'free'])
  }
})

test('a call may be made again where that changes nothing', () => {
  const harmless = ['editMessageText', 'editMessageReplyMarkup', 'deleteMessage', 'deleteMessages']
  for (const method of [
    ...harmless,
    'setMessageReaction',
    'sendMessageDraft',
    'getChat',
    'editmessagetext',
  ]) {
    expect([method, isRepeatable(method)]).toEqual([method, true])
  }
  for (const method of [
    'sendMessage',
    'sendMediaGroup',
    'copyMessage',
    'answerGuestQuery',
    'unpinChatMessage',
  ]) {
    expect([method, isRepeatable(method)]).toEqual([method, false])
  }
})

test('an album counts its items, and copies or forwards of several messages each of them', () => {
  const file = { fileId: 'AgAC' }
  const item = { type: 'photo' as const, file }
  expect(itemsOf({ method: 'sendMediaGroup', chatId: 1, items: [item, item, item] })).toBe(3)
  expect(itemsOf({ method: 'sendMediaGroup', payload: { media: [{}, {}] } })).toBe(2)
  expect(itemsOf({ method: 'sendMediaGroup', payload: { media: '[{},{},{}]' } })).toBe(3)
  expect(itemsOf({ method: 'copyMessages', payload: { message_ids: [1, 2, 3, 4] } })).toBe(4)
  expect(itemsOf({ method: 'forwardmessages', payload: { message_ids: '[1,2]' } })).toBe(2)
})

test('everything else counts as one, malformed lists too', () => {
  expect(itemsOf({ method: 'sendPhoto', chatId: 1, file: { fileId: 'AgAC' } })).toBe(1)
  expect(itemsOf({ method: 'deleteMessages', chatId: 1, messageIds: [1, 2, 3] })).toBe(1)
  expect(itemsOf({ method: 'sendMediaGroup', chatId: 1, items: [] })).toBe(1)
  expect(itemsOf({ method: 'sendMediaGroup', payload: { media: '[' } })).toBe(1)
  expect(itemsOf({ method: 'copyMessages', payload: {} })).toBe(1)
})
