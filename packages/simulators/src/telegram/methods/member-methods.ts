/** Methods about who is in a chat: getChatMember, getChatAdministrators, getChatMemberCount, leaveChat. */
import { badRequest } from '../bot-api-error.ts'
import { isInGroup, type Standing } from '../group.ts'
import { changeMember, describeMember } from '../membership.ts'
import { readFlag, readInteger } from '../params.ts'
import type { Call, Methods } from './method.ts'

function getChatMember({ bot, world, params }: Call): unknown {
  const { group } = world.placeFor(bot, params.chat_id)
  const user = world.anybody(readInteger(params, 'user_id') ?? 0)
  if (user === undefined) throw badRequest('user not found')
  return group === undefined ? { status: 'member', user } : describeMember(group, user, bot.id)
}

/** The creator first. Other bots are left out unless `return_bots` asks for them. */
function getChatAdministrators({ bot, world, params }: Call): unknown {
  const { group } = world.placeFor(bot, params.chat_id)
  if (group === undefined) throw badRequest('there are no administrators in the private chat')
  const withBots = readFlag(params, 'return_bots')
  const standing = (wanted: Standing) =>
    [...group.members]
      .filter(([, status]) => status === wanted)
      .map(([id]) => world.anybody(id))
      .filter((user) => user !== undefined)
      .filter(({ id, is_bot: isBot }) => !isBot || withBots || id === bot.id)
      .map((user) => describeMember(group, user, bot.id))
  return [...standing('creator'), ...standing('administrator')]
}

function getChatMemberCount({ bot, world, params }: Call): number {
  const { group } = world.placeFor(bot, params.chat_id)
  return group === undefined ? 2 : [...group.members.keys()].filter((id) => isInGroup(group, id)).length
}

function leaveChat({ bot, world, params }: Call): true {
  const { group } = world.placeFor(bot, params.chat_id)
  if (group === undefined) throw badRequest("chat can't be left")
  changeMember(world, { group, by: bot.user, of: bot.user, to: 'left' })
  return true
}

/** Methods about members. */
export const memberMethods: Methods = {
  getChatMember: { cost: 'free', run: getChatMember },
  getChatAdministrators: { cost: 'free', run: getChatAdministrators },
  getChatMemberCount: { cost: 'free', run: getChatMemberCount },
  leaveChat: { cost: 'free', run: leaveChat },
}
