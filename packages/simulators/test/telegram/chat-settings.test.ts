/** How bots set groups up: titles, descriptions, permissions, pins, invite links. */
import { expect, test } from 'vitest'
import type { TelegramSimulator } from '../../src/index.ts'
import { call, say, startSimulator, updates } from './raw-client.ts'

async function startGroup(botsAreAdmins: boolean): Promise<{
  simulator: TelegramSimulator
  id: number
  inGroup: (method: string, params?: object) => ReturnType<typeof call>
}> {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ title: 'Club', members: [5, 6], botsAreAdmins })
  const inGroup = (method: string, params: object = {}) => call(simulator, method, { chat_id: id, ...params })
  return { simulator, id, inGroup }
}

test('a new title, description and permissions are seen in the chat, a title is told', async () => {
  const { simulator, id, inGroup } = await startGroup(true)
  const permissions = { can_send_photos: true }
  expect((await inGroup('setChatTitle', { title: ' New\n name ' })).result).toBe(true)
  expect((await inGroup('setChatDescription', { description: 'Rules' })).result).toBe(true)
  expect((await inGroup('setChatPermissions', { permissions })).result).toBe(true)
  expect((await inGroup('getChat')).result).toMatchObject({
    title: 'New name',
    description: 'Rules',
    permissions: { can_send_photos: true, can_send_messages: false },
  })
  expect(await updates(simulator)).toMatchObject([
    { message: { new_chat_title: 'New name', chat: { title: 'New name' }, from: { id: 700 } } },
  ])
  expect(() => simulator.phone.sendText({ from: 6, chat: id, text: 'x' })).toThrow(/may not write/)
  expect(simulator.phone.sendText({ from: 5, chat: id, text: 'x' }).text).toBe('x')
  expect((await inGroup('setChatDescription', { description: 'Rules' })).description).toBe(
    'Bad Request: chat description is not modified',
  )
  expect((await inGroup('setChatTitle')).description).toBe('Bad Request: title must be non-empty')
})

test('a bot without the rights sets nothing up, and a private chat has nothing to set up', async () => {
  const { simulator, inGroup } = await startGroup(false)
  await say(simulator, 5, 'x')
  const refusals = async (method: string, params: object) => [
    (await inGroup(method, params)).description,
    (await call(simulator, method, { chat_id: 5, ...params })).description,
  ]
  expect(await refusals('setChatTitle', { title: 'x' })).toEqual([
    'Bad Request: not enough rights to change chat title',
    "Bad Request: can't change private chat title",
  ])
  expect(await refusals('setChatDescription', { description: 'x' })).toEqual([
    'Bad Request: not enough rights to set chat description',
    "Bad Request: can't change private chat description",
  ])
  expect(await refusals('setChatPermissions', { permissions: {} })).toEqual([
    'Bad Request: not enough rights to change chat permissions',
    "Bad Request: can't change private chat permissions",
  ])
  expect(await refusals('exportChatInviteLink', {})).toEqual([
    'Bad Request: not enough rights to manage chat invite link',
    "Bad Request: can't invite members to a private chat",
  ])
})

test('the newest pinned message is shown, and a pin is told', async () => {
  const { simulator, inGroup } = await startGroup(true)
  const first = (await inGroup('sendMessage', { text: 'first' })).result.message_id
  const second = (await inGroup('sendMessage', { text: 'second' })).result.message_id
  for (const message_id of [second, first]) {
    expect((await inGroup('pinChatMessage', { message_id })).result).toBe(true)
  }
  expect(await updates(simulator)).toMatchObject([
    { message: { pinned_message: { text: 'second' } } },
    { message: { pinned_message: { text: 'first' } } },
  ])
  const shown = async () => (await inGroup('getChat')).result.pinned_message?.text
  expect(await shown()).toBe('second')
  await inGroup('unpinChatMessage')
  expect(await shown()).toBe('first')
  await inGroup('unpinAllChatMessages')
  expect(await shown()).toBeUndefined()
  expect((await inGroup('unpinChatMessage')).description).toBe('Bad Request: message to unpin not found')
  expect((await inGroup('pinChatMessage', { message_id: 99 })).description).toBe(
    'Bad Request: message to pin not found',
  )
})

test('pins ask for a right in groups and for none in private chats', async () => {
  const { simulator, inGroup } = await startGroup(false)
  const { message_id } = (await inGroup('sendMessage', { text: 'x' })).result
  expect((await inGroup('pinChatMessage', { message_id })).description).toBe(
    'Bad Request: not enough rights to manage pinned messages in the chat',
  )
  await say(simulator, 5, 'x')
  expect((await call(simulator, 'pinChatMessage', { chat_id: 5, message_id: 1 })).result).toBe(true)
})

test('who joins by an invite link is told with it, and a new primary link ends the old one', async () => {
  const { simulator, id, inGroup } = await startGroup(true)
  simulator.phone.createUser({ id: 7 })
  await updates(simulator, ['chat_member'])
  const old = (await inGroup('exportChatInviteLink')).result
  const primary = (await inGroup('exportChatInviteLink')).result
  expect((await inGroup('getChat')).result.invite_link).toBe(primary)
  const named = (await inGroup('createChatInviteLink', { name: 'ads', member_limit: 9 })).result
  expect(named).toMatchObject({ name: 'ads', member_limit: 9, is_primary: false, creator: { id: 700 } })
  expect(() => simulator.phone.joinGroup({ from: 7, chat: id, inviteLink: old })).toThrow(/not valid/)
  simulator.phone.joinGroup({ from: 7, chat: id, inviteLink: named.invite_link })
  expect(await updates(simulator)).toMatchObject([
    {
      chat_member: {
        old_chat_member: { status: 'left' },
        new_chat_member: { status: 'member', user: { id: 7 } },
        invite_link: { name: 'ads' },
      },
    },
  ])
})

test('who asks to join is let in or not', async () => {
  const { simulator, id, inGroup } = await startGroup(true)
  for (const user of [7, 8]) simulator.phone.createUser({ id: user })
  const { invite_link } = (await inGroup('createChatInviteLink', { creates_join_request: true })).result
  expect(() => simulator.phone.joinGroup({ from: 7, chat: id, inviteLink: invite_link })).toThrow(
    /requestJoin/,
  )
  simulator.phone.requestJoin({ from: 7, chat: id, inviteLink: invite_link, bio: 'hi' })
  simulator.phone.requestJoin({ from: 8, chat: id })
  expect(await updates(simulator)).toMatchObject([
    { chat_join_request: { from: { id: 7 }, user_chat_id: 7, bio: 'hi', invite_link: { invite_link } } },
    { chat_join_request: { from: { id: 8 } } },
  ])
  expect((await inGroup('approveChatJoinRequest', { user_id: 7 })).result).toBe(true)
  expect((await inGroup('declineChatJoinRequest', { user_id: 8 })).result).toBe(true)
  expect(await updates(simulator)).toMatchObject([{ message: { new_chat_members: [{ id: 7 }] } }])
  expect((await inGroup('approveChatJoinRequest', { user_id: 7 })).description).toBe(
    'Bad Request: USER_ALREADY_PARTICIPANT',
  )
  expect((await inGroup('approveChatJoinRequest', { user_id: 8 })).description).toBe(
    'Bad Request: HIDE_REQUESTER_MISSING',
  )
})
