/** Leads the clients that authors' code makes to the host, in one copy of Telegraf. */
import type { Telegram } from 'telegraf'
import { bindTelegram, type TelegramErrorClass } from './bind-telegram.ts'
import { currentLoad, isForeign } from './load.ts'
import { onAssigned } from './on-assigned.ts'

/**
 * Patches the prototype of a copy's Telegram. Clients that no author's code made stay as they are, and so do those of
 * another bot: an author may have a second one, to be told of errors, say.
 */
export function patchTelegram(copy: { Telegram: typeof Telegram; TelegramError: TelegramErrorClass }): void {
  // The last that the constructor assigns.
  onAssigned(copy.Telegram.prototype, 'options', (telegram) => {
    const load = currentLoad()
    if (load && !isForeign(load, telegram.token)) {
      bindTelegram(telegram, { load, TelegramError: copy.TelegramError })
    }
  })
}
