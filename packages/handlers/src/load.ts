/** The load of one author's file: what its bots belong to while and after it is evaluated. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Telegraf } from 'telegraf'
import type { HandlerHost } from './handler-host.ts'

/** One load. */
export interface Load {
  /** The token of the bot that the file was loaded for. */
  token: string
  /** With a slash at its end. */
  apiRoot: string
  host: HandlerHost<unknown>
  /** The bots that wanted to receive updates, in the order of wanting. */
  launched: Telegraf[]
  /** Resolves when the first bot is launched. */
  hasLaunched: PromiseWithResolvers<void>
  /** Resolves when the handlers are stopped. */
  hasStopped: PromiseWithResolvers<void>
}

const running = new AsyncLocalStorage<{ load: Load; token: string }>()

/** Runs `fn` so that the code in it belongs to `load` and acts for the bot of `token`. */
export function runWithin<R>(load: Load, token: string, fn: () => R): R {
  return running.run({ load, token }, fn)
}

/** The load that the running code belongs to. */
export function currentLoad(): Load | undefined {
  return running.getStore()?.load
}

/** Runs `fn`, which is the platform's, so that it belongs to no load. */
export function runOutside<R>(fn: () => R): R {
  return running.exit(fn)
}

/** Whether `token` is well formed, and of another bot than the one that the file was loaded for. */
export function isForeign(load: Load, token: unknown): boolean {
  const id = /^(\d+):./.exec(String(token))?.[1]
  return id !== undefined && id !== load.token.split(':')[0]
}

/** The token that the running code acts for: one file may serve several bots. */
export function currentToken(load: Load): string {
  const current = running.getStore()
  return current?.load === load ? current.token : load.token
}

const told = new WeakMap<HandlerHost<unknown>, Set<string>>()

/** Tells the host of `load` that `what` is ignored, once. */
export function ignore(load: Load, what: string): void {
  const kinds = told.get(load.host) ?? new Set()
  told.set(load.host, kinds)
  if (kinds.has(what)) return
  kinds.add(what)
  load.host.onIgnored(what)
}
