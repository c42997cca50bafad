/** Shows a text that grows, at a pace: whoever shows it sees the newest state only, and never two at once. */
import { sleep } from '@chatlane/runtime'

/** A text that is being shown. */
export interface PacedText {
  /** Takes the text so far; cheap to call for every piece. */
  update(textSoFar: string): void
  /** Ends it; resolves when nothing is being shown any more. */
  end(): Promise<void>
}

/** How a text is shown. */
export interface Pace {
  /** Nothing is shown before. */
  firstAfterMs: number
  /** A text that stands still is shown again after so long; never without. */
  refreshMs?: number
  /** Shows the text; answers after how many ms the next state may be shown, or `enough`. */
  show(text: string, ended: AbortSignal): Promise<number | 'enough'>
  /** Told what `show` threw; nothing more is shown then. */
  onError(error: Error): void
}

/** Begins to show what `update` is told. */
export function paceText({ firstAfterMs, refreshMs, show, onError }: Pace): PacedText {
  const ended = new AbortController()
  let newest = ''
  let shown = ''
  let wake: (() => void) | undefined
  const news = () =>
    new Promise<void>((resolve) => {
      if (newest !== shown || ended.signal.aborted) return resolve()
      const refresh = refreshMs === undefined ? undefined : setTimeout(resolve, refreshMs)
      wake = () => {
        clearTimeout(refresh)
        resolve()
      }
    })
  const run = async () => {
    await sleep(firstAfterMs, ended.signal)
    while (!ended.signal.aborted) {
      await news()
      if (ended.signal.aborted) return
      shown = newest
      const pauseMs = await show(shown, ended.signal)
      if (pauseMs === 'enough') return
      await sleep(pauseMs, ended.signal)
    }
  }
  const running = run().catch(onError)
  return {
    update(textSoFar) {
      newest = textSoFar
      wake?.()
    },
    async end() {
      ended.abort()
      wake?.()
      await running
    },
  }
}
