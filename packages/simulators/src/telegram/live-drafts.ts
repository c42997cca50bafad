/** The drafts that people see in one chat now: a bot's text while it is being written. */
import type { MessageEntity } from './bot-api-types.ts'
import { nowMs } from './clock.ts'

/** A state of a draft that was shown. */
export interface ShownDraft {
  draftId: number
  text: string
  entities: MessageEntity[]
  messageThreadId?: number | undefined
  /** Whether it has a button that stops it. */
  canStop: boolean
  /** Whether it stays for the rest of its life when it is stopped. */
  keepOnStop: boolean
  atMs: number
}

/** Which draft: ids are told apart by topic (core.telegram.org/api/bots/ai#live-response-streaming). */
export type DraftName = Pick<ShownDraft, 'draftId' | 'messageThreadId'>

/** Clients show a draft for so long unless it is renewed (`message_typing_draft_ttl`, core.telegram.org/api/config). */
const LIFE_MS = 30_000
/** A bot that never ends its drafts must not fill the memory. */
const MOST_KEPT = 100

/** Keeps each draft until it ends: by its age, a message of the bot in its topic, or its Stop button. */
export class LiveDrafts {
  private readonly live = new Map<string, ShownDraft>()
  private readonly stopped = new Set<string>()

  /** Shows a state. False where the draft was stopped: what follows is shown to nobody. */
  show(draft: ShownDraft): boolean {
    const name = nameOf(draft)
    if (this.stopped.has(name)) return false
    this.live.delete(name)
    this.live.set(name, draft)
    forgetOldest(this.live)
    return true
  }

  /** Ends the drafts of a topic (undefined: of the chat itself): a message of the bot takes their place. */
  end(messageThreadId: number | undefined): void {
    for (const [name, draft] of this.live)
      if (draft.messageThreadId === messageThreadId) this.live.delete(name)
  }

  /** Presses the Stop button of a draft. */
  stop(draft: ShownDraft): void {
    const name = nameOf(draft)
    this.stopped.add(name)
    forgetOldest(this.stopped)
    if (draft.keepOnStop) this.live.set(name, { ...draft, canStop: false })
    else this.live.delete(name)
  }

  /** What is shown now, the newest last. */
  list(): ShownDraft[] {
    const oldestMs = nowMs() - LIFE_MS
    for (const [name, { atMs }] of this.live) if (atMs <= oldestMs) this.live.delete(name)
    return [...this.live.values()]
  }
}

function nameOf({ draftId, messageThreadId }: DraftName): string {
  return `${messageThreadId ?? ''}:${draftId}`
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size <= MOST_KEPT) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}
