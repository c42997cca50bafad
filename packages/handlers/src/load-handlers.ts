/** Loads a bot author's Telegraf module, as it is, to be run by a worker. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Telegram } from 'telegraf'
import { adoptBot } from './author-bot.ts'
import { bindTelegram } from './bind-telegram.ts'
import { findHandler } from './find-handler.ts'
import type { HandlerHost } from './handler-host.ts'
import { type Exports, importFile } from './import-file.ts'
import { type Load, runOutside } from './load.ts'
import { installResolveHook } from './resolve-hook.ts'
import { createUpdateRunner, type HandlerRun } from './run-update.ts'
import { copyFor, telegramErrorOf } from './telegraf-copy.ts'

/** A file and what it is to run with. */
export interface LoadOptions<T> {
  /** A path, relative to the working directory, or a `file:` URL. */
  file: string
  /** Of the bot that it is loaded for; what the author's code says is overruled. */
  token: string
  /** The Bot API's root, where calls go that the host makes directly. */
  apiRoot: string
  host: HandlerHost<T>
  /** Bare specifiers that authors' code may import, and the files that they are. Default none. */
  modules?: Record<string, URL>
}

/** An author's code, loaded. */
export interface Handlers<T> {
  /**
   * Runs one update. Resolves when the handler has ended and, where it threw, `bot.catch` has dealt with it; rejects
   * with the error that nothing caught. There is no time limit: `handlerTimeout` is ignored.
   */
  run(run: HandlerRun<T>): Promise<void>
  /** The module's export `lane`; missing where it exports no such function. */
  lane?: (update: unknown) => string | undefined
  /**
   * A client of the bot with `token` for calls of no turn, through the host like all others. It is of the copy of
   * Telegraf that the file finds: its errors are instances of the author's own `TelegramError`.
   */
  telegramOf(token: string): Telegram
  /** Ends what `bot.launch()` has left pending: code that follows an awaited launch runs now. */
  stop(): void
}

/** Evaluates the file and finds its handler. Throws a HandlersError where that can't be done. */
export async function loadHandlers<T>(options: LoadOptions<T>): Promise<Handlers<T>> {
  const { file: name, token, apiRoot, host } = options
  const file = name.startsWith('file:') ? new URL(name) : pathToFileURL(resolve(name))
  installResolveHook(options.modules ?? {})
  const load: Load = {
    token,
    apiRoot: apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`,
    host,
    launched: [],
    hasLaunched: Promise.withResolvers(),
    hasStopped: Promise.withResolvers(),
  }
  const exports = await importFile(load, file, name)
  const handler = findHandler(exports, load, name)
  if (handler.kind === 'bot') adoptBot(handler.bot, load, telegramErrorOf(handler.bot.telegram))
  const run = createUpdateRunner(load, handler, file)
  const lane = laneOf(exports)
  return {
    run,
    ...(lane && { lane }),
    telegramOf: (token) => telegramOutside(load, file, token),
    stop: () => load.hasStopped.resolve(),
  }
}

function telegramOutside(load: Load, file: URL, token: string): Telegram {
  const { Telegram: TelegramClass, TelegramError } = copyFor(file)
  const telegram = runOutside(() => new TelegramClass(token))
  bindTelegram(telegram, { load, TelegramError, of: { turn: undefined, token } })
  return telegram
}

function laneOf(exports: Exports | undefined): Handlers<unknown>['lane'] {
  const lane = exports?.lane ?? (exports?.default as Exports | null | undefined)?.lane
  return typeof lane === 'function' ? (lane as NonNullable<Handlers<unknown>['lane']>) : undefined
}
