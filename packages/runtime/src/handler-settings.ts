/** Which authors' code belongs to which bot. */
import { problemLine, type Settings } from './read-settings.ts'
import { type BOT_SETTINGS, botTokens } from './service-settings.ts'

type HandlerSettings = Settings<'HANDLERS' | (typeof BOT_SETTINGS)[number]>

/** One module of the list: `file`, or `<bot id>=<file>`. */
function readEntry(entry: string): { botId: string | undefined; file: string } {
  const match = /^(\d{1,20})=(.+)$/s.exec(entry)
  return { botId: match?.[1], file: match?.[2] ?? entry }
}

/** One line for each entry of `HANDLERS` that no bot can be found for. */
export function handlerProblems(settings: HandlerSettings): string[] {
  const bots = botTokens(settings)
  const entries = settings.HANDLERS.map(readEntry)
  const problem = (found: string, expected: string) => problemLine({ name: 'HANDLERS', found, expected })
  const strangers = entries.flatMap(({ botId, file }) =>
    botId === undefined || bots.has(botId) ? [] : [problem(`${botId}=${file}`, 'the id of one of the bots')],
  )
  const shared = entries.filter(({ botId }) => botId === undefined)
  if (shared.length <= 1) return strangers
  return [
    ...strangers,
    problem(
      shared.map(({ file }) => file).join(','),
      'one module for all bots, or <bot id>=<module> for each',
    ),
  ]
}

/** The modules by the ids of the bots; one without an id is for every bot that has none of its own. */
export function handlerFiles(settings: HandlerSettings): Map<string, string> {
  const entries = settings.HANDLERS.map(readEntry)
  const shared = entries.find(({ botId }) => botId === undefined)?.file
  const files = [...botTokens(settings).keys()].flatMap((id): [string, string][] => {
    const file = entries.find(({ botId }) => botId === id)?.file ?? shared
    return file === undefined ? [] : [[id, file]]
  })
  return new Map(files)
}
