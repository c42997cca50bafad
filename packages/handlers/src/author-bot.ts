/** The bots that authors' code makes, from their construction on. */
import type { Telegraf } from 'telegraf'
import type { UserFromGetMe } from 'telegraf/types'
import { bindTelegram, type TelegramErrorClass } from './bind-telegram.ts'
import { isForeign, type Load } from './load.ts'

interface AuthorBot {
  load: Load
  /** Resolves when its calls go through the host. */
  isAdopted: PromiseWithResolvers<void>
  /** Resolves when its `botInfo` is set. */
  isIdentified: PromiseWithResolvers<void>
}

const bots = new WeakMap<Telegraf, AuthorBot>()

/** The load that made `bot`; undefined for one that no author's code made. */
export function loadOf(bot: Telegraf): Load | undefined {
  return bots.get(bot)?.load
}

/**
 * Notes that the code of `load` made `bot`. One with the token of another bot may be an author's second bot (one that
 * tells him of errors, say): it stays as it is unless it turns out to be the handler.
 */
export function noteBot(bot: Telegraf, load: Load, TelegramError: TelegramErrorClass): void {
  noted(bot, load)
  if (!isForeign(load, bot.telegram.token)) adoptBot(bot, load, TelegramError)
}

/** Lets `bot` act as the bot of `load`: its calls go through the host from now on. */
export function adoptBot(bot: Telegraf, load: Load, TelegramError: TelegramErrorClass): void {
  bindTelegram(bot.telegram, { load, TelegramError })
  noted(bot, load).isAdopted.resolve()
}

/** Sets `bot.botInfo`, for whoever waits for it. */
export function identifyBot(bot: Telegraf, botInfo: UserFromGetMe): void {
  bot.botInfo = botInfo
  bots.get(bot)?.isIdentified.resolve()
}

/** Resolves when `bot.botInfo` is set: by asking Telegram, or where that fails, by the first update. */
export async function whenIdentified(bot: Telegraf): Promise<void> {
  const noted = bots.get(bot)
  await noted?.isAdopted.promise
  if (bot.botInfo) return
  bot.telegram.getMe().then(
    (botInfo) => identifyBot(bot, botInfo),
    () => undefined,
  )
  await noted?.isIdentified.promise
}

function noted(bot: Telegraf, load: Load): AuthorBot {
  const known = bots.get(bot)
  if (known) return known
  const made = { load, isAdopted: Promise.withResolvers<void>(), isIdentified: Promise.withResolvers<void>() }
  bots.set(bot, made)
  return made
}
