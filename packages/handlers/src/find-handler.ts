/** Finds in an author's exports what handles updates. */
import type { Context, Middleware, Telegraf } from 'telegraf'
import { HandlersError } from './handlers-error.ts'
import { isIgnoredListener } from './ignored-listener.ts'
import type { Exports } from './import-file.ts'
import { isForeign, type Load } from './load.ts'

/** A bot, with its own context and its own way with errors, or mere middleware. */
export type Handler = { kind: 'bot'; bot: Telegraf } | { kind: 'middleware'; middleware: Middleware<Context> }

/**
 * The default export, else the bot that was launched. Throws a HandlersError that names the file where there is neither.
 * Classes are known by their shape: they may be of another copy of Telegraf.
 */
export function findHandler(exports: Exports | undefined, load: Load, name: string): Handler {
  const exported = exports?.default
  for (const candidate of [exported, (exported as Exports | null | undefined)?.default]) {
    if (isBot(candidate)) return { kind: 'bot', bot: candidate }
    if (isMiddleware(candidate)) return { kind: 'middleware', middleware: candidate }
  }
  const bot = load.launched.find((each) => !isForeign(load, each.telegram.token)) ?? load.launched[0]
  if (bot) return { kind: 'bot', bot }
  const expected =
    'a Telegraf bot, a Composer or a middleware as the default export, or a bot that is launched'
  throw new HandlersError('HANDLERS_EXPORT', `${name}: found ${kindOf(exported)}, expected ${expected}`)
}

function isBot(value: unknown): value is Telegraf {
  if (!isObject(value) || typeof value.middleware !== 'function') return false
  const { telegram, options } = value
  return isObject(telegram) && typeof telegram.callApi === 'function' && isObject(options)
}

function isMiddleware(value: unknown): value is Middleware<Context> {
  if (typeof value === 'function') return !isIgnoredListener(value) && !isClass(value)
  return isObject(value) && typeof value.middleware === 'function'
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isClass = (value: object) => /^class\b/.test(Function.prototype.toString.call(value))

function kindOf(value: unknown): string {
  if (value === undefined) return 'no default export'
  if (value === null) return 'null'
  if (typeof value === 'function') return isIgnoredListener(value) ? 'a listener of HTTP requests' : 'a class'
  return typeof value === 'object' ? 'an object without middleware' : `a ${typeof value}`
}
