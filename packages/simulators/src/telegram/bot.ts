/** One bot as the server knows it. */

import { BotApiError } from './bot-api-error.ts'
import type { User } from './bot-api-types.ts'
import { BotProfile } from './bot-profile.ts'
import { BoundedMap } from './bounded-map.ts'
import { nowMs } from './clock.ts'
import type { EventHub } from './event-hub.ts'
import type { AskedInline } from './inline-answer.ts'
import { type BotLedger, createBotLedger } from './ledger.ts'
import { Limits } from './limits.ts'
import type { OpenQuery, QueryOptions } from './open-query.ts'
import type { BotOptions, Settings } from './options.ts'
import { PollDelivery } from './poll-delivery.ts'
import type { Random } from './random.ts'
import { UpdateQueue } from './update-queue.ts'
import type { Webhook } from './webhook-client.ts'
import { WebhookDelivery } from './webhook-delivery.ts'

/** What a bot is made of. */
export interface BotParts {
  settings: Settings
  events: EventHub
  random: Random
  callInAnswer(bot: Bot, body: Buffer, contentType: string): void
}

const QUERY_SECONDS = 150
const KEPT_QUERIES = 10_000

/** A bot's identity, budgets, updates and open queries. */
export class Bot {
  readonly token: string
  readonly id: number
  readonly user: User
  readonly ledger: BotLedger
  readonly updates: UpdateQueue
  readonly polls: PollDelivery
  /** Users who have blocked it. */
  readonly blockedBy = new Set<number>()
  /** The lists of commands, by their scope and language. */
  readonly commands = new Map<string, unknown[]>()
  readonly profile: BotProfile
  readonly inlineQueries = new BoundedMap<string, AskedInline>(KEPT_QUERIES)
  limits: Limits
  webhook: WebhookDelivery | undefined
  webhookSetAtMs = 0
  private readonly parts: BotParts
  private readonly queries = new BoundedMap<string, OpenQuery>(KEPT_QUERIES)

  constructor(options: BotOptions, parts: BotParts) {
    this.parts = parts
    this.token = options.token
    this.id = Number(options.token.split(':')[0])
    this.user = {
      id: this.id,
      is_bot: true,
      first_name: options.firstName,
      username: options.username,
      can_join_groups: true,
      can_read_all_group_messages: options.canReadAllGroupMessages ?? true,
      supports_inline_queries: true,
      can_connect_to_business: true,
      has_main_web_app: false,
      has_topics_enabled: options.hasTopicsEnabled ?? true,
    }
    this.profile = new BotProfile(options.firstName)
    const { settings, events, random } = parts
    this.ledger = createBotLedger({ botId: this.id, username: options.username })
    this.limits = new Limits(settings.limits)
    this.updates = new UpdateQueue({
      botId: this.id,
      ledger: this.ledger,
      events,
      firstId: options.firstUpdateId ?? 100_000_000 + Math.floor(random() * 800_000_000),
      keepAcknowledged: settings.keepUpdates,
    })
    this.polls = new PollDelivery({ queue: this.updates, ledger: this.ledger, events })
    this.updates.onAdded = () => this.polls.wake()
  }

  /** Delivers by webhook from now on; a waiting poll is ended. */
  async setWebhook(webhook: Webhook): Promise<void> {
    this.polls.interrupt(new BotApiError(409, 'Conflict: terminated by setWebhook request'))
    const { settings, events, random } = this.parts
    const closing = this.webhook
    const delivery = new WebhookDelivery(webhook, {
      queue: this.updates,
      ledger: this.ledger,
      events,
      random,
      secondMs: settings.webhookRetryBaseMs,
      timeoutMs: settings.webhookTimeoutMs,
      faults: settings.deliveryFaults,
      callInAnswer: (body, contentType) => this.parts.callInAnswer(this, body, contentType),
    })
    this.webhook = delivery
    delivery.open()
    events.emit({ type: 'webhook', botId: this.id, url: webhook.url })
    await closing?.close()
  }

  /** Delivers by getUpdates from now on. */
  async deleteWebhook(): Promise<void> {
    const closing = this.webhook
    if (closing === undefined) return
    this.webhook = undefined
    this.updates.onAdded = () => this.polls.wake()
    this.parts.events.emit({ type: 'webhook', botId: this.id, url: '' })
    await closing.close()
  }

  /** Hands an acknowledged update out again. False where it is not remembered. */
  redeliver(updateId: number): boolean {
    const update = this.updates.recall(updateId)
    if (update === undefined) return false
    if (this.webhook === undefined) this.polls.repeat(update)
    else this.webhook.repeat(update)
    return true
  }

  /** Notes a query that the bot may answer. */
  openQuery(id: string, options: QueryOptions = {}): void {
    const lifeMs = (options.lifeSeconds ?? QUERY_SECONDS) * 1000
    this.queries.set(id, { ...options, expiresAtMs: nowMs() + lifeMs })
  }

  /** Takes no further answer. */
  closeQuery(id: string): void {
    this.queries.delete(id)
  }

  /** The query, undefined where it is unknown or too old. */
  findQuery(id: string): OpenQuery | undefined {
    const query = this.queries.get(id)
    return query !== undefined && query.expiresAtMs > nowMs() ? query : undefined
  }

  async close(): Promise<void> {
    this.polls.close()
    await this.deleteWebhook()
  }
}
