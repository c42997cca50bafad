/** A press of a button: answered at once, outside of every budget and of the chat's own lane. */
import { loadMemory } from '@chatlane/chats'
import type { ButtonPress } from '@chatlane/dialogue'
import type { Homes, Inbox, Keys, LaneName, Outbox } from '@chatlane/lanes'
import type { Log, RedisClient } from '@chatlane/runtime'
import { type BotApi, type Delivery, readShown, readUpdate } from '@chatlane/telegram'
import type { CallbackQuery, Update } from 'telegraf/types'
import type { Administrators } from './administrators.ts'
import { pressedCard } from './pressed-card.ts'

/** What presses need. */
export interface PressParts {
  redis: RedisClient
  keys: Keys
  api: BotApi
  homes: Homes
  inbox: Inbox
  outbox: Outbox
  administrators: Administrators
  readyOutbox(lane: LaneName, headClass: string): Promise<void>
  token(botId: string): string
  contextTtlSeconds: number
  log: Log
}

/** The press that `update` is; undefined where it is none, or one in no chat. */
export async function pressOf(
  parts: PressParts,
  botId: string,
  update: Update,
): Promise<ButtonPress | undefined> {
  const query = 'callback_query' in update ? update.callback_query : undefined
  const reading = readUpdate(update)
  if (!query || reading.kind !== 'update') return undefined
  const { chatId, chatType, place } = reading.update
  const messageId = query.message?.message_id
  const homeId = chatId === undefined ? '' : await parts.homes.homeOf(botId, String(chatId))
  const lane: LaneName = { botId, homeId, place }
  const turnOf = async (stream: string) => {
    const items = homeId === '' ? [] : await parts.inbox.inProgress(lane)
    return items[0]?.id === stream ? items : undefined
  }
  const isShown = homeId !== '' && messageId !== undefined && carriesButton(query)
  return {
    data: 'data' in query ? query.data : '',
    ...(isShown && {
      card: pressedCard(parts, { lane, messageId, update, userId: query.from.id, chatType }),
    }),
    async isRunning(stream) {
      if (homeId === '') return false
      if ((await turnOf(stream)) !== undefined) return true
      // It may run in a lane that an author's code has named.
      return (await parts.outbox.view(lane, stream)).state !== undefined
    },
    async mayStop(stream) {
      if (chatType === 'private') return true
      const items = await turnOf(stream)
      // Where it runs in a lane of another name, whoever runs it judges.
      if (!items) return true
      const authors = items.map((item) => authorOf(item.payload))
      return authors.includes(query.from.id) || parts.administrators.includes(botId, homeId, query.from.id)
    },
    async hasStopped() {
      if (homeId === '') return false
      return (await loadMemory(parts.redis, parts.keys.ofLane(lane, 'chat'))).stoppedBy === update.update_id
    },
    async answer(text) {
      const payload = { callback_query_id: query.id, ...(text !== '' && { text }) }
      const outcome = await parts.api.call(parts.token(botId), 'answerCallbackQuery', payload, {
        timeoutMs: 5000,
      })
      if (outcome.kind !== 'ok') parts.log.debug({ bot: botId, outcome }, 'a press could not be answered')
    },
    async removeMessage() {
      if (homeId === '' || messageId === undefined || !carriesButton(query)) return
      const stream = /^stop:(\d+r*)$/.exec('data' in query ? query.data : '')?.[1] ?? ''
      const { record, isLost } = await parts.outbox.view({ botId, homeId }, stream)
      // Only a stream that may have lost a message left one behind; the reply's own messages are known.
      if (!isLost || readShown(record).messages.some(({ id }) => id === messageId)) return
      const call: Delivery = { method: 'deleteMessages', chatId: 0, messageIds: [messageId] }
      const delivery = { id: `remove.${messageId}`, class: 0 as const, place, payload: JSON.stringify(call) }
      await parts.readyOutbox(lane, await parts.outbox.post(lane, delivery))
    },
  }
}

/** A client may send any data in the name of any message of ours: only the button that is there counts. */
function carriesButton(query: CallbackQuery): boolean {
  const { message } = query
  const markup = message && 'reply_markup' in message ? message.reply_markup : undefined
  const buttons = markup && 'inline_keyboard' in markup ? markup.inline_keyboard.flat() : []
  return (
    'data' in query &&
    buttons.some((button) => 'callback_data' in button && button.callback_data === query.data)
  )
}

function authorOf(payload: string): number | undefined {
  const reading = readUpdate(JSON.parse(payload))
  return reading.kind === 'update' ? reading.update.fromId : undefined
}
