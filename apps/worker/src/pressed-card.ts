/** The message that carries a pressed button: what is chosen in its place is changed at once, and the message with it. */
import { createHash } from 'node:crypto'
import { choiceWrites, chooseNow, loadMemory, settingsKeysOf } from '@chatlane/chats'
import type { PressedCard } from '@chatlane/dialogue'
import type { Keys, LaneName, Outbox } from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import { cutPages, type EditText, placeAddress, renderMarkdown } from '@chatlane/telegram'
import type { Update } from 'telegraf/types'
import type { Administrators } from './administrators.ts'

/** What a pressed card needs. */
export interface PressedCardParts {
  redis: RedisClient
  keys: Keys
  outbox: Outbox
  administrators: Administrators
  readyOutbox(lane: LaneName, headClass: string): Promise<void>
  /** How long choices are kept after the last turn. */
  contextTtlSeconds: number
}

/** The press, and where its message stands: `lane` is of the place as Telegram has it. */
export interface PressedWhere {
  lane: LaneName
  messageId: number
  update: Update
  userId: number
  chatType: string | undefined
}

/** The card. Its chat may be of another shard than the press, whose commit touches none of its keys. */
export function pressedCard(parts: PressedCardParts, where: PressedWhere): PressedCard {
  const { redis, keys, outbox, administrators } = parts
  const { lane, messageId, update, userId, chatType } = where
  const key = keys.ofLane(lane, 'chat')
  const settingsKeys = settingsKeysOf(keys, lane)
  const address = placeAddress(lane.place)
  const memory = () => loadMemory(redis, key, settingsKeys)
  return {
    isPrivate: chatType === 'private',
    memory,
    async mayChoose() {
      // In a business account's chat either side could press.
      if (chatType === 'private') return address.businessConnectionId === undefined
      return administrators.includes(lane.botId, lane.homeId, userId)
    },
    async change(before, after) {
      const writes = choiceWrites({ key, settingsKeys, before, after, ttlSeconds: parts.contextTtlSeconds })
      const appliedKey = keys.ofChat(lane, 'chosen')
      await chooseNow(redis, { appliedKey, id: String(update.update_id), writes })
      return memory()
    },
    async show({ markdown, keyboard }) {
      const [page = { text: markdown, entities: [] }] = cutPages(renderMarkdown(markdown))
      const edit: EditText = {
        method: 'editMessageText',
        chatId: 0,
        ...address,
        messageId,
        ...page,
        keyboard,
      }
      const payload = JSON.stringify(edit)
      // The same edit of a press that is run again is still the same delivery; another one is its own.
      const id = `card.${messageId}.${update.update_id}.${hashOf(payload)}`
      const delivery = { id, class: 0 as const, place: lane.place, payload }
      await parts.readyOutbox(lane, await outbox.post(lane, delivery))
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8)
}
