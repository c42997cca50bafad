/** Runs one update through an author's code. */
import type { Context, Telegraf, Telegram } from 'telegraf'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { identifyBot } from './author-bot.ts'
import { authorCatch } from './author-catch.ts'
import { bindTelegram } from './bind-telegram.ts'
import type { Handler } from './find-handler.ts'
import { type Load, runOutside, runWithin } from './load.ts'
import { copyFor, type TelegrafCopy, telegramErrorOf } from './telegraf-copy.ts'
import { bindTurn } from './turn-of.ts'

/** The run of one update. */
export interface HandlerRun<T> {
  turn: T
  update: Update
  /** Of the bot that got it: one file may serve several. */
  token: string
  botInfo: UserFromGetMe
  /** Gives the context what is the platform's, after what is the author's. */
  decorate(ctx: Context): void
  /** What follows when the author's code passes the update on. */
  next(ctx: Context): Promise<void>
}

/** How a run reaches the author's code. */
interface Runner {
  newContext(run: HandlerRun<unknown>): Context
  handle: (ctx: Context, next: () => Promise<void>) => unknown
  catching: () => ((error: unknown, ctx: Context) => unknown) | undefined
}

/**
 * Runs updates through `handler`. The run resolves when the author's code has ended and, where it threw, its `bot.catch`
 * has; rejects with what nothing caught. `file`: where the handler is from; a mere middleware gets the contexts of the
 * Telegraf that is found there.
 */
export function createUpdateRunner(
  load: Load,
  handler: Handler,
  file: URL,
): (run: HandlerRun<unknown>) => Promise<void> {
  const runner =
    handler.kind === 'bot' ? botRunner(load, handler.bot) : middlewareRunner(load, handler, copyFor(file))
  return (run) =>
    runWithin(load, run.token, async () => {
      const ctx = runner.newContext(run)
      bindTurn(ctx, { host: load.host, turn: run.turn })
      run.decorate(ctx)
      try {
        await runner.handle(ctx, () => runOutside(() => run.next(ctx)))
      } catch (error) {
        const handleError = runner.catching()
        if (!handleError) throw error
        await handleError(error, ctx)
      }
    })
}

function botRunner(load: Load, bot: Telegraf): Runner {
  const TelegramClass = bot.telegram.constructor as TelegrafCopy['Telegram']
  const TelegramError = telegramErrorOf(bot.telegram)
  return {
    newContext({ turn, update, token, botInfo }) {
      identifyBot(bot, botInfo)
      const telegram = runOutside(() => new TelegramClass(token, bot.telegram.options))
      bindTelegram(telegram, { load, TelegramError, of: { turn, token } })
      const { contextType: ContextClass } = (bot as unknown as { options: { contextType: typeof Context } })
        .options
      return Object.assign(new ContextClass(update, telegram, botInfo), bot.context)
    },
    // Asked for at each update: an author's code may add middleware later.
    handle: (ctx, next) => bot.middleware()(ctx, next),
    catching: authorCatch(bot),
  }
}

function middlewareRunner(
  load: Load,
  { middleware }: Extract<Handler, { kind: 'middleware' }>,
  { Telegram: TelegramClass, Context: ContextClass, TelegramError }: TelegrafCopy,
): Runner {
  return {
    newContext({ turn, update, token, botInfo }) {
      const telegram: Telegram = runOutside(() => new TelegramClass(token))
      bindTelegram(telegram, { load, TelegramError, of: { turn, token } })
      return new ContextClass(update, telegram, botInfo)
    },
    handle: (ctx, next) =>
      typeof middleware === 'function' ? middleware(ctx, next) : middleware.middleware()(ctx, next),
    catching: () => undefined,
  }
}
