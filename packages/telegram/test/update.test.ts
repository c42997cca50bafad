import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALLOWED_UPDATES } from '../src/allowed-updates.ts'
import { type ParsedUpdate, readUpdate } from '../src/update.ts'

const user = { id: 7, is_bot: false, first_name: 'A', language_code: 'de' }
const chat = { id: 7, type: 'private' }
const group = { id: -100123, type: 'supergroup', is_forum: true }

function parse(kind: Record<string, unknown>): ParsedUpdate {
  const reading = readUpdate({ update_id: 1, ...kind })
  if (reading.kind !== 'update') throw new Error(reading.problem)
  return reading.update
}

function message(fields: Record<string, unknown>): ParsedUpdate {
  return parse({ message: { message_id: 5, date: 1, chat, from: user, ...fields } })
}

describe('readUpdate', () => {
  test('a message belongs to its chat', () => {
    const raw = { update_id: 9, message: { message_id: 5, chat, from: user, text: 'hi' } }
    expect(readUpdate(raw)).toEqual({
      kind: 'update',
      update: {
        updateId: 9,
        type: 'message',
        chatId: 7,
        chatType: 'private',
        fromId: 7,
        languageCode: 'de',
        place: '',
        laneOwner: { chatId: 7 },
        queue: 'chat',
        mergeKey: '7',
        raw,
      },
    })
  })

  test('a forum topic is a place, a reply thread of an ordinary group is none', () => {
    expect(message({ chat: group, message_thread_id: 4, is_topic_message: true, text: 'x' }).place).toBe('t4')
    expect(message({ chat: group, message_thread_id: 4, text: 'x' }).place).toBe('')
  })

  test('a business connection comes before a direct-messages topic, and that before a thread', () => {
    const thread = { message_thread_id: 4, is_topic_message: true, text: 'x' }
    const topic = { ...thread, direct_messages_topic: { topic_id: 11 } }
    expect(message(topic).place).toBe('d11')
    expect(message({ ...topic, business_connection_id: 'aB_-9' }).place).toBe('baB_-9')
  })

  test('a business connection id that could not be a part of a key is no place', () => {
    expect(message({ business_connection_id: 'a}{b', text: 'x' }).place).toBe('')
  })

  test('a button waits in a lane of its user and knows its chat and topic', () => {
    const button = { message_id: 3, chat: group, message_thread_id: 4, is_topic_message: true }
    const update = parse({ callback_query: { id: '1', from: user, data: 'x', message: button } })
    expect(update).toMatchObject({ queue: 'query', laneOwner: { userId: 7 }, chatId: -100123, place: 't4' })
    expect(update.mergeKey).toBe('')
  })

  test('inline, pre-checkout and shipping queries wait in lanes of their users', () => {
    for (const type of ['inline_query', 'pre_checkout_query', 'shipping_query']) {
      const update = parse({ [type]: { id: '1', from: user } })
      expect(update).toMatchObject({ type, queue: 'query', laneOwner: { userId: 7 } })
      expect(update.chatId).toBeUndefined()
    }
  })

  test('what has no chat waits in its user’s chat lane, and what has neither in none', () => {
    expect(parse({ chosen_inline_result: { from: user } })).toMatchObject({
      queue: 'chat',
      laneOwner: { userId: 7 },
    })
    expect(parse({ business_connection: { id: 'b', user } }).laneOwner).toEqual({ userId: 7 })
    expect(parse({ poll: { id: '1' } }).laneOwner).toBeUndefined()
  })

  test('a stopped generation belongs to the topic it happened in', () => {
    const update = parse({ stopped_message_generation: { chat, message_thread_id: 6, draft_id: 1 } })
    expect(update).toMatchObject({ laneOwner: { chatId: 7 }, place: 't6', mergeKey: '' })
  })

  test('kinds that nobody knows yet are read as far as they can be', () => {
    expect(parse({ hologram: { chat: group, from: user } })).toMatchObject({
      type: 'hologram',
      laneOwner: { chatId: -100123 },
      fromId: 7,
      queue: 'chat',
      mergeKey: '',
    })
  })

  test.each([
    ['a text', { text: 'hi' }],
    ['a photo', { photo: [{ file_id: 'x' }], caption: 'c' }],
    ['a voice message', { voice: {} }],
    ['a forward', { text: 'x', forward_origin: { type: 'user' } }],
    ['a location', { location: {} }],
    [
      'a text with a command in its midst',
      { text: 'see /help', entities: [{ type: 'bot_command', offset: 4, length: 5 }] },
    ],
  ])('%s can be merged with its sender’s next', (_, fields) => {
    expect(message(fields).mergeKey).toBe('7')
  })

  test.each([
    ['a command', { text: '/new', entities: [{ type: 'bot_command', offset: 0, length: 4 }] }],
    [
      'a command in a caption',
      { photo: [], caption: '/x', caption_entities: [{ type: 'bot_command', offset: 0, length: 2 }] },
    ],
    ['a service message', { new_chat_members: [user] }],
    ['a payment', { successful_payment: {} }],
    ['a message of a bot', { text: 'x', from: { ...user, is_bot: true } }],
    ['a message in a channel’s name', { text: 'x', sender_chat: { id: -5 } }],
    ['a message of nobody', { text: 'x', from: undefined }],
  ])('%s is never merged', (_, fields) => {
    expect(message(fields).mergeKey).toBe('')
  })

  test('an edit is never merged', () => {
    expect(parse({ edited_message: { message_id: 1, chat, from: user, text: 'x' } }).mergeKey).toBe('')
  })

  test('a part of an album names the album', () => {
    expect(message({ photo: [], media_group_id: '13579' }).albumId).toBe('13579')
  })

  test('a migration is told from both sides', () => {
    const old = { id: -5, type: 'group' }
    expect(message({ chat: old, migrate_to_chat_id: -100123 }).migration).toEqual({
      fromChatId: -5,
      toChatId: -100123,
    })
    expect(message({ chat: group, migrate_from_chat_id: -5 }).migration).toEqual({
      fromChatId: -5,
      toChatId: -100123,
    })
  })

  test.each([
    ['null', null],
    ['an array', []],
    ['a string', 'x'],
    ['no update_id', { message: {} }],
    ['a negative update_id', { update_id: -1, message: {} }],
    ['an update_id that is no safe integer', { update_id: 2 ** 53, message: {} }],
    ['an update_id in a string', { update_id: '1', message: {} }],
    ['nothing but the id', { update_id: 1 }],
    ['a body that is no object', { update_id: 1, message: 'x' }],
    ['a body that is an array', { update_id: 1, message: [] }],
    ['a chat without an integer id', { update_id: 1, message: { chat: { id: '7' } } }],
    ['a sender without an integer id', { update_id: 1, inline_query: { from: { id: 1.5 } } }],
    ['only a key of Object', JSON.parse('{"update_id":1,"__proto__":{"chat":{"id":1}}}')],
  ])('%s is not an update', (_, raw) => {
    const reading = readUpdate(raw)
    expect(reading.kind).toBe('not-an-update')
  })

  test('a body that stands beside something of no use is found', () => {
    expect(parse({ extra: 1, message: { message_id: 1, chat, text: 'x' } }).type).toBe('message')
  })

  test('fields of Object’s prototype are not taken for the update’s', () => {
    const raw = JSON.parse('{"update_id":1,"message":{"__proto__":{"chat":{"id":1}},"constructor":{"id":2}}}')
    const reading = readUpdate(raw)
    expect(reading).toMatchObject({ kind: 'update', update: { type: 'message', place: '' } })
    expect(reading.kind === 'update' && reading.update.laneOwner).toBeUndefined()
  })

  test('JSON of any shape is read or refused, never thrown at', () => {
    const field = fc.constantFrom(
      'chat',
      'from',
      'message',
      'id',
      'entities',
      'text',
      'type',
      'user',
      'offset',
      '__proto__',
    )
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.dictionary(field, tie('node')),
        fc.array(tie('node')),
      ),
    }))
    const raw = fc.record({
      update_id: fc.oneof(fc.nat(), fc.jsonValue()),
      message: node,
      callback_query: node,
    })
    fc.assert(
      fc.property(fc.oneof(raw, node), (value) => {
        expect(['update', 'not-an-update']).toContain(readUpdate(value).kind)
      }),
    )
  })

  test('huge nesting is read', () => {
    const nested = `${'{"message":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    expect(readUpdate(JSON.parse(`{"update_id":1,"message":${nested}}`)).kind).toBe('update')
  })
})

test('the allowed updates are distinct and name what the assistant lives on', () => {
  expect(new Set(ALLOWED_UPDATES).size).toBe(ALLOWED_UPDATES.length)
  expect(ALLOWED_UPDATES).toEqual(
    expect.arrayContaining(['message', 'callback_query', 'business_message', 'guest_message']),
  )
})
