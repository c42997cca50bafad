/** Tells calls that Redis surely does not have from those that it may have taken before its answer was lost. */
import type { Calls } from '@chatlane/lanes'

/** Thrown where a call may be in its outbox, or not. */
export class UncertainPutError extends Error {
  readonly code = 'UNCERTAIN_PUT'

  constructor(cause: unknown) {
    super('Redis did not say whether it has the call', { cause })
    this.name = 'UncertainPutError'
  }
}

/** `calls` whose `put` rejects with an UncertainPutError where the call may have been put all the same. */
export function withUncertainty(calls: Calls): Calls {
  return {
    stop: () => calls.stop(),
    put: (call) =>
      calls.put(call).catch((error: Error) => {
        throw wasSent(error) ? new UncertainPutError(error) : error
      }),
  }
}

/** An error that Redis answered, or that ioredis made because it had no connection, says that nothing was done. */
function wasSent({ name, message }: Error): boolean {
  return name !== 'ReplyError' && !message.includes('enableOfflineQueue')
}
