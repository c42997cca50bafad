/** Runs an example moved in: the same file as HANDLERS of several workers, killed again and again if need be. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { openTestRedis, type TestRedis } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import { heldWork } from '../e2e/held-work.ts'
import { atRest } from '../e2e/rest.ts'
import { type ServiceName, type ServiceProcess, startServiceProcess } from '../e2e/service-process.ts'
import type { Example } from './example.ts'
import { EXAMPLE_TOKEN, openExampleTelegram } from './plain-bot.ts'

/** How it is run. */
export interface MovedIn {
  workers: number
  /** Kills a busy worker, as often as one is found, and starts another in its place. Default false. */
  isKilled?: boolean
}

/** What came of it. */
export interface Played {
  transcript: string
  kills: number
  /** Deliveries that were posted again since their outcome could not be learned. */
  repeated: number
}

/** So many calls the bot makes between two kills, so that a script has an end. */
const CALLS_BETWEEN = 12

/** Plays the example's script. Rejects where an outcome does not come. */
export async function playMovedIn(example: Example, { workers, isKilled }: MovedIn): Promise<Played> {
  const telegram = await openExampleTelegram()
  const { url, redis, prefix } = openTestRedis()
  const environment = {
    ...example.environment(),
    NODE_NO_WARNINGS: '1',
    REDIS_URL: url,
    REDIS_PREFIX: prefix,
    TELEGRAM_BOT_TOKEN: EXAMPLE_TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    HANDLERS: example.file,
    ASSISTANT: 'off',
    GATEWAY_PORT: '0',
  }
  const running = new Set<ServiceProcess>()
  const start = async (name: ServiceName) => {
    const service = startServiceProcess(name, environment)
    running.add(service)
    service.ended.then(() => running.delete(service))
    await service.address
    return service
  }
  onTestFinished(async () => void (await Promise.all([...running].map((service) => service.kill()))))
  const slots = await Promise.all(Array.from({ length: workers }, () => start('worker')))
  await Promise.all([start('gateway'), start('sender')])
  const over = new AbortController()
  const killing = isKilled
    ? killAgainAndAgain({ telegram, slots, startAnother: () => start('worker'), over: over.signal })
    : Promise.resolve(0)
  const played = isKilled ? unhurried(telegram, { redis, prefix }) : telegram
  const transcript = await example.run(played).finally(() => over.abort())
  const kills = await killing
  const repeated = await redis.hget(
    `${prefix}:{s0}:tally`,
    `chatlane_deliveries_repeated_total{bot="${EXAMPLE_TOKEN.split(':')[0]}"}`,
  )
  return { transcript, kills, repeated: Number(repeated ?? 0) }
}

/**
 * The same for people who see what was posted and do not act before its turn has ended: an author writes down what
 * a message is about after it was posted, and whoever acts on it in another chat comes before the turn that runs again.
 */
function unhurried(
  telegram: TelegramSimulator,
  redis: Pick<TestRedis, 'redis' | 'prefix'>,
): TelegramSimulator {
  return {
    ...telegram,
    async waitUntil(condition, timeoutMs) {
      const met = await telegram.waitUntil(condition, timeoutMs)
      await atRest(redis)
      return met
    },
  }
}

/** Resolves with the number of kills once `over` aborts. */
async function killAgainAndAgain({
  telegram,
  slots,
  startAnother,
  over,
}: {
  telegram: TelegramSimulator
  slots: ServiceProcess[]
  startAnother: () => Promise<ServiceProcess>
  over: AbortSignal
}): Promise<number> {
  let calls = 0
  const unlisten = telegram.on('call', () => calls++)
  let kills = 0
  let killedAt = -1
  while (!over.aborted) {
    const held = await Promise.all(slots.map(heldWork))
    const victim = slots[held.findIndex((count) => count > 0)]
    // Not before the bot has gone on since the last one: a turn that is killed in each of its runs is given up.
    if (victim && calls > killedAt + CALLS_BETWEEN) {
      await victim.kill()
      kills++
      slots[slots.indexOf(victim)] = await startAnother()
      killedAt = calls
    } else await new Promise((resolve) => setTimeout(resolve, 2))
  }
  unlisten()
  return kills
}
