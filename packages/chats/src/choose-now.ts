/** Applies what somebody chose at once, from wherever they chose it. */
import { loadScript, type RedisClient } from '@chatlane/runtime'
import type { ChatWrite } from './chat-write.ts'

const choose = loadScript(new URL('./lua/choose.lua', import.meta.url))

/** More changes of one chat are not under way at once. */
const MOST_REMEMBERED = 32
/** Longer than an update waits to be answered. */
const REMEMBERED_SECONDS = 26 * 3600

/**
 * Applies `writes` (of `choiceWrites`) in one step. A change of the same id is applied once. `appliedKey`: where the ids
 * are kept; it has the hash tag of the writes' keys.
 */
export async function chooseNow(
  redis: RedisClient,
  { appliedKey, id, writes }: { appliedKey: string; id: string; writes: readonly ChatWrite[] },
): Promise<void> {
  const keys = [...new Set(writes.map(({ key }) => key))]
  await choose(
    redis,
    [appliedKey, ...keys],
    [
      id,
      MOST_REMEMBERED,
      REMEMBERED_SECONDS,
      writes.length,
      ...writes.flatMap(({ command, key, args }) => [command, keys.indexOf(key) + 1, args.length, ...args]),
    ],
  )
}
