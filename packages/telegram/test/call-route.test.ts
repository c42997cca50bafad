import { describe, expect, test } from 'vitest'
import { answerOf, floodAnswer } from '../src/bot-answer.ts'
import { callChat, routeOf } from '../src/call-route.ts'

describe('the way of a call', () => {
  test.each([
    'sendMessage',
    'SENDPHOTO',
    'sendMediaGroup',
    'sendInvoice',
    'copyMessages',
    'forwardMessage',
    'editMessageText',
    'editMessageReplyMarkup',
    'deleteMessage',
    'deleteBusinessMessages',
    'stopPoll',
    'setMessageReaction',
  ])('%s posts: it waits for its turn', (method) => expect(routeOf(method)).toBe('outbox'))

  test.each([
    'answerCallbackQuery',
    'answerInlineQuery',
    'answerPreCheckoutQuery',
    'answerShippingQuery',
    'answerGuestQuery',
    'answerWebAppQuery',
  ])('%s answers someone who waits: at once', (method) => expect(routeOf(method)).toBe('answer'))

  test.each([
    'getMe',
    'getUpdates',
    'sendChatAction',
    'sendMessageDraft',
    'banChatMember',
    'restrictChatMember',
    'pinChatMessage',
    'setMyCommands',
    'deleteMyCommands',
    'deleteWebhook',
    'editForumTopic',
    'createInvoiceLink',
    'leaveChat',
  ])('%s posts nothing: at once', (method) => expect(routeOf(method)).toBe('direct'))
})

describe('the chat of a call', () => {
  test('is a number, a number as text, or the name of a channel', () => {
    expect(callChat({ chat_id: -100123 })).toBe('-100123')
    expect(callChat({ chat_id: '77' })).toBe('77')
    expect(callChat({ chat_id: '@news' })).toBe('@news')
    expect(callChat({ user_id: 5 })).toBe('5')
  })

  test('is made up for what names none, and stays the same', () => {
    const inline = callChat({ inline_message_id: 'abc' })
    expect(inline).toMatch(/^9\d{17}$/)
    expect(callChat({ inline_message_id: 'abc' })).toBe(inline)
    expect(callChat({ inline_message_id: 'abd' })).not.toBe(inline)
  })

  test('is none where nothing is named', () => {
    for (const payload of [{}, { chat_id: 'a b' }, { chat_id: 1.5 }, { chat_id: null }])
      expect(callChat(payload)).toBeUndefined()
  })
})

describe('the answer of a call', () => {
  test('is what Telegram said', () => {
    expect(answerOf({ kind: 'ok', result: true })).toEqual({ ok: true, result: true })
    const refused = { kind: 'refused', code: 403, description: 'Forbidden: x', reason: 'blocked' } as const
    expect(answerOf(refused)).toEqual({ ok: false, error_code: 403, description: 'Forbidden: x' })
    expect(answerOf({ ...refused, code: 400, reason: 'migrated', migrateToChatId: -1002 })).toMatchObject({
      parameters: { migrate_to_chat_id: -1002 },
    })
  })

  test('says how long to wait, in whole seconds', () => {
    const answer = { error_code: 429, parameters: { retry_after: 3 } }
    expect(floodAnswer(2001)).toMatchObject({ ...answer, description: 'Too Many Requests: retry after 3' })
    expect(answerOf({ kind: 'flood', retryAfterMs: 3000 })).toMatchObject(answer)
  })

  test('tells what Telegram never answered as a proxy does', () => {
    expect(answerOf({ kind: 'server-error', status: 500 })).toMatchObject({ error_code: 500 })
    expect(answerOf({ kind: 'not-sent', detail: 'ECONNREFUSED' })).toMatchObject({ error_code: 502 })
    expect(answerOf({ kind: 'unknown', detail: 'timeout' })).toMatchObject({ error_code: 504 })
  })
})
