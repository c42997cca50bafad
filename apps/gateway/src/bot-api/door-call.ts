/** A call as it came through the door, read whole. */
import { callChat, type RawCall } from '@chatlane/telegram'
import type { AdmittedCall } from './admit-call.ts'
import type { KeyedCall } from './idempotency-keys.ts'

/** A call with its parameters, and the request that they were read from. */
export interface DoorCall extends AdmittedCall {
  payload: Record<string, unknown>
  hasFiles: boolean
  raw: RawCall
}

/** The call under its `Idempotency-Key`; undefined where it has none. */
export function keyedCall({ bot, method, payload, headers }: DoorCall): KeyedCall | undefined {
  const { keyDigest } = headers
  if (keyDigest === undefined) return undefined
  const purpose = `${method.toLowerCase()} ${callChat(payload) ?? ''}`
  return { botId: bot.id, digest: keyDigest, purpose }
}
