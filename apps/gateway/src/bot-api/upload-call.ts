/** Sends a request with files when its turn has come: byte for byte, to the chat's address of today. */
import type { Homes } from '@chatlane/lanes'
import { type BotApi, type CallOutcome, callChat } from '@chatlane/telegram'
import type { DoorCall } from './door-call.ts'

/** What uploading needs. */
export interface UploadCallParts {
  api: BotApi
  homes: Homes
  /** Aborts what has not ended when the process does. */
  ending: AbortSignal
}

/** Makes the call and tells what became of it. Never rejects. */
export async function uploadCall(parts: UploadCallParts, call: DoorCall): Promise<CallOutcome<unknown>> {
  const { api, homes, ending } = parts
  const { bot, method, payload, raw } = call
  const chat = callChat(payload) ?? ''
  let address: string
  try {
    address = await homes.addressOf(bot.id, await homes.homeOf(bot.id, chat))
  } catch {
    return { kind: 'not-sent', detail: 'Redis is away' }
  }
  if (address === chat) return api.callRaw(bot.token, method, raw, { signal: ending })
  // The group has become a supergroup. A parameter in the address goes before one in the body (telegram-bot-api,
  // Query.h), so that the body need not change.
  const query = [`chat_id=${address}`, ...(raw.query ? [raw.query] : [])].join('&')
  const outcome = await api.callRaw(bot.token, method, { ...raw, query }, { signal: ending })
  if (outcome.kind !== 'refused') return outcome
  // Where that did not help, one more try would not either.
  const { migrateToChatId: _, ...refusal } = outcome
  return refusal
}
