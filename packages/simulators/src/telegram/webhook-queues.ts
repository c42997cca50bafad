/** The order in which a webhook's updates go out: first in first out within a queue, queues beside each other. */

import { queueOf } from './update-kinds.ts'
import type { PendingUpdate } from './update-queue.ts'

/** Updates of one queue id; the first one is in flight or about to be. */
export interface WebhookQueue {
  id: string
  updates: PendingUpdate[]
  /** Failures of the first update so far. */
  failures: number
}

/** Loads updates into their queues, at most so many at a time, and says which queues may send. */
export class WebhookQueues {
  private readonly mostLoaded: number
  private readonly queues = new Map<string, WebhookQueue>()
  private ready: WebhookQueue[] = []
  private backlog: PendingUpdate[] = []
  private backlogAt = 0
  private loaded = 0

  constructor(mostLoaded: number) {
    this.mostLoaded = mostLoaded
  }

  add(pending: PendingUpdate): void {
    this.backlog.push(pending)
    this.load()
  }

  /** A queue whose first update may go out now. It is out of the list until `release` or `finish`. */
  next(): WebhookQueue | undefined {
    return this.ready.shift()
  }

  /** Lets the queue send again, after a failure. */
  release(queue: WebhookQueue): void {
    this.ready.push(queue)
  }

  /** Takes the first update off the queue, which may then send its next one. */
  finish(queue: WebhookQueue): void {
    queue.updates.shift()
    queue.failures = 0
    this.loaded--
    if (queue.updates.length === 0) this.queues.delete(queue.id)
    else this.ready.push(queue)
    this.load()
  }

  // Telegram loads 2 x max_connections updates and no more: many stuck chats starve the others.
  private load(): void {
    while (this.loaded < this.mostLoaded && this.backlogAt < this.backlog.length) {
      const pending = this.backlog[this.backlogAt++] as PendingUpdate
      this.loaded++
      const id = queueOf(pending.update)
      const queue = this.queues.get(id)
      if (queue !== undefined) {
        queue.updates.push(pending)
        continue
      }
      const started = { id, updates: [pending], failures: 0 }
      this.queues.set(id, started)
      this.ready.push(started)
    }
    if (this.backlogAt > 1000 || this.backlogAt === this.backlog.length) {
      this.backlog = this.backlog.slice(this.backlogAt)
      this.backlogAt = 0
    }
  }
}
