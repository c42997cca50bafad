/** Bounds the bytes that are held at once: whoever finds no room waits for its turn. */

/** A room for bytes. */
export interface ByteRoom {
  /**
   * Takes room for so many bytes, at most all there is, and answers what gives it back. First come, first served.
   * Rejects with the reason of `signal` where it aborts before.
   */
  take(bytes: number, signal?: AbortSignal): Promise<() => void>
}

/** A room of `mostBytes`. */
export function createByteRoom(mostBytes: number): ByteRoom {
  let left = mostBytes
  const waiting: { bytes: number; enter: () => void }[] = []
  const admit = () => {
    for (let first = waiting[0]; first && first.bytes <= left; first = waiting[0]) {
      waiting.shift()
      left -= first.bytes
      first.enter()
    }
  }
  return {
    async take(wanted, signal) {
      signal?.throwIfAborted()
      const bytes = Math.min(wanted, mostBytes)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const place = { bytes, enter: resolve }
      const leave = () => {
        const at = waiting.indexOf(place)
        if (at < 0) return
        waiting.splice(at, 1)
        reject(signal?.reason)
        admit()
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(place)
      admit()
      await promise.finally(() => signal?.removeEventListener('abort', leave))
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        left += bytes
        admit()
      }
    },
  }
}
