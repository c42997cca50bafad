/** Where the platform looks for a session. */
import { type Homes, isChatId, type Keys, sessionKey } from '@chatlane/lanes'

/** What placing needs. */
export interface PlaceParts {
  keys: Keys
  homes: Homes
  botId: string
}

/**
 * The key under which workers read the session: Telegraf's `user:chat` is the user's in the chat, also as
 * telegraf-session-local has it, the chat first; any other is one that the author's code chose.
 */
export async function placeOfSession({ keys, homes, botId }: PlaceParts, id: string): Promise<string> {
  const own = userAndChat(id)
  if (!own) return sessionKey(keys, { botId, homeId: id })
  return sessionKey(keys, { botId, homeId: await homes.homeOf(botId, own.chat), userId: own.user })
}

/** Only groups have ids below zero, and no user has: the order of a private chat's two equal ids does not matter. */
function userAndChat(id: string): { user: string; chat: string } | undefined {
  const [first = '', second = '', ...more] = id.split(':')
  if (more.length > 0 || !isChatId(first) || !isChatId(second)) return undefined
  const [user, chat] = first.startsWith('-') ? [second, first] : [first, second]
  return user.startsWith('-') ? undefined : { user, chat }
}
