/** Reads the body of a request into memory, within bounds. */
import type { IncomingMessage } from 'node:http'
import type { HeldBytes } from './held-bytes.ts'
import { type Refusal, TOO_LARGE, unavailable } from './refusals.ts'

/** A body that was read and is held until `release`; a refusal; or nobody left to answer. */
export type RequestBody =
  | { kind: 'read'; bytes: Buffer; release(): void }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'gone' }

/** Telegram takes files of 50 MB; the rest is for what stands around them. */
const MOST_BYTES = 51 * 1024 * 1024
const NO_ROOM: RequestBody = { kind: 'refused', refusal: unavailable('too many large requests at once') }

/** Reads all of `request`. Whoever is refused is so before the body was sent, where its length was stated. */
export async function readRequestBody(request: IncomingMessage, held: HeldBytes): Promise<RequestBody> {
  const stated = Number(request.headers['content-length'] ?? 0)
  if (stated > MOST_BYTES) return { kind: 'refused', refusal: TOO_LARGE }
  const hold = held.take(stated)
  if (!hold) return NO_ROOM
  // In one piece from the beginning where that is possible: put together at the end, it would be held twice.
  const whole = Buffer.allocUnsafe(stated)
  const chunks: Buffer[] = []
  let length = 0
  const refuse = (body: RequestBody) => {
    hold.release()
    return body
  }
  try {
    // The connection is kept for the answer, also where the rest of the body is not read.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (stated > 0) chunk.copy(whole, length)
      else chunks.push(chunk)
      length += chunk.length
      if (length > MOST_BYTES) return refuse({ kind: 'refused', refusal: TOO_LARGE })
      if (!hold.grow(length)) return refuse(NO_ROOM)
    }
  } catch {
    return refuse({ kind: 'gone' })
  }
  return { kind: 'read', bytes: stated > 0 ? whole : Buffer.concat(chunks), release: hold.release }
}
