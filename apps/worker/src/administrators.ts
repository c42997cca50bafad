/** Who administers a group, as Telegram says: asked only when someone wants what administrators may. */
import type { Homes } from '@chatlane/lanes'
import type { BotApi } from '@chatlane/telegram'

/** The administrators of groups. */
export interface Administrators {
  /** Whether the user administers the chat. False where Telegram does not say. */
  includes(botId: string, homeId: string, userId: number): Promise<boolean>
}

/** As whom administrators write who hide their names (https://core.telegram.org/bots/api#message, `sender_chat`). */
const ANONYMOUS_ADMINISTRATOR = 1087968824

/** Asks Telegram anew each time: rights change. */
export function askAdministrators(parts: {
  api: BotApi
  homes: Homes
  token(botId: string): string
}): Administrators {
  return {
    async includes(botId, homeId, userId) {
      if (userId === ANONYMOUS_ADMINISTRATOR) return true
      const chatId = Number(await parts.homes.addressOf(botId, homeId))
      const asked = { chat_id: chatId, user_id: userId }
      const outcome = await parts.api.call<{ status: string }>(parts.token(botId), 'getChatMember', asked, {
        timeoutMs: 5000,
      })
      return outcome.kind === 'ok' && ['creator', 'administrator'].includes(outcome.result.status)
    },
  }
}
