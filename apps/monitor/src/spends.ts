/** What each bot has spent on models, and what requests under way may still cost it. */
import { createSpend } from '@chatlane/chats'
import type { Keys } from '@chatlane/lanes'
import { type RedisClient, seriesOf } from '@chatlane/runtime'

/** The gauges of the bots. */
export async function readSpends(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  bots: Iterable<string>,
): Promise<[series: string, value: number][]> {
  const spends = Array.from(bots, async (bot): Promise<[string, number][]> => {
    const { day, month, held } = await createSpend({ redis, keyPrefix: keys.bot(bot) }).spent('bot', '')
    return [
      [seriesOf('chatlane_budget_spent_usd', { bot, period: 'day' }), day.usd],
      [seriesOf('chatlane_budget_spent_usd', { bot, period: 'month' }), month.usd],
      [seriesOf('chatlane_budget_spent_tokens', { bot, period: 'day' }), day.tokens],
      [seriesOf('chatlane_budget_spent_tokens', { bot, period: 'month' }), month.tokens],
      [seriesOf('chatlane_budget_reserved_usd', { bot }), held.usd],
    ]
  })
  return (await Promise.all(spends)).flat()
}
