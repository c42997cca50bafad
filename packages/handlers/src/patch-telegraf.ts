/** Keeps the bots of authors from receiving updates themselves, in one copy of Telegraf. */
import type { Telegraf } from 'telegraf'
import { loadOf, noteBot, whenIdentified } from './author-bot.ts'
import type { TelegramErrorClass } from './bind-telegram.ts'
import { createIgnoredListener } from './ignored-listener.ts'
import { currentLoad, ignore, type Load } from './load.ts'
import { onAssigned } from './on-assigned.ts'

type Method = (this: Telegraf, ...parameters: never[]) => unknown

/** Patches the prototype of a copy's Telegraf. Bots that no author's code made stay as they are. */
export function patchTelegraf(copy: { Telegraf: typeof Telegraf; TelegramError: TelegramErrorClass }): void {
  const prototype = copy.Telegraf.prototype as unknown as Record<string, Method>
  onAssigned(copy.Telegraf.prototype, 'telegram', (bot) => {
    const load = currentLoad()
    if (load) noteBot(bot, load, copy.TelegramError)
  })
  const replace = (
    name: string,
    replacement: (bot: Telegraf, load: Load, parameters: never[]) => unknown,
  ) => {
    const original = prototype[name]
    prototype[name] = function (this: Telegraf, ...parameters: never[]) {
      const load = loadOf(this)
      if (!load) return original?.apply(this, parameters)
      ignore(load, name)
      return replacement(this, load, parameters)
    }
  }
  replace('launch', launch)
  replace('startPolling', launch)
  replace('stop', () => undefined)
  replace('startWebhook', (bot, load) => {
    load.launched.push(bot)
    return bot
  })
  const listen = (bot: Telegraf, load: Load) => {
    load.launched.push(bot)
    return createIgnoredListener()
  }
  replace('webhookCallback', listen)
  replace('createWebhook', async (bot, load) => listen(bot, load))
}

/** Stays pending until the handlers stop, as in plain Telegraf: what follows `await bot.launch()` cleans up. */
async function launch(bot: Telegraf, load: Load, parameters: unknown[]): Promise<void> {
  load.launched.push(bot)
  load.hasLaunched.resolve()
  const onLaunch = parameters.find((each) => typeof each === 'function')
  const stopped = load.hasStopped.promise
  if (onLaunch) {
    const isStopped = await Promise.race([whenIdentified(bot).then(() => false), stopped.then(() => true)])
    if (!isStopped) onLaunch()
  }
  await stopped
}
