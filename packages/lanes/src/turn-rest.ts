/** Lets a turn that only waits give its slot to another lane. */

/** The rest of one turn. */
export interface TurnRest {
  /** The turn has nothing to do before one of the `wait`s that it was told settles. Returns at once. */
  until(wait: Promise<unknown>): void
  /** To be called when the turn has ended; resolves when it holds its slot again. */
  end(): Promise<void>
}

/** A rest that lends the slot with `lend`, which resolves when the slot is held again. */
export function createTurnRest(lend: (wait: Promise<void>) => Promise<void>): TurnRest {
  const waits = new Set<Promise<unknown>>()
  const ended = Promise.withResolvers<void>()
  let hasEnded = false
  let resting: Promise<void> | undefined
  const nothingToWaitFor = async () => {
    while (waits.size > 0 && !hasEnded) await Promise.race([ended.promise, ...waits])
  }
  return {
    until(wait) {
      if (hasEnded) return
      const settled = wait.then(
        () => undefined,
        () => undefined,
      )
      waits.add(settled)
      void settled.then(() => waits.delete(settled))
      resting ??= lend(nothingToWaitFor()).finally(() => {
        resting = undefined
      })
    },
    async end() {
      hasEnded = true
      ended.resolve()
      await resting
    },
  }
}
