/** What a simulator is started with, and its defaults. */

/** A bot that the simulator knows. */
export interface BotOptions {
  /** `<id>:<secret>`; the id is the bot's user id. */
  token: string
  username: string
  firstName: string
  /** Whether it sees every message of a group (privacy mode off). Default true. */
  canReadAllGroupMessages?: boolean
  /** Whether private chats with it may have topics. Default true. */
  hasTopicsEnabled?: boolean
  /** Id of its first update; by chance without. Ids of an earlier run must not come again while they are remembered. */
  firstUpdateId?: number
}

/** Telegram's budgets (core.telegram.org/bots/faq, core.telegram.org/api/bots/ai), judged by time of arrival. */
export interface LimitOptions {
  /** Sends, copies, forwards (each item), edits and deletes of a bot in ANY second. Default 30. */
  botPerSecond: number
  /** Instead of that: sends and copies with `allow_paid_broadcast` in ANY second. Default 1000. */
  paidPerSecond: number
  /** What refills a private chat's bucket, per second. Default 1. */
  chatPerSecond: number
  /** The size of a private chat's bucket; an album leaves it in debt. Default 3. */
  chatBurst: number
  /** The same calls to one group (a forum is one) in ANY 60 seconds. Default 20. */
  groupPerMinute: number
  /** Chat actions and drafts to one chat in any 5 seconds. Default 20. */
  actionsPer5s: number
  /** Chat actions and drafts to one chat in any 30 seconds. Default 40. */
  actionsPer30s: number
  /** True: what goes beyond is answered 429. False (default): it is applied and counted. */
  enforce: boolean
}

/** How updates are delivered worse than once and in order. Can be changed while running. */
export interface DeliveryFaults {
  /**
   * Further gateways: origins (`http://127.0.0.1:3001`, the path is the registered webhook's) or whole URLs. Without
   * `doubleWithinMs` deliveries go round them and the registered URL in turn, as behind a load balancer.
   */
  mirrors: readonly string[]
  /**
   * Every delivery is POSTed twice, the second time up to so many ms later, to two different URLs (to the same one
   * where there is no mirror). It counts as delivered at the first 2xx, and the queue then goes on although the other
   * copy may still be under way. It fails when both failed. Undefined: each delivery is POSTed once.
   */
  doubleWithinMs?: number | undefined
  /** The chance that an update acknowledged by a webhook is POSTed once more, out of order. Default 0. */
  redeliverProbability: number
  /** How long after its acknowledgement, in ms. */
  redeliverAfterMs: readonly [number, number]
}

/**
 * What becomes of a call to a private chat nobody made.
 * - `refuse`: 400 chat not found.
 * - `create`: the user is made, with a chat that is kept.
 * - `accept`: it is answered and counted, and nothing of it is kept: for broadcasts to millions.
 * - `blocked`, `deactivated`: the 403 for it.
 */
export type StrangerRule = 'refuse' | 'create' | 'accept' | 'blocked' | 'deactivated'

/** Options of `createTelegramSimulator`. */
export interface TelegramSimulatorOptions {
  /** Default: none; `addBot` adds more. Calls with other tokens are answered 401. */
  bots?: readonly BotOptions[]
  /** Default 0: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  limits?: Partial<LimitOptions>
  /** An answer leaves so long after the call was applied. Default [0, 0]. */
  answerDelayMs?: readonly [number, number]
  /** Messages kept per chat, the newest. Default 200. */
  keepMessages?: number
  /** What each message said, as posted and after edits, for `edits`: the newest so many. Default 0: nothing. */
  keepEdits?: number
  /** Acknowledged updates kept per bot for redelivery. Default 1000. */
  keepUpdates?: number
  /** Bytes of files kept, the newest. Default 64 MiB. */
  keepFileBytes?: number
  /** How long a second of the webhook's retry schedule lasts, `Retry-After` included. Default 1000. */
  webhookRetryBaseMs?: number
  /** A webhook that has not answered for so long has failed. Default 60,000, as Telegram's. */
  webhookTimeoutMs?: number
  /** Shorthand for `deliveryFaults.mirrors`. */
  webhookMirrors?: readonly string[]
  /** Shorthand for `deliveryFaults.doubleWithinMs`. */
  doubleWithinMs?: number
  deliveryFaults?: Partial<DeliveryFaults>
  /** One rule for all, or one by the user's id. Default `refuse`. */
  unknownChats?: StrangerRule | ((userId: number) => StrangerRule)
  /** Seed of faults, delays and update ids. Default 1. */
  seed?: number
}

/** Options with every default filled in. */
export interface Settings {
  host: string
  port: number
  limits: LimitOptions
  answerDelayMs: readonly [number, number]
  keepMessages: number
  keepEdits: number
  keepUpdates: number
  keepFileBytes: number
  webhookRetryBaseMs: number
  webhookTimeoutMs: number
  deliveryFaults: DeliveryFaults
  unknownChats: StrangerRule | ((userId: number) => StrangerRule)
  seed: number
}

const LIMITS: LimitOptions = {
  botPerSecond: 30,
  paidPerSecond: 1000,
  chatPerSecond: 1,
  chatBurst: 3,
  groupPerMinute: 20,
  actionsPer5s: 20,
  actionsPer30s: 40,
  enforce: false,
}

/** Fills the defaults in. */
export function settle(options: TelegramSimulatorOptions): Settings {
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    limits: { ...LIMITS, ...options.limits },
    answerDelayMs: options.answerDelayMs ?? [0, 0],
    keepMessages: options.keepMessages ?? 200,
    keepEdits: options.keepEdits ?? 0,
    keepUpdates: options.keepUpdates ?? 1000,
    keepFileBytes: options.keepFileBytes ?? 64 * 1024 * 1024,
    webhookRetryBaseMs: options.webhookRetryBaseMs ?? 1000,
    webhookTimeoutMs: options.webhookTimeoutMs ?? 60_000,
    deliveryFaults: {
      mirrors: options.webhookMirrors ?? [],
      doubleWithinMs: options.doubleWithinMs,
      redeliverProbability: 0,
      redeliverAfterMs: [0, 1000],
      ...options.deliveryFaults,
    },
    unknownChats: options.unknownChats ?? 'refuse',
    seed: options.seed ?? 1,
  }
}
