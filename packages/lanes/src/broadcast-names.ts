/** What broadcasts are called, and where Redis holds them. */
import type { Keys } from './names.ts'

/** The id of a bot's `n`-th broadcast: it names its bot, so that it says enough by itself. */
export function broadcastId(botId: string, n: number): string {
  return `${botId}-${n}`
}

/** The bot of a broadcast, undefined where `id` is none of a broadcast. */
export function botOfBroadcast(id: string): string | undefined {
  return /^(\d{1,20})-\d{1,15}$/.exec(String(id))?.[1]
}

/** The key of a broadcast, which begins those of its list (`:list`), its unknown recipients and so on. */
export function broadcastKey(keys: Keys, botId: string, id: string): string {
  return `${keys.bot(botId)}:bc:${id}`
}
