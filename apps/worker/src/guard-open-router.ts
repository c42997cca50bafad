/** OpenRouter behind its breakers and its governor, which all workers share. */
import type { Keys } from '@chatlane/lanes'
import {
  createBreaker,
  createOpenRouter,
  GUARD_KEYS,
  guardAnswers,
  type OpenRouter,
  openGovernor,
} from '@chatlane/openrouter'
import type { Log, RedisClient, Running, Tally } from '@chatlane/runtime'
import type { readConfig } from './config.ts'

/** Connects them as the settings say. `stop` ends what listens. */
export async function guardOpenRouter(parts: {
  config: Pick<ReturnType<typeof readConfig>, 'openRouter' | 'mostRequests' | 'breakerFaults'>
  redis: RedisClient
  keys: Keys
  tally: Tally
  log: Log
}): Promise<Running & { openRouter: OpenRouter }> {
  const { config, redis, keys, tally, log } = parts
  const most = config.mostRequests
  const breaker = createBreaker({
    redis,
    key: keys.ofShard(0, GUARD_KEYS.breakers),
    rules: { faults: config.breakerFaults },
    log,
  })
  const governor =
    most === undefined
      ? undefined
      : await openGovernor({ redis, key: keys.ofShard(0, GUARD_KEYS.slots), most, log })
  return {
    openRouter: guardAnswers(createOpenRouter(config.openRouter), {
      breaker,
      tally,
      ...(governor && { governor }),
    }),
    stop: async () => governor?.stop(),
  }
}
