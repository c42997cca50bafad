/** Recognizes the updates that ask a running answer to stop, so that workers hear of it before the update's own turn. */
import type { Stop } from '@chatlane/lanes'
import { leadingCommand, type ParsedUpdate } from '@chatlane/telegram'

/** A wish to stop what runs in a place of a chat. */
export interface StopRequest {
  chatId: number
  place: string
  stop: Stop
}

/**
 * What `update` asks to stop: a command `/stop`, a press of a Stop button, or the stop that Telegram shows on a draft.
 * The place is the answer's, also where the update itself waits elsewhere (a press does). Throws nothing.
 */
export function stopRequestOf(update: ParsedUpdate): StopRequest | undefined {
  const { updateId, chatId, place } = update
  // Only private chats have drafts, and their stop names no user: there the chat's id is the user's.
  const userId = update.fromId ?? (update.type === 'stopped_message_generation' ? chatId : undefined)
  const target = targetOf(update)
  if (!target || chatId === undefined || userId === undefined) return undefined
  return { chatId, place, stop: { updateId, userId, ...target } }
}

type Target = Pick<Stop, 'stream' | 'draftId' | 'addressee'>
type Unread = Record<string, unknown>

function targetOf({ type, raw }: ParsedUpdate): Target | undefined {
  const body = raw[type] as Unread
  if (type === 'message') return commandTarget(body)
  if (type === 'callback_query') {
    const { data } = body
    const stream = typeof data === 'string' ? /^stop:(\d{1,40}r{0,9})$/.exec(data)?.[1] : undefined
    return stream === undefined ? undefined : { stream }
  }
  if (type !== 'stopped_message_generation') return undefined
  const { draft_id: draftId } = body
  return typeof draftId === 'number' && Number.isSafeInteger(draftId) ? { draftId } : undefined
}

/** Only what Telegram marked as a command is one: quoted code may begin with `/stop` too. */
function commandTarget(message: Unread): Target | undefined {
  if (typeof message.text !== 'string') return undefined
  const match = /^\/stop(?:@(\w+))?$/.exec(leadingCommand(message) ?? '')
  return match ? { ...(match[1] && { addressee: match[1] }) } : undefined
}
