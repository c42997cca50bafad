/** Erases everything about a turn's chat, the turn included, and tells the chat. */
import { forgetWrites, settingsKeysOf } from '@chatlane/chats'
import {
  type ChatLetters,
  type Delivery,
  eraseChat,
  type Keys,
  type Outbox,
  type Turn,
} from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import { type DeleteMessages, readShown, unnamedPlace } from '@chatlane/telegram'
import { createReplies } from './replies.ts'

/** What forgetting needs. */
export interface ForgetParts {
  redis: RedisClient
  keys: Keys
  letters: ChatLetters
  outbox: Outbox
  readyOutbox(lane: Turn['lane'], headClass: string): Promise<void>
}

/** Erases the chat of `turn`. Where the turn is another worker's by now, nothing is erased: that one does it. */
export async function forgetChat(
  { redis, keys, letters, outbox, readyOutbox }: ForgetParts,
  told: { turn: Turn; farewell: string; replyToMessageId: number | undefined },
): Promise<void> {
  const { turn, farewell, replyToMessageId } = told
  const { lane } = turn
  const replies = createReplies(turn, replyToMessageId)
  replies.add(farewell, { command: true })
  // First, or a replay might still put back what is erased.
  await letters.discard(lane, 'index')
  // What other topics' answers have shown so far would stand there unfinished for ever.
  const shown = (await outbox.growing(lane)).flatMap((record) =>
    readShown(record).messages.map(({ id }) => id),
  )
  const messageIds = shown.filter((id) => id !== 0).slice(0, 100)
  const removal: DeleteMessages = { method: 'deleteMessages', chatId: Number(lane.homeId), messageIds }
  const deliveries: Delivery[] = replies.deliveries(undefined)
  if (messageIds.length > 0) {
    const payload = JSON.stringify(removal)
    deliveries.push({ id: `${turn.turnId}.gone`, class: 0, place: lane.place, payload })
  }
  const erased = await eraseChat({
    redis,
    keys,
    chat: lane,
    lookIn: 'index',
    writes: (each) =>
      forgetWrites(
        keys.ofLane(each, 'chat'),
        settingsKeysOf(keys, { ...each, place: unnamedPlace(each.place) }),
      ),
    deliveries,
    turn,
  })
  if (erased !== 'stale') await readyOutbox(lane, erased.outClass)
}
