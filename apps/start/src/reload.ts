/** Lets a bot's saved code take over from the code before. */
import type { Service } from './service.ts'

/** What reloading needs. */
export interface ReloadParts {
  /** Starts a worker with the code as it is now. */
  launch(): Service
  /** Puts a worker that works in the place of those before; resolves when they have stopped. */
  takeOver(next: Service): Promise<void>
  say(line: string): void
}

/** The reloading of one bot. */
export interface Reload {
  /** The code was saved. */
  changed(): void
  /** Ends a worker that has not begun to work. */
  stop(): Promise<void>
}

const KILL_WITHIN_MS = 2000
const SLOW_MS = 10_000

/**
 * One reload after the other; a save in the middle of one is a further one. Code that does not run leaves the one before
 * at work. Code that is still loading when it is saved again is given up: it may wait for ever.
 */
export function createReload({ launch, takeOver, say }: ReloadParts): Reload {
  let isWanted = false
  let isStopped = false
  let loading: Service | undefined
  let running: Promise<void> | undefined

  async function load(): Promise<void> {
    const next = launch()
    loading = next
    const slow = setTimeout(() => say('worker     the saved code is still loading'), SLOW_MS)
    const isListening = await next.listening.then(
      () => true,
      () => false,
    )
    clearTimeout(slow)
    loading = undefined
    if (isListening && !isStopped) return takeOver(next)
    await next.stop(KILL_WITHIN_MS)
    if (!isWanted && !isStopped) say('worker     the saved code does not run; the one before goes on')
  }

  async function run(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false
      await load()
    }
  }

  return {
    changed() {
      isWanted = true
      void loading?.stop(KILL_WITHIN_MS)
      running ??= run().finally(() => {
        running = undefined
      })
    },
    async stop() {
      isStopped = true
      await loading?.stop(KILL_WITHIN_MS)
      await running
    },
  }
}
