/** How bots change the standing of people in groups. */
import { Telegraf } from 'telegraf'
import { expect, test } from 'vitest'
import type { TelegramSimulator } from '../../src/index.ts'
import { call, startSimulator, TOKEN, updates } from './raw-client.ts'

const NO_RIGHTS = 'Bad Request: not enough rights to restrict/unrestrict chat member'

/** A supergroup of 5, who made it, 6 and the bot. */
async function startGroup(options: { isAdmin: boolean }): Promise<{
  simulator: TelegramSimulator
  id: number
  on: (method: string, user_id: number, more?: object) => ReturnType<typeof call>
  memberOf: (user_id: number) => Promise<Record<string, unknown>>
}> {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5, 6], botsAreAdmins: options.isAdmin })
  const on = (method: string, user_id: number, more: object = {}) =>
    call(simulator, method, { chat_id: id, user_id, ...more })
  return { simulator, id, on, memberOf: async (user_id) => (await on('getChatMember', user_id)).result }
}

test('an administrator bans and unbans, and the group and the administrators hear of it', async () => {
  const { simulator, id, on, memberOf } = await startGroup({ isAdmin: true })
  await updates(simulator, ['message', 'chat_member'])
  expect((await on('banChatMember', 6)).result).toBe(true)
  expect(await memberOf(6)).toMatchObject({ status: 'kicked', until_date: 0 })
  expect(await updates(simulator)).toMatchObject([
    {
      chat_member: {
        chat: { id },
        from: { id: 700 },
        old_chat_member: { status: 'member', user: { id: 6 } },
        new_chat_member: { status: 'kicked' },
      },
    },
    { message: { left_chat_member: { id: 6 }, from: { id: 700 } } },
  ])
  expect(() => simulator.phone.sendText({ from: 6, chat: id, text: 'hi' })).toThrow(/banned/)
  expect(() => simulator.phone.joinGroup({ from: 6, chat: id })).toThrow(/banned/)
  expect((await on('unbanChatMember', 6, { only_if_banned: true })).result).toBe(true)
  expect(await memberOf(6)).toMatchObject({ status: 'left' })
  simulator.phone.joinGroup({ from: 6, chat: id })
  expect(await memberOf(6)).toMatchObject({ status: 'member' })
})

test('a bot that is no administrator, or lacks the right, is refused', async () => {
  const { simulator, id, on } = await startGroup({ isAdmin: false })
  const permissions = { can_send_messages: false }
  expect((await on('banChatMember', 6)).description).toBe(NO_RIGHTS)
  expect((await on('restrictChatMember', 6, { permissions })).description).toBe(NO_RIGHTS)
  expect((await on('promoteChatMember', 6, { can_pin_messages: true })).description).toBe(
    'Bad Request: not enough rights',
  )
  const rights = { can_restrict_members: false }
  simulator.phone.setMembership({ chat: id, from: 5, status: 'administrator', rights })
  expect((await on('banChatMember', 6)).description).toBe(NO_RIGHTS)
  expect((await on('promoteChatMember', 6, { can_pin_messages: true })).result).toBe(true)
})

test('neither the owner nor other administrators nor the bot itself nor strangers are banned', async () => {
  const { simulator, id, on } = await startGroup({ isAdmin: true })
  const banned = async (user: number) => (await on('banChatMember', user)).description
  simulator.phone.setRole({ chat: id, from: 6, role: 'administrator' })
  expect(await banned(5)).toBe("Bad Request: can't remove chat owner")
  expect(await banned(6)).toBe('Bad Request: user is an administrator of the chat')
  expect(await banned(700)).toBe("Bad Request: can't restrict self")
  expect(await banned(99)).toBe('Bad Request: PARTICIPANT_ID_INVALID')
  expect(await banned(0)).toBe('Bad Request: invalid user_id specified')
})

test('a restricted member keeps the permissions that are granted, until all are', async () => {
  const { simulator, id, on, memberOf } = await startGroup({ isAdmin: true })
  const until_date = Math.floor(Date.now() / 1000) + 3600
  await on('restrictChatMember', 6, { permissions: { can_invite_users: true }, until_date })
  expect(await memberOf(6)).toMatchObject({
    status: 'restricted',
    is_member: true,
    until_date,
    can_invite_users: true,
    can_send_messages: false,
  })
  expect(() => simulator.phone.sendText({ from: 6, chat: id, text: 'hi' })).toThrow(/may not write/)
  await on('restrictChatMember', 6, { permissions: { can_send_polls: true } })
  expect(await memberOf(6)).toMatchObject({ can_send_messages: true, until_date: 0 })
  expect(simulator.phone.sendText({ from: 6, chat: id, text: 'hi' }).text).toBe('hi')
  simulator.phone.leaveGroup({ from: 6, chat: id })
  expect(await memberOf(6)).toMatchObject({ status: 'restricted', is_member: false })
  const all = {
    can_send_other_messages: true,
    can_send_polls: true,
    can_add_web_page_previews: true,
    can_change_info: true,
    can_invite_users: true,
    can_pin_messages: true,
  }
  await on('restrictChatMember', 6, { permissions: all })
  expect(await memberOf(6)).toMatchObject({ status: 'left' })
})

test('a promoted member has the rights that are named, and none makes a member of them', async () => {
  const { on, memberOf } = await startGroup({ isAdmin: true })
  expect((await on('promoteChatMember', 6, { can_pin_messages: true })).result).toBe(true)
  expect(await memberOf(6)).toMatchObject({
    status: 'administrator',
    can_be_edited: true,
    can_manage_chat: true,
    can_pin_messages: true,
    can_restrict_members: false,
  })
  expect((await on('promoteChatMember', 6)).result).toBe(true)
  expect(await memberOf(6)).toMatchObject({ status: 'member' })
})

test('nobody is given a right that the bot lacks, nor promoted from outside', async () => {
  const { simulator, id, on } = await startGroup({ isAdmin: false })
  const rights = { can_pin_messages: false }
  simulator.phone.setMembership({ chat: id, from: 5, status: 'administrator', rights })
  const promoted = async (user: number) =>
    (await on('promoteChatMember', user, { can_pin_messages: true })).description
  expect(await promoted(6)).toBe('Bad Request: RIGHT_FORBIDDEN')
  expect(await promoted(700)).toBe("Bad Request: can't promote self")
  simulator.phone.leaveGroup({ from: 6, chat: id })
  expect(await promoted(6)).toBe('Bad Request: USER_NOT_MUTUAL_CONTACT')
})

test('basic groups and private chats know less of it', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ type: 'group', members: [5, 6], botsAreAdmins: true })
  const refusal = async (method: string, chat_id: number) =>
    (await call(simulator, method, { chat_id, user_id: 6, permissions: {} })).description
  for (const method of ['unbanChatMember', 'promoteChatMember']) {
    expect(await refusal(method, id)).toBe(
      'Bad Request: method is available for supergroup and channel chats only',
    )
  }
  expect(await refusal('restrictChatMember', id)).toBe('Bad Request: method is available only in supergroups')
  expect(await refusal('banChatMember', 5)).toBe("Bad Request: can't ban members in private chats")
  expect(await refusal('banChatMember', id)).toBeUndefined()
})

test('telegraf moderates', async () => {
  const { simulator, id, memberOf } = await startGroup({ isAdmin: true })
  const { telegram } = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  await telegram.restrictChatMember(id, 6, { permissions: { can_send_messages: false } })
  expect(await memberOf(6)).toMatchObject({ status: 'restricted' })
  await telegram.promoteChatMember(id, 6, { can_delete_messages: true })
  expect(await memberOf(6)).toMatchObject({ status: 'administrator' })
  await telegram.banChatMember(id, 6)
  expect(await memberOf(6)).toMatchObject({ status: 'kicked' })
  await telegram.unbanChatMember(id, 6)
  expect(await memberOf(6)).toMatchObject({ status: 'left' })
})
