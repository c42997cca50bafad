/** What an author does with errors: `bot.catch`. */
import type { Context, Telegraf } from 'telegraf'

/** An author's `bot.catch`. */
export type Catch = (error: unknown, ctx: Context) => unknown

/**
 * Tells what the author has `bot` do with errors; undefined where it is still Telegraf's default, which prints the whole
 * update and marks the process as failed. To be asked at each error: `bot.catch` may be called late.
 */
export function authorCatch(bot: Telegraf): () => Catch | undefined {
  const plain = String(handleErrorOf(plainBot(bot)))
  return () => {
    const handleError = handleErrorOf(bot)
    return String(handleError) === plain ? undefined : handleError.bind(bot)
  }
}

const handleErrorOf = (bot: Telegraf) => (bot as unknown as { handleError: Catch }).handleError

/** A bot of the class itself, of whichever copy: an author's subclass may do anything when it is constructed. */
function plainBot(bot: Telegraf): Telegraf {
  let prototype = Object.getPrototypeOf(bot)
  while (!Object.hasOwn(prototype, 'handleUpdate')) prototype = Object.getPrototypeOf(prototype)
  return new prototype.constructor('')
}
