/** Loads the authors' code of this worker's bots. */
import { type Handlers, loadHandlers } from '@chatlane/handlers'
import { takeSchedules } from 'chatlane'
import type { WorkerHost } from './handler-host.ts'
import type { HandlerTurn } from './handler-turn.ts'
import type { BotSchedule } from './schedules.ts'

/** The code of all bots. */
export interface BotHandlers {
  /** By the ids of the bots that have any. */
  byBot: Map<string, Handlers<HandlerTurn>>
  /** What the code wants to be run by the clock. */
  schedules: BotSchedule[]
}

/** What authors' code may import by its bare name, wherever its folder is. */
const MODULES = { chatlane: new URL(import.meta.resolve('chatlane')) }

/** Loads each file once, however many bots it serves; what it schedules runs as the first of them. */
export async function loadBotHandlers(options: {
  /** Files by the bots' ids. */
  handlers: ReadonlyMap<string, string>
  tokens: ReadonlyMap<string, string>
  apiRoot: string
  host: WorkerHost
}): Promise<BotHandlers> {
  const { tokens, apiRoot, host } = options
  const byFile = new Map<string, Handlers<HandlerTurn>>()
  const loaded: BotHandlers = { byBot: new Map(), schedules: [] }
  for (const [botId, file] of options.handlers) {
    const token = tokens.get(botId) ?? ''
    const handlers =
      byFile.get(file) ?? (await loadHandlers<HandlerTurn>({ file, token, apiRoot, host, modules: MODULES }))
    byFile.set(file, handlers)
    loaded.byBot.set(botId, handlers)
    const telegram = handlers.telegramOf(token)
    loaded.schedules.push(...takeSchedules().map((schedule) => ({ ...schedule, botId, telegram })))
  }
  return loaded
}
