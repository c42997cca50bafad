/** Opens the door shaped like the Bot API: wires its parts together and listens. */
import { createBotCalls } from '@chatlane/bot-calls'
import {
  createBudgets,
  createCalls,
  createReadyOutbox,
  createTaps,
  type Homes,
  type Keys,
  type Limits,
  openMailbox,
  type Wakes,
} from '@chatlane/lanes'
import { type Log, type RedisClient, type RedisHealth, type Running, sleep } from '@chatlane/runtime'
import { createBotApi } from '@chatlane/telegram'
import type { GatewayBot } from '../config.ts'
import { HeldBytes } from './held-bytes.ts'
import { createIdempotencyKeys } from './idempotency-keys.ts'
import { createBotApiServer } from './server.ts'
import { withUncertainty } from './uncertain-put.ts'

/** What the door needs. */
export interface BotApiDoorParts {
  host: string
  port: number
  bots: readonly GatewayBot[]
  apiRoot: string
  limits: ReadonlyMap<string, Limits>
  /** Whether this installation receives the bots' updates in a way that others must not change. */
  receivesUpdates: boolean
  /** Fails commands at once while Redis is away: callers are told so. */
  prompt: RedisClient
  /** Waits for Redis: the channel on which answers are told. */
  patient: RedisClient
  keys: Keys
  homes: Homes
  wakes: Wakes
  health: RedisHealth
  log: Log
}

/** The open door. `stop` waits for the answers that come soon. */
export interface BotApiDoor extends Running {
  address: string
  /** How many calls have no answer yet. */
  callsUnderWay(): number
}

/** Bytes of requests that are held at once. */
const MOST_HELD_BYTES = 256 * 1024 * 1024
/** Answers that take longer are not waited for when the gateway stops. */
const FINISH_WITHIN_MS = 15_000
/** Telegram takes files of 50 MB; slow lines need minutes. */
const UPLOAD_MS = 180_000

/** Listens on `host`:`port`. Rejects where the port is taken. */
export async function openBotApiDoor(parts: BotApiDoorParts): Promise<BotApiDoor> {
  const { bots, apiRoot, prompt, patient, keys, homes, wakes, health, log } = parts
  const stopping = new AbortController()
  const ending = new AbortController()
  const budgets = createBudgets({ redis: prompt, keys, limits: parts.limits })
  const mailbox = await openMailbox({ redis: patient, keys })
  const readyOutbox = createReadyOutbox({ budgets, wakes })
  const calls = createCalls({ redis: prompt, keys, mailbox, budgets, readyOutbox, log })
  const api = createBotApi({ apiRoot, uploadTimeoutMs: UPLOAD_MS })
  const server = createBotApiServer({
    apiRoot,
    bots: new Map(bots.map((bot) => [bot.id, bot])),
    receivesUpdates: parts.receivesUpdates,
    state: health.state,
    botCalls: createBotCalls({ calls: withUncertainty(calls), homes, budgets }),
    budgets,
    homes,
    api,
    taps: createTaps({ redis: prompt, keys }),
    idempotencyKeys: createIdempotencyKeys({ redis: prompt, keys, log }),
    held: new HeldBytes(MOST_HELD_BYTES),
    stopping: stopping.signal,
    ending: ending.signal,
    log,
  })
  const address = await server.http.listen({ host: parts.host, port: parts.port })
  return {
    address,
    callsUnderWay: () => server.underWay().size,
    async stop() {
      stopping.abort()
      const answered = new AbortController()
      const open = Promise.allSettled(server.underWay()).then(() => answered.abort())
      await Promise.race([open, sleep(FINISH_WITHIN_MS, answered.signal)])
      ending.abort()
      await server.http.close()
      await api.close()
      await calls.stop()
      await mailbox.stop()
    },
  }
}
