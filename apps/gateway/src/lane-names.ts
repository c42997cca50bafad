/** Asks the author's code for the lane of an update, where one lane per chat is too narrow. */
import { readFile } from 'node:fs/promises'
import { type HandlerHost, loadHandlers, surviveStrayErrors } from '@chatlane/handlers'
import type { Log } from '@chatlane/runtime'
import { namedPlace, type ParsedUpdate, type Place } from '@chatlane/telegram'

/** The place where an update waits: its own, under the name that the author's code gives it, if any. */
export type LaneNames = (botId: string, update: Pick<ParsedUpdate, 'place' | 'raw'>) => Place

/** Whether a module exports `lane`: only such a module is loaded here as well. */
const EXPORTS_LANE =
  /\bexport\s+(?:async\s+)?(?:const|let|function)\s+lane\b|\bexport\s*\{[^}]*\blane\b|\bexports\.lane\b/

/** The code runs in workers; here it is only asked for lanes. */
const HOST: HandlerHost<never> = {
  // Reads are answered; whatever else a module calls while it loads, the workers' loading of it does.
  call: async ({ method, direct }) => ({ ok: true, result: /^get/i.test(method) ? await direct() : true }),
  readSession: () => Promise.resolve(undefined),
  writeSession: () => Promise.resolve(),
  onIgnored: () => undefined,
}

const MODULES = { chatlane: new URL(import.meta.resolve('chatlane')) }

/** Loads what the bots' modules export as `lane`. Rejects with a HandlersError for a module that can't be loaded. */
export async function loadLaneNames(options: {
  /** Modules by the bots' ids. */
  handlers: ReadonlyMap<string, string>
  tokens: ReadonlyMap<string, string>
  apiRoot: string
  log: Log
}): Promise<LaneNames> {
  const { handlers, tokens, apiRoot, log } = options
  const byBot = new Map<string, (update: unknown) => string | undefined>()
  for (const [botId, file] of handlers) {
    // A module that can't be read is the workers' to complain about: updates are taken all the same.
    const source = await readFile(file, 'utf8').catch(() => '')
    if (!EXPORTS_LANE.test(source)) continue
    // Timers that the module sets here as well must not end the gateway.
    surviveStrayErrors(log)
    const loaded = await loadHandlers({
      file,
      token: tokens.get(botId) ?? '',
      apiRoot,
      host: HOST,
      modules: MODULES,
    })
    if (loaded.lane) byBot.set(botId, loaded.lane)
  }
  return (botId, { place, raw }) => {
    try {
      return namedPlace(place, String(byBot.get(botId)?.(raw) ?? ''))
    } catch (error) {
      log.warn({ err: error, bot: botId }, 'the lane of an update could not be named; it goes to its chat')
      return place
    }
  }
}
