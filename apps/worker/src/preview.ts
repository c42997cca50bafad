/** Shows a reply while the model writes it: publishes its newest state for the sender, now and then. */
import type { Outbox, Turn } from '@chatlane/lanes'
import type { Log } from '@chatlane/runtime'
import { createLiveRendering, cutPages, placeAddress, type StreamState } from '@chatlane/telegram'
import { type PacedText, paceText } from './paced-text.ts'

/** What previews need. */
export interface PreviewParts {
  outbox: Outbox
  readyOutbox(lane: Turn['lane'], headClass: string): Promise<void>
  log: Log
}

/** What is shown of one answer. */
export interface PreviewOptions {
  turn: Turn
  /** The name of what is shown: the same for whoever begins the turn anew. */
  stream: string
  keyboard: NonNullable<StreamState['keyboard']>
  replyToMessageId: number | undefined
  /** The answer as far as the turn shows it already, by this worker or one before. */
  after: string | undefined
  /** Called when the turn turns out to be another worker's. */
  onStale(): void
}

/** A reply in the making. */
export interface Preview extends PacedText {
  /** The answer as far as its reader may have seen it, by this worker or one before; undefined where nothing was shown. */
  seen(): string | undefined
}

/** An answer that is ready within a second is not shown in the making. */
const FIRST_AFTER_MS = 1000
/** How often a state is published while each is shown at once, … */
const LEAST_INTERVAL_MS = 500
/** … and while the bot's budget lets none through. */
const MOST_INTERVAL_MS = 4000

/** Begins to show what `update` is told. What goes wrong with a preview is logged, never thrown: the reply comes anyway. */
export function showPreview(parts: PreviewParts, options: PreviewOptions): Preview {
  const { turn, stream } = options
  const goesOn = continuationOf(options.after)
  const rendering = createLiveRendering()
  let seen = options.after
  let intervalMs = LEAST_INTERVAL_MS

  const publish = async (markdown: string): Promise<number | 'enough'> => {
    const pages = cutPages(rendering.show(markdown))
    if (pages.length === 0) return intervalMs
    const state: StreamState = {
      pages,
      keyboard: options.keyboard,
      ...placeAddress(turn.lane.place),
      ...(options.replyToMessageId !== undefined && { replyToMessageId: options.replyToMessageId }),
      markdown,
    }
    const payload = JSON.stringify(state)
    const answer = await parts.outbox.publish(turn.lane, { turnId: turn.turnId, stream, payload })
    if (answer.kind === 'stale') options.onStale()
    if (answer.kind === 'stale' || answer.kind === 'off') return 'enough'
    seen = markdown
    if (answer.kind === 'opened') await parts.readyOutbox(turn.lane, answer.outClass)
    const share = answer.kind === 'opened' ? 0.5 : 1.5
    intervalMs = Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, intervalMs * share))
    return intervalMs
  }
  const text = paceText({
    firstAfterMs: FIRST_AFTER_MS,
    async show(markdown) {
      const fits = goesOn(markdown)
      if (fits === 'never') return 'enough'
      return fits === 'yes' ? publish(markdown) : intervalMs
    },
    onError: (error) => parts.log.warn({ err: error }, 'a preview could not be published'),
  })
  return { ...text, seen: () => seen }
}

/**
 * What a turn that was begun anew may show: nothing before it is as far as its predecessor, and nothing at all where it
 * says something else. Readers would see the answer shrink, or one answer become another. The last word may have been
 * half a word: it may end otherwise.
 */
export function continuationOf(after: string | undefined): (markdown: string) => 'yes' | 'not yet' | 'never' {
  if (after === undefined) return () => 'yes'
  const kept = after.trimEnd().replace(/\S+$/, '').trimEnd()
  return (markdown) => {
    if (markdown.length < after.length) return 'not yet'
    return markdown.startsWith(kept) ? 'yes' : 'never'
  }
}
