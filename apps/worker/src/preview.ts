/** Shows a reply while the model writes it: publishes its newest state for the sender, now and then. */
import type { Outbox, Turn } from '@chatlane/lanes'
import { type Log, sleep } from '@chatlane/runtime'
import { createLiveRendering, cutPages, placeAddress, type StreamState, sourceHash } from '@chatlane/telegram'

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
  /** Whether something of the turn may be shown already, by this worker or one before. */
  isAnew: boolean
  /** Called when the turn turns out to be another worker's. */
  onStale(): void
}

/** A reply in the making. */
export interface Preview {
  /** Takes the text so far; cheap to call for every piece. */
  update(markdownSoFar: string): void
  /** Ends it; resolves when nothing of it is on its way to Redis any more. */
  end(): Promise<void>
  /** Whether anything of the turn was published. */
  hasPublished(): boolean
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
  const ended = new AbortController()
  const rendering = createLiveRendering()
  let newest = ''
  let published = ''
  let hasPublished = options.isAnew
  let wake: (() => void) | undefined
  let intervalMs = LEAST_INTERVAL_MS

  const publish = async (): Promise<'go on' | 'enough'> => {
    published = newest
    const pages = cutPages(rendering.show(published))
    if (pages.length === 0) return 'go on'
    const state: StreamState = {
      pages,
      keyboard: options.keyboard,
      ...placeAddress(turn.lane.place),
      ...(options.replyToMessageId !== undefined && { replyToMessageId: options.replyToMessageId }),
      source: { units: published.length, hash: sourceHash(published) },
    }
    const payload = JSON.stringify(state)
    const answer = await parts.outbox.publish(turn.lane, { turnId: turn.turnId, stream, payload })
    if (answer.kind === 'stale') options.onStale()
    if (answer.kind === 'stale' || answer.kind === 'off') return 'enough'
    hasPublished = true
    if (answer.kind === 'opened') await parts.readyOutbox(turn.lane, answer.outClass)
    const share = answer.kind === 'opened' ? 0.5 : 1.5
    intervalMs = Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, intervalMs * share))
    return 'go on'
  }
  const news = () =>
    new Promise<void>((resolve) => {
      if (newest !== published || ended.signal.aborted) return resolve()
      wake = resolve
    })
  const run = async () => {
    await sleep(FIRST_AFTER_MS, ended.signal)
    const goesOn = await continuation(parts, options)
    while (!ended.signal.aborted) {
      await news()
      if (ended.signal.aborted) return
      const fits = goesOn(newest)
      if (fits === 'never') return
      if (fits === 'not yet') published = newest
      else if ((await publish()) === 'enough') return
      await sleep(intervalMs, ended.signal)
    }
  }
  const running = run().catch((error) => parts.log.warn({ err: error }, 'a preview could not be published'))
  return {
    update(markdownSoFar) {
      newest = markdownSoFar
      wake?.()
    },
    async end() {
      ended.abort()
      wake?.()
      await running
    },
    hasPublished: () => hasPublished,
  }
}

/**
 * What a turn that was begun anew may show: nothing before it is as far as its predecessor, and nothing at all where it
 * says something else. Readers would see the answer shrink, or one answer become another.
 */
async function continuation(
  parts: PreviewParts,
  { turn, stream, isAnew }: PreviewOptions,
): Promise<(markdown: string) => 'fits' | 'not yet' | 'never'> {
  if (!isAnew) return () => 'fits'
  const { state } = await parts.outbox.view(turn.lane, stream)
  if (!state) return () => 'fits'
  const { units, hash } = (JSON.parse(state.payload) as StreamState).source
  return (markdown) => {
    if (markdown.length < units) return 'not yet'
    return sourceHash(markdown.slice(0, units)) === hash ? 'fits' : 'never'
  }
}
