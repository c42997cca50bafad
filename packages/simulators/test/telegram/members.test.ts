/** Who is in a group, and as what. */
import { expect, test } from 'vitest'
import { call, say, startSimulator } from './raw-client.ts'

test('members are told apart by their roles, and roles change', async () => {
  const simulator = await startSimulator()
  simulator.phone.createUser({ id: 7 })
  const { id } = simulator.phone.createGroup({ members: [5, 6, 7], administrators: [6] })
  const roleOf = async (user_id: number) =>
    (await call(simulator, 'getChatMember', { chat_id: id, user_id })).result.status
  expect([await roleOf(5), await roleOf(6), await roleOf(7)]).toEqual(['creator', 'administrator', 'member'])
  simulator.phone.setRole({ chat: id, from: 6, role: 'member' })
  simulator.phone.setRole({ chat: id, from: 7, role: 'left' })
  expect([await roleOf(6), await roleOf(7)]).toEqual(['member', 'left'])
  expect((await call(simulator, 'getChatMemberCount', { chat_id: id })).result).toBe(3)
})

test('an administrator is listed with rights, the creator first, and other bots only where they are asked for', async () => {
  const simulator = await startSimulator()
  simulator.addBot({ token: '800:other', username: 'other_bot', firstName: 'Other' })
  const { id } = simulator.phone.createGroup({ members: [5, 6], administrators: [6], botsAreAdmins: true })
  const { result } = await call(simulator, 'getChatAdministrators', { chat_id: id })
  expect(result).toMatchObject([
    { status: 'creator', user: { id: 5 } },
    { status: 'administrator', user: { id: 6 }, can_delete_messages: true },
    { status: 'administrator', user: { id: 700 } },
  ])
  const all = await call(simulator, 'getChatAdministrators', { chat_id: id, return_bots: true })
  expect(all.result).toHaveLength(4)
})

test('a private chat has no administrators, and nobody knows a stranger', async () => {
  const simulator = await startSimulator()
  expect((await call(simulator, 'getChatAdministrators', { chat_id: 5 })).description).toBe(
    'Bad Request: there are no administrators in the private chat',
  )
  expect((await call(simulator, 'getChatMember', { chat_id: 5, user_id: 99 })).description).toBe(
    'Bad Request: user not found',
  )
})

test('a bot that has left may not speak', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  await call(simulator, 'leaveChat', { chat_id: id })
  expect((await say(simulator, id, 'x')).description).toBe(
    'Forbidden: bot is not a member of the supergroup chat',
  )
})
