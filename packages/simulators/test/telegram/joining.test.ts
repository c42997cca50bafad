/** Who comes and goes, who reacts, and which bots hear of it. */
import { expect, test } from 'vitest'
import { call, say, startSimulator, updates } from './raw-client.ts'

const ON_REQUEST = ['message', 'chat_member', 'message_reaction', 'message_reaction_count']

test('who joins and leaves is told by the group, and to administrators that ask for it', async () => {
  const simulator = await startSimulator()
  simulator.phone.createUser({ id: 7 })
  const { id } = simulator.phone.createGroup({ members: [5], botsAreAdmins: true })
  await updates(simulator, ON_REQUEST)
  simulator.phone.joinGroup({ from: 7, chat: id })
  simulator.phone.leaveGroup({ from: 7, chat: id })
  expect(await updates(simulator)).toMatchObject([
    { chat_member: { from: { id: 7 }, new_chat_member: { status: 'member' } } },
    { message: { new_chat_members: [{ id: 7 }], from: { id: 7 } } },
    { chat_member: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'left' } } },
    { message: { left_chat_member: { id: 7 } } },
  ])
  expect(() => simulator.phone.leaveGroup({ from: 7, chat: id })).toThrow(/not in/)
  expect(() => simulator.phone.joinGroup({ from: 5, chat: id })).toThrow(/already/)
})

test('a bot that is no administrator hears neither of members nor of reactions', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  await updates(simulator, ON_REQUEST)
  const { message_id } = (await say(simulator, id, 'x')).result
  simulator.phone.joinGroup({ from: 6, chat: id })
  expect(simulator.phone.react({ from: 5, chat: id, messageId: message_id, emoji: '👍' })).toEqual([])
  expect(await updates(simulator)).toMatchObject([{ message: { new_chat_members: [{ id: 6 }] } }])
})

test('reactions are told with what they were before', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5], botsAreAdmins: true })
  await updates(simulator, ON_REQUEST)
  const { message_id } = (await say(simulator, 5, 'x')).result
  const grouped = (await say(simulator, id, 'x')).result.message_id
  const thumb = [{ type: 'emoji', emoji: '👍' }]
  simulator.phone.react({ from: 5, messageId: message_id, emoji: '👍' })
  simulator.phone.react({ from: 5, messageId: message_id, emoji: '👍' })
  simulator.phone.react({ from: 5, messageId: message_id })
  simulator.phone.react({ from: 5, chat: id, messageId: grouped, emoji: '👍' })
  expect(await updates(simulator)).toMatchObject([
    { message_reaction: { chat: { id: 5 }, message_id, old_reaction: [], new_reaction: thumb } },
    { message_reaction: { user: { id: 5 }, old_reaction: thumb, new_reaction: [] } },
    { message_reaction: { chat: { id }, message_id: grouped, new_reaction: thumb } },
  ])
  expect(() => simulator.phone.react({ from: 5, messageId: message_id, emoji: '🍕' })).toThrow(/no reaction/)
  expect(() => simulator.phone.react({ from: 5, messageId: 99, emoji: '👍' })).toThrow(/no message/)
})

test('reactions in a channel are anonymous: they are counted', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ type: 'channel', members: [5, 6], botsAreAdmins: true })
  await updates(simulator, ON_REQUEST)
  const { message_id } = (await say(simulator, id, 'x')).result
  for (const from of [5, 6]) simulator.phone.react({ from, chat: id, messageId: message_id, emoji: '👍' })
  expect((await updates(simulator)).at(-1)).toMatchObject({
    message_reaction_count: { message_id, reactions: [{ type: { emoji: '👍' }, total_count: 2 }] },
  })
})

test('by default members and reactions are left out, also where the list of kinds is empty', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5], botsAreAdmins: true })
  const { id: channel } = simulator.phone.createGroup({
    type: 'channel',
    members: [5],
    botsAreAdmins: true,
  })
  const { message_id } = (await say(simulator, id, 'x')).result
  const posted = (await say(simulator, channel, 'x')).result.message_id
  for (const allowed of [undefined, []]) {
    await updates(simulator, allowed)
    simulator.phone.joinGroup({ from: 6, chat: id })
    simulator.phone.leaveGroup({ from: 6, chat: id })
    simulator.phone.react({ from: 5, chat: id, messageId: message_id, emoji: allowed ? '👍' : '🔥' })
    simulator.phone.react({ from: 5, chat: channel, messageId: posted, emoji: allowed ? '👍' : '🔥' })
    const kinds = (await updates(simulator)).flatMap((update) => Object.keys(update).slice(1))
    expect(kinds).toEqual(['message', 'message'])
  }
  expect(simulator.ledger().bots[0]?.updates.unwanted).toBe(8)
})

test('a bot hears of its own standing with its rights', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  const rights = { can_promote_members: false }
  simulator.phone.setMembership({ chat: id, from: 5, status: 'administrator', rights })
  expect(await updates(simulator)).toMatchObject([
    {
      my_chat_member: {
        from: { id: 5 },
        old_chat_member: { status: 'member' },
        new_chat_member: {
          status: 'administrator',
          can_restrict_members: true,
          can_promote_members: false,
        },
      },
    },
  ])
  await call(simulator, 'leaveChat', { chat_id: id })
  expect(await updates(simulator)).toMatchObject([
    { my_chat_member: { new_chat_member: { status: 'left' } } },
  ])
})
