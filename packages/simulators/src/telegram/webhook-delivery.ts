/** A bot's webhook: queues, retries and the faults of delivery, as tdlib/telegram-bot-api WebhookActor.cpp has them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Update } from './bot-api-types.ts'
import { nowMs, nowSeconds } from './clock.ts'
import type { EventHub } from './event-hub.ts'
import type { BotLedger } from './ledger.ts'
import type { DeliveryFaults } from './options.ts'
import { between, type Random } from './random.ts'
import type { UpdateQueue } from './update-queue.ts'
import { type Webhook, type WebhookAnswer, WebhookClient } from './webhook-client.ts'
import { type WebhookQueue, WebhookQueues } from './webhook-queues.ts'
import { targetsOf } from './webhook-targets.ts'

/** What the deliveries of a bot need. */
export interface WebhookDeliveryParts {
  queue: UpdateQueue
  ledger: BotLedger
  events: EventHub
  random: Random
  /** How long a second of the retry schedule lasts. */
  secondMs: number
  timeoutMs: number
  faults: DeliveryFaults
  /** Makes the call that a 2xx's body may carry (core.telegram.org/bots/api#making-requests-when-getting-updates). */
  callInAnswer(body: Buffer, contentType: string): void
}

/** What getWebhookInfo tells of failures. */
export interface LastError {
  dateSeconds: number
  message: string
}

const LONGEST_PAUSE_SECONDS = [60, 120] as const

/** Delivers to one registered webhook until it is closed. */
export class WebhookDelivery {
  readonly webhook: Webhook
  lastError: LastError | undefined
  private readonly parts: WebhookDeliveryParts
  private readonly queues: WebhookQueues
  private readonly client: WebhookClient
  private readonly closing = new AbortController()
  private readonly background = new Set<Promise<unknown>>()
  private inFlight = 0
  private turn = 0

  constructor(webhook: Webhook, parts: WebhookDeliveryParts) {
    this.webhook = webhook
    this.parts = parts
    this.queues = new WebhookQueues(2 * webhook.maxConnections)
    this.client = new WebhookClient({ webhook, timeoutMs: parts.timeoutMs, signal: this.closing.signal })
    for (const pending of parts.queue.pending.values()) this.queues.add(pending)
  }

  /** Takes new updates from the bot's queue and sends what may go out. */
  open(): void {
    this.parts.queue.onAdded = (pending) => {
      this.queues.add(pending)
      this.pump()
    }
    this.pump()
  }

  /** Stops at once: what is under way is cut and stays pending. Whoever closes it redirects the queue's `onAdded`. */
  async close(): Promise<void> {
    this.closing.abort()
    await Promise.all(this.background)
    await this.client.close()
  }

  /** POSTs an update that was acknowledged before once more, past all queues. */
  repeat(update: Update): void {
    this.inBackground(this.post(this.nextTargets()[0] as string, update))
  }

  private pump(): void {
    while (!this.closing.signal.aborted && this.inFlight < this.webhook.maxConnections) {
      const queue = this.queues.next()
      if (queue === undefined) return
      this.inBackground(this.deliverFirst(queue))
    }
  }

  private async deliverFirst(queue: WebhookQueue): Promise<void> {
    const first = queue.updates[0]
    if (first === undefined) return
    const { update, expiresAtMs } = first
    if (expiresAtMs <= nowMs() || !this.parts.queue.pending.has(update.update_id)) {
      this.parts.queue.drop(update.update_id)
      this.queues.finish(queue)
      return
    }
    this.inFlight++
    const answer = await this.attempt(update)
    this.inFlight--
    if (this.closing.signal.aborted) return
    if (answer.error === undefined) this.finish(queue, update, answer)
    else this.retryLater(queue, answer, answer.error)
    this.pump()
  }

  private finish(queue: WebhookQueue, update: Update, answer: WebhookAnswer): void {
    this.parts.queue.acknowledge(update.update_id)
    this.queues.finish(queue)
    if (answer.body.length > 0) this.parts.callInAnswer(answer.body, answer.contentType)
    const { redeliverProbability, redeliverAfterMs } = this.parts.faults
    if (redeliverProbability === 0 || this.parts.random() >= redeliverProbability) return
    this.inBackground(
      this.pause(between(this.parts.random, redeliverAfterMs)).then(() => this.repeat(update)),
    )
  }

  private retryLater(queue: WebhookQueue, answer: WebhookAnswer, reason: string): void {
    this.lastError = { dateSeconds: nowSeconds(), message: reason }
    queue.failures++
    const { random, secondMs } = this.parts
    // The first retry comes at once, then 2, 4, 8 ... seconds up to a random 60 to 120.
    const ownSeconds =
      queue.failures === 1 ? 0 : Math.min(2 ** (queue.failures - 1), between(random, LONGEST_PAUSE_SECONDS))
    const pauseMs = (answer.retryAfterSeconds ?? ownSeconds) * secondMs
    const release = () => {
      this.queues.release(queue)
      this.pump()
    }
    if (pauseMs === 0) release()
    else this.inBackground(this.pause(pauseMs).then(release))
  }

  /** One delivery: a POST, or two with `doubleWithinMs`; the first 2xx, else the last failure. */
  private attempt(update: Update): Promise<WebhookAnswer> {
    const { doubleWithinMs } = this.parts.faults
    const [first, second] = this.nextTargets() as [string, string]
    if (doubleWithinMs === undefined) return this.post(first, update)
    const { promise, resolve } = Promise.withResolvers<WebhookAnswer>()
    let failed = 0
    const settle = (answer: WebhookAnswer) => {
      if (answer.error === undefined || ++failed === 2) resolve(answer)
    }
    const copy = this.pause(this.parts.random() * doubleWithinMs).then(() => this.post(second, update))
    this.inBackground(this.post(first, update).then(settle))
    this.inBackground(
      copy.then(settle, () =>
        settle({
          status: 0,
          error: 'closed',
          retryAfterSeconds: undefined,
          body: Buffer.alloc(0),
          contentType: '',
        }),
      ),
    )
    return promise
  }

  private nextTargets(): [string, string] {
    const targets = targetsOf(this.webhook.url, this.parts.faults)
    const at = this.turn++ % targets.length
    return [targets[at] as string, targets[(at + 1) % targets.length] as string]
  }

  private async post(url: string, update: Update): Promise<WebhookAnswer> {
    const { ledger, events, queue } = this.parts
    const { botId, updates } = ledger
    updates.attempted++
    const answer = await this.client.post(url, update)
    if (answer.error !== undefined) updates.failed++
    else if (!queue.pending.has(update.update_id)) updates.duplicates++
    events.emit({ type: 'delivery', botId, updateId: update.update_id, to: url, status: answer.status })
    return answer
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closing.signal })
  }

  private inBackground(work: Promise<unknown>): void {
    // A rejection is the abort of a pause by `close`, and nobody waits any more.
    const guarded = work.catch(() => {}).finally(() => this.background.delete(guarded))
    this.background.add(guarded)
  }
}
