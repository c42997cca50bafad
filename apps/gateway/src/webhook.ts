/** Registers the webhook at the start, once however many gateways start together. */
import { createHash, randomBytes } from 'node:crypto'
import { holdLease, type Keys } from '@chatlane/lanes'
import { type Log, type RedisClient, sleep } from '@chatlane/runtime'
import type { BotApi } from '@chatlane/telegram'
import type { GatewayBot } from './config.ts'
import type { Presence } from './presence.ts'

/** What registering needs. */
export interface WebhookParts {
  redis: RedisClient
  keys: Keys
  api: BotApi
  log: Log
  publicUrl: string
  presence: Presence
}

const MAX_CONNECTIONS = 100
const AGAIN_MS = 500

/** Resolves when the bot's webhook is as it should be; tries until then or until `signal` aborts. */
export async function registerWebhook(
  parts: WebhookParts,
  bot: GatewayBot,
  signal: AbortSignal,
): Promise<void> {
  const { redis, keys, log } = parts
  const url = `${parts.publicUrl}/telegram/${bot.id}`
  const wanted = createHash('sha256')
    .update(JSON.stringify([url, bot.secret, bot.allowedUpdates, MAX_CONNECTIONS]))
    .digest('hex')
  const registered = `${keys.bot(bot.id)}:webhook`
  const lease = holdLease({
    redis,
    key: `${keys.bot(bot.id)}:webhook-lease`,
    token: randomBytes(9).toString('base64url'),
  })
  for (let waitMs = AGAIN_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, 30_000)) {
    if (!(await lease.acquire())) {
      await sleep(AGAIN_MS, signal)
      waitMs = AGAIN_MS
      continue
    }
    const isSame = (await redis.get(registered)) === wanted && (await isStillThere(parts, bot, url))
    if (isSame && !parts.presence.mayDrop(bot.id)) return await lease.release()
    const outcome = await parts.api.call(bot.token, 'setWebhook', {
      url,
      secret_token: bot.secret,
      allowed_updates: bot.allowedUpdates,
      max_connections: MAX_CONNECTIONS,
      drop_pending_updates: parts.presence.mayDrop(bot.id),
    })
    if (outcome.kind === 'ok') {
      await redis.set(registered, wanted)
      parts.presence.dropped(bot.id)
      log.info({ bot: bot.id }, 'the webhook is registered')
      return await lease.release()
    }
    await lease.release()
    log.warn(
      {
        bot: bot.id,
        outcome: outcome.kind,
        ...('description' in outcome && { description: outcome.description }),
      },
      'the webhook could not be registered; trying again',
    )
    await sleep(outcome.kind === 'flood' ? outcome.retryAfterMs : waitMs, signal)
  }
}

async function isStillThere(parts: WebhookParts, bot: GatewayBot, url: string): Promise<boolean> {
  const info = await parts.api.call<{ url?: string }>(bot.token, 'getWebhookInfo', {})
  return info.kind === 'ok' && info.result.url === url
}
