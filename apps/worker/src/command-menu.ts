/** Shows the assistant's commands in the menu of Telegram's clients, in each language that the bot speaks. */
import { createHash } from 'node:crypto'
import { commandMenu, type Language, type MenuCommand, type TextBook } from '@chatlane/dialogue'
import type { Keys } from '@chatlane/lanes'
import type { Log, RedisClient } from '@chatlane/runtime'
import type { BotApi } from '@chatlane/telegram'

/** What showing needs. */
export interface CommandMenuParts {
  redis: RedisClient
  keys: Keys
  api: BotApi
  texts: TextBook
  log: Log
}

/** The list for everyone whose language has none of its own, and the others. */
const LISTS: { language: Language; code?: string }[] = [{ language: 'en' }, { language: 'ru', code: 'ru' }]

/** A menu that someone else has set is looked at again so much later. */
const LOOK_AGAIN_SECONDS = 24 * 3600

/**
 * Sets the bot's menu where it has none, or ours of another version. What its owner has set (@BotFather) stays. Never
 * rejects: a bot without a menu works.
 */
export async function showCommandMenu(
  parts: CommandMenuParts,
  { botId, token }: { botId: string; token: string },
): Promise<void> {
  const { redis, keys, api, log } = parts
  const key = `${keys.bot(botId)}:menu`
  try {
    const menus = LISTS.map(({ language, code }) => ({
      code,
      commands: commandMenu(parts.texts.in(language)),
    }))
    const digest = createHash('sha256').update(JSON.stringify(menus)).digest('base64url')
    const known = await redis.get(key)
    if (known === digest || known === 'theirs') return
    if (known === null) {
      const shown = await api.call<MenuCommand[]>(token, 'getMyCommands', {})
      if (shown.kind !== 'ok') return log.debug({ bot: botId, outcome: shown.kind }, 'the menu was not told')
      if (shown.result.length > 0) return void (await redis.set(key, 'theirs', 'EX', LOOK_AGAIN_SECONDS))
    }
    for (const { code, commands } of menus) {
      const payload = { commands, ...(code !== undefined && { language_code: code }) }
      const set = await api.call(token, 'setMyCommands', payload)
      if (set.kind !== 'ok') return log.warn({ bot: botId, outcome: set.kind }, 'the menu was not set')
    }
    await redis.set(key, digest)
  } catch (error) {
    log.warn({ err: error, bot: botId }, 'the menu was not set')
  }
}
