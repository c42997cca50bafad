/** Methods about who is in a chat: getChatMember, getChatAdministrators, getChatMemberCount, leaveChat. */
import { badRequest } from '../bot-api-error.ts'
import type { User } from '../bot-api-types.ts'
import { readFlag, readInteger } from '../params.ts'
import type { Standing } from '../world.ts'
import type { Call, Methods } from './method.ts'

/** What an administrator may do whom nobody restricted (core.telegram.org/bots/api#chatmemberadministrator). */
const RIGHTS = {
  can_be_edited: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_pin_messages: true,
  can_manage_topics: true,
}

function userOf({ world }: Call, id: number): User | undefined {
  for (const bot of world.bots.values()) if (bot.id === id) return bot.user
  return world.users.get(id)?.user
}

function memberOf(status: Standing, user: User): unknown {
  switch (status) {
    case 'creator':
      return { status, user, is_anonymous: false }
    case 'administrator':
      return { status, user, is_anonymous: false, ...RIGHTS }
    case 'kicked':
      return { status, user, until_date: 0 }
    default:
      return { status, user }
  }
}

function getChatMember(call: Call): unknown {
  const { group } = call.world.placeFor(call.bot, call.params.chat_id)
  const id = readInteger(call.params, 'user_id') ?? 0
  const user = userOf(call, id)
  if (user === undefined) throw badRequest('user not found')
  return memberOf(group === undefined ? 'member' : (group.members.get(id) ?? 'left'), user)
}

/** The creator first. Other bots are left out unless `return_bots` asks for them. */
function getChatAdministrators(call: Call): unknown {
  const { group } = call.world.placeFor(call.bot, call.params.chat_id)
  if (group === undefined) throw badRequest('there are no administrators in the private chat')
  const withBots = readFlag(call.params, 'return_bots')
  const standing = (wanted: Standing) =>
    [...group.members]
      .filter(([, status]) => status === wanted)
      .map(([id]) => userOf(call, id))
      .filter((user) => user !== undefined)
      .filter(({ id, is_bot: isBot }) => !isBot || withBots || id === call.bot.id)
      .map((user) => memberOf(wanted, user))
  return [...standing('creator'), ...standing('administrator')]
}

function getChatMemberCount({ bot, world, params }: Call): number {
  const { group } = world.placeFor(bot, params.chat_id)
  if (group === undefined) return 2
  return [...group.members.values()].filter((status) => status !== 'left' && status !== 'kicked').length
}

function leaveChat({ bot, world, params }: Call): true {
  const { group } = world.placeFor(bot, params.chat_id)
  if (group === undefined) throw badRequest("chat can't be left")
  group.members.set(bot.id, 'left')
  return true
}

/** Methods about members. */
export const memberMethods: Methods = {
  getChatMember: { cost: 'free', run: getChatMember },
  getChatAdministrators: { cost: 'free', run: getChatAdministrators },
  getChatMemberCount: { cost: 'free', run: getChatMemberCount },
  leaveChat: { cost: 'free', run: leaveChat },
}
