/** Long polling: one gateway asks Telegram for a bot's updates at a time; another takes over when it dies. */
import { randomBytes } from 'node:crypto'
import { holdLease, type Keys } from '@chatlane/lanes'
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import type { BotApi } from '@chatlane/telegram'
import type { Admit } from './admission.ts'
import type { GatewayBot } from './config.ts'
import type { Presence } from './presence.ts'

/** What polling needs. */
export interface PollingParts {
  redis: RedisClient
  keys: Keys
  api: BotApi
  admit: Admit
  presence: Presence
  log: Log
}

const LEASE_MS = 5000
const RENEW_MS = 1500
/** How long Telegram holds a request without updates. */
const LONG_POLL_SECONDS = 25
const MOST_PAUSE_MS = 30_000

/** Polls `bot` while this process holds its lease, and waits for the lease otherwise. */
export function pollBot(parts: PollingParts, bot: GatewayBot): Running {
  const stop = new AbortController()
  const lease = holdLease({
    redis: parts.redis,
    key: `${parts.keys.bot(bot.id)}:poller`,
    token: randomBytes(9).toString('base64url'),
    leaseMs: LEASE_MS,
  })
  const ended = (async () => {
    while (!stop.signal.aborted) {
      const isHeld = await lease.acquire().catch(() => false)
      if (isHeld) await pollWhileHeld(parts, bot, { lease, stop: stop.signal })
      else await sleep(RENEW_MS, stop.signal)
    }
    await lease.release().catch((error) => parts.log.debug({ err: error }, 'the lease of a poller'))
  })()
  return {
    async stop() {
      stop.abort()
      await ended
    },
  }
}

interface Held {
  lease: ReturnType<typeof holdLease>
  stop: AbortSignal
}

async function pollWhileHeld(parts: PollingParts, bot: GatewayBot, held: Held): Promise<void> {
  const lost = new AbortController()
  const renewal = setInterval(() => {
    held.lease.acquire().then(
      (isHeld) => !isHeld && lost.abort(),
      () => lost.abort(),
    )
  }, RENEW_MS)
  const signal = AbortSignal.any([held.stop, lost.signal])
  try {
    parts.log.info({ bot: bot.id }, 'polling')
    if (await prepare(parts, bot, signal)) await pollLoop(parts, bot, signal)
  } finally {
    clearInterval(renewal)
  }
}

/** A registered webhook would make every getUpdates fail. */
async function prepare(parts: PollingParts, bot: GatewayBot, signal: AbortSignal): Promise<boolean> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS)) {
    const drop = parts.presence.mayDrop(bot.id)
    const outcome = await parts.api.call(
      bot.token,
      'deleteWebhook',
      { drop_pending_updates: drop },
      { signal },
    )
    if (outcome.kind === 'ok') {
      await parts.redis.del(`${parts.keys.bot(bot.id)}:webhook`)
      parts.presence.dropped(bot.id)
      return true
    }
    if (signal.aborted) return false
    parts.log.warn({ bot: bot.id, ...reasonOf(outcome) }, 'polling can not begin yet')
    await sleep(outcome.kind === 'flood' ? outcome.retryAfterMs : pauseMs, signal)
  }
  return false
}

async function pollLoop(parts: PollingParts, bot: GatewayBot, signal: AbortSignal): Promise<void> {
  let offset: number | undefined
  let pauseMs = 500
  while (!signal.aborted) {
    const outcome = await parts.api.call<{ update_id: number }[]>(
      bot.token,
      'getUpdates',
      {
        ...(offset !== undefined && { offset }),
        timeout: LONG_POLL_SECONDS,
        limit: 100,
        allowed_updates: bot.allowedUpdates,
      },
      { signal, timeoutMs: (LONG_POLL_SECONDS + 10) * 1000 },
    )
    if (signal.aborted) return
    if (outcome.kind !== 'ok') {
      parts.log.warn({ bot: bot.id, ...reasonOf(outcome) }, 'updates could not be fetched')
      await sleep(outcome.kind === 'flood' ? outcome.retryAfterMs : pauseMs, signal)
      pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS)
      continue
    }
    const durable = await admitInOrder(parts, bot, outcome.result)
    if (durable !== undefined) offset = durable + 1
    pauseMs = durable === outcome.result.at(-1)?.update_id ? 500 : pauseMs
    // Redis is away or full: what follows the durable prefix is asked for again.
    if (durable !== outcome.result.at(-1)?.update_id) await sleep(pauseMs, signal)
  }
}

/**
 * Appends a batch one by one, so that a failure leaves nothing durable behind it and a migration is noted before what
 * follows it; answers the id of the last update of the durable prefix.
 */
async function admitInOrder(
  parts: PollingParts,
  bot: GatewayBot,
  batch: { update_id: number }[],
): Promise<number | undefined> {
  let durable: number | undefined
  for (const update of batch) {
    const admitted = await parts
      .admit(bot.id, { value: update, json: JSON.stringify(update) })
      .catch((error: Error) => ({ kind: 'failed' as const, problem: error.message }))
    if (admitted.kind === 'failed' || admitted.kind === 'closed') {
      parts.log.warn({ bot: bot.id, outcome: admitted }, 'an update could not be stored')
      return durable
    }
    if (admitted.kind === 'not-an-update') {
      parts.log.warn({ bot: bot.id, problem: admitted.problem }, 'Telegram sent what is no update')
    }
    durable = update.update_id
  }
  return durable
}

function reasonOf(outcome: { kind: string; description?: string; detail?: string; status?: number }) {
  return { outcome: outcome.kind, reason: outcome.description ?? outcome.detail ?? outcome.status }
}
