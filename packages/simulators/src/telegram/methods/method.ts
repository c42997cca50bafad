/** What a method of the Bot API is to the simulator. */
import type { Bot } from '../bot.ts'
import type { Cost } from '../limits.ts'
import type { Params } from '../params.ts'
import type { UploadedFile } from '../uploaded-file.ts'
import type { World } from '../world.ts'

/** A call of a method. */
export interface Call {
  bot: Bot
  world: World
  params: Params
  files: ReadonlyMap<string, UploadedFile>
  /** Whether `allow_paid_broadcast` goes with it. */
  isPaid: boolean
  /** Aborts when the client goes away. */
  whenGone(): AbortSignal
}

/** A method: what a call of it costs, and what it does. */
export interface Method {
  cost: Cost
  /** How many messages a call counts as; 1 without. */
  items?: (params: Params) => number
  /** The result, or `Described`. Throws `BotApiError`. */
  run: (call: Call) => unknown
}

/** A result that Telegram answers with a description beside it. */
export class Described {
  readonly result: unknown
  readonly description: string

  constructor(result: unknown, description: string) {
    this.result = result
    this.description = description
  }
}

/** Methods by name. */
export type Methods = Record<string, Method>
