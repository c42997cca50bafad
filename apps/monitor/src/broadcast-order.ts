/** Reads what a caller wants to be broadcast. */
import { type ChatIds, isChatId } from '@chatlane/lanes'
import { writeAnnouncement } from '@chatlane/telegram'

/** A broadcast as it was ordered. */
export interface BroadcastOrder {
  botId: string
  payload: string
  audience: 'all' | ChatIds
  paidPerSecond: number | undefined
}

/** The order, or one line that says what is wrong with it. */
export type ReadOrder = { kind: 'order'; order: BroadcastOrder } | { kind: 'wrong'; error: string }

/** What Telegram allows a bot that pays. */
const PAID_PER_SECOND = 1000
const PORTION = 10_000
const FIELDS = ['bot', 'text', 'photo', 'chats', 'paid']

/** Reads `body`; a bot need only be named where `botIds` are not exactly one. */
export function readOrder(body: unknown, botIds: readonly string[]): ReadOrder {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return wrong('expected a JSON object')
  const { bot, text = '', photo, chats, paid } = body as Record<string, unknown>
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name))
  if (unknown !== undefined)
    return wrong(`${JSON.stringify(unknown.slice(0, 40))}: expected one of ${FIELDS.join(', ')}`)
  const botId = readBot(bot, botIds)
  if (botId === undefined)
    return wrong(`bot: expected ${botIds.length === 0 ? 'the id of a bot' : `one of ${botIds.join(', ')}`}`)
  if (typeof text !== 'string') return wrong('text: expected Markdown')
  if (photo !== undefined && (typeof photo !== 'string' || photo.trim() === ''))
    return wrong("photo: expected a photo's URL or file_id")
  const paidPerSecond = readPaid(paid)
  if (paidPerSecond === 'wrong')
    return wrong(`paid: expected true, false or calls per second from 1 to ${PAID_PER_SECOND}`)
  const audience = chats === 'all' ? chats : readChats(chats)
  if (audience === undefined) return wrong('chats: expected "all" or a list of chat ids')
  const written = writeAnnouncement({ markdown: text, photo: photo as string | undefined })
  if (written.kind === 'blank') return wrong('text: expected one, or a photo')
  if (written.kind === 'too-long')
    return wrong(
      `text: found ${written.units} characters, expected at most ${written.maxUnits} and 100 entities`,
    )
  return {
    kind: 'order',
    order: { botId, payload: JSON.stringify(written.delivery), audience, paidPerSecond },
  }
}

function wrong(error: string): ReadOrder {
  return { kind: 'wrong', error }
}

/** Undefined where it must be named or is none of ours. */
function readBot(bot: unknown, botIds: readonly string[]): string | undefined {
  if (bot === undefined) return botIds.length === 1 ? botIds[0] : undefined
  const botId = String(bot)
  const isKnown = botIds.length === 0 ? /^\d{1,20}$/.test(botId) : botIds.includes(botId)
  return isKnown ? botId : undefined
}

function readPaid(paid: unknown): number | undefined | 'wrong' {
  if (paid === undefined || paid === false) return undefined
  if (paid === true) return PAID_PER_SECOND
  const isRate = typeof paid === 'number' && Number.isInteger(paid) && paid >= 1 && paid <= PAID_PER_SECOND
  return isRate ? paid : 'wrong'
}

function readChats(chats: unknown): ChatIds | undefined {
  if (!Array.isArray(chats) || chats.length === 0) return undefined
  const isId = (id: unknown) => (typeof id === 'number' || typeof id === 'string') && isChatId(String(id))
  return chats.every(isId) ? portions(chats) : undefined
}

function* portions(ids: readonly unknown[]): Iterable<string[]> {
  for (let from = 0; from < ids.length; from += PORTION) yield ids.slice(from, from + PORTION).map(String)
}
