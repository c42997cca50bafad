/** How many replies the product says that it may have posted twice. */
import { readTally } from '@chatlane/runtime'
import type { Stack } from './stack.ts'

/** The sum over all bots. `shards`: into how many the lanes are divided. */
export async function countedRepeats({ redis: { redis, prefix } }: Stack, shards = 1): Promise<number> {
  const keys = Array.from({ length: shards }, (_, n) => `${prefix}:{s${n}}:tally`)
  const isRepeat = (series: string) => series.startsWith('chatlane_deliveries_repeated_total')
  return [...(await readTally(redis, keys))].reduce(
    (sum, [series, count]) => sum + (isRepeat(series) ? count : 0),
    0,
  )
}
