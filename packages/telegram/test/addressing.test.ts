import { describe, expect, test } from 'vitest'
import { isAddressedToBot } from '../src/addressing.ts'

const bot = { id: 42, username: 'lane_bot' }
const group = { id: -5, type: 'supergroup' }

function marked(type: string, text: string, start = ''): Record<string, unknown> {
  return { text: `${start}${text} and more`, entities: [{ type, offset: start.length, length: text.length }] }
}

describe('in a group a message is for the bot when it', () => {
  test.each([
    ['mentions it', marked('mention', '@lane_bot', 'hey ')],
    ['mentions it in capitals', marked('mention', '@Lane_Bot')],
    [
      'mentions it in a caption',
      { caption: '@lane_bot', caption_entities: [{ type: 'mention', offset: 0, length: 9 }] },
    ],
    [
      'mentions it by a link to its profile',
      { text: 'Bot', entities: [{ type: 'text_mention', offset: 0, length: 3, user: { id: 42 } }] },
    ],
    ['replies to it', { text: 'x', reply_to_message: { message_id: 1, from: { id: 42 } } }],
    ['begins with a command', marked('bot_command', '/ask')],
    ['begins with a command to it', marked('bot_command', '/ask@LANE_BOT')],
    ['contains a command to it', marked('bot_command', '/ask@lane_bot', 'try ')],
    ['asks it as a guest', { text: 'x', guest_query_id: '1' }],
  ])('%s', (_, message) => {
    expect(isAddressedToBot({ chat: group, ...message }, bot)).toBe(true)
  })
})

describe('in a group a message is not for the bot when it', () => {
  test.each([
    ['speaks to nobody', { text: 'lane_bot' }],
    ['mentions another', marked('mention', '@lane_bot2')],
    ['commands another', marked('bot_command', '/ask@other_bot')],
    [
      'commands another in a reply to it',
      { ...marked('bot_command', '/ask@other_bot'), reply_to_message: { from: { id: 42 } } },
    ],
    ['contains a path', marked('bot_command', '/usr', 'in ')],
    ['replies to another', { text: 'x', reply_to_message: { from: { id: 43 } } }],
    [
      'is written in a topic that the bot opened',
      { text: 'x', reply_to_message: { from: { id: 42 }, forum_topic_created: { name: 'T' } } },
    ],
    [
      'has entities without sense',
      { text: 'x', entities: [{ type: 'mention', offset: -1, length: 'x' }, null, 5] },
    ],
  ])('%s', (_, message) => {
    expect(isAddressedToBot({ chat: group, ...message }, bot)).toBe(false)
  })
})

test('in a private chat every message is for the bot', () => {
  expect(isAddressedToBot({ chat: { id: 1, type: 'private' }, text: 'x' }, bot)).toBe(true)
})

test('what is no message is for nobody', () => {
  for (const message of [null, undefined, 'x', [], {}]) expect(isAddressedToBot(message, bot)).toBe(false)
})
