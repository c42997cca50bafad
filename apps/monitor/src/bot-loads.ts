/** How each bot stands with Telegram. */
import { type Keys, readBotLoad } from '@chatlane/lanes'
import { type RedisClient, seriesOf } from '@chatlane/runtime'

/** The gauges of the bots. */
export async function readBotLoads(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  bots: Iterable<string>,
): Promise<[series: string, value: number][]> {
  const loads = Array.from(bots, async (bot): Promise<[string, number][]> => {
    const { chatsInLine, pausedMs, isSlowed } = await readBotLoad(redis, keys, bot)
    return [
      [seriesOf('chatlane_chats_in_line', { bot }), chatsInLine],
      [seriesOf('chatlane_bot_paused_seconds', { bot }), pausedMs / 1000],
      [seriesOf('chatlane_bot_slowed', { bot }), isSlowed ? 1 : 0],
    ]
  })
  return (await Promise.all(loads)).flat()
}
