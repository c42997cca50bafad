/** Methods about a chat and the bot itself: getMe, getChat, commands. */
import { badRequest } from '../bot-api-error.ts'
import { readArray } from '../params.ts'
import { asReplied } from '../posting.ts'
import { permissionsWhere } from '../rights.ts'
import type { Call, Methods } from './method.ts'

const MOST_COMMANDS = 100

function getChat({ bot, world, params }: Call): unknown {
  const { chat, room, group } = world.placeFor(bot, params.chat_id)
  const pinned = room.newestPinned()
  const link = group?.inviteLinks.find(({ is_primary }) => is_primary)
  return {
    ...chat,
    accent_color_id: 1,
    max_reaction_count: 11,
    accepted_gift_types: {},
    ...(group?.description !== undefined && { description: group.description }),
    ...(group &&
      chat.type !== 'channel' && { permissions: group.permissions ?? permissionsWhere(() => true) }),
    ...(link?.creator.id === bot.id && { invite_link: link.invite_link }),
    ...(pinned && { pinned_message: asReplied(pinned.message) }),
  }
}

/** Which list of commands is meant; each scope and language has one of its own. */
function listOf({ params }: Call): string {
  const scope =
    typeof params.scope === 'string' ? params.scope : JSON.stringify(params.scope ?? { type: 'default' })
  return `${scope} ${String(params.language_code ?? '')}`
}

function setMyCommands(call: Call): true {
  const { bot, params } = call

  const commands = readArray(params, 'commands') ?? []
  if (commands.length > MOST_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  bot.commands.set(listOf(call), commands)
  return true
}

/** Methods about chats and the bot. */
export const chatMethods: Methods = {
  getMe: { cost: 'free', run: ({ bot }) => bot.user },
  getChat: { cost: 'free', run: getChat },
  setMyCommands: { cost: 'free', run: setMyCommands },
  getMyCommands: { cost: 'free', run: (call) => call.bot.commands.get(listOf(call)) ?? [] },
  deleteMyCommands: {
    cost: 'free',
    run: (call) => {
      call.bot.commands.delete(listOf(call))
      return true
    },
  },
}
