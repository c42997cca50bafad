/** Methods about chats and the bot itself: getMe, getChat, members, commands, leaveChat. */
import { badRequest } from '../bot-api-error.ts'
import type { User } from '../bot-api-types.ts'
import { readArray, readInteger } from '../params.ts'
import type { Call, Methods } from './method.ts'

const MOST_COMMANDS = 100

function getChat({ bot, world, params }: Call): unknown {
  const { chat } = world.placeFor(bot, params.chat_id)
  return { ...chat, accent_color_id: 1, max_reaction_count: 11, accepted_gift_types: {} }
}

function userOf({ world }: Call, id: number): User | undefined {
  for (const bot of world.bots.values()) if (bot.id === id) return bot.user
  return world.users.get(id)?.user
}

function getChatMember(call: Call): unknown {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  const id = readInteger(call.params, 'user_id') ?? 0
  const user = userOf(call, id)
  if (user === undefined) throw badRequest('user not found')
  if (place.group === undefined) return { status: 'member', user }
  return { status: place.group.members.get(id) ?? 'left', user }
}

function getChatAdministrators(call: Call): unknown {
  const { group } = call.world.placeFor(call.bot, call.params.chat_id)
  if (group === undefined) throw badRequest('there are no administrators in the private chat')
  return [...group.members]
    .filter(([, status]) => status === 'creator' || status === 'administrator')
    .map(([id, status]) => ({ status, user: userOf(call, id), is_anonymous: false }))
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

function setMyCommands({ bot, params }: Call): true {
  const commands = readArray(params, 'commands') ?? []
  if (commands.length > MOST_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  bot.commands = commands
  return true
}

/** Methods about chats and the bot. */
export const chatMethods: Methods = {
  getMe: { cost: 'free', run: ({ bot }) => bot.user },
  getChat: { cost: 'free', run: getChat },
  getChatMember: { cost: 'free', run: getChatMember },
  getChatAdministrators: { cost: 'free', run: getChatAdministrators },
  getChatMemberCount: { cost: 'free', run: getChatMemberCount },
  leaveChat: { cost: 'free', run: leaveChat },
  setMyCommands: { cost: 'free', run: setMyCommands },
  getMyCommands: { cost: 'free', run: ({ bot }) => bot.commands },
  deleteMyCommands: {
    cost: 'free',
    run: ({ bot }) => {
      bot.commands = []
      return true
    },
  },
}
