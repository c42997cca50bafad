/** How people end what a bot writes: the Stop button of a draft, and taking messages away. */
import { SimulatorError } from '../bot-api-error.ts'
import { deleteMessages } from '../posting.ts'
import type { World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A draft to be stopped. */
export interface StopOfDraft extends Where {
  /** The topic of the private chat; the chat itself without. */
  threadId?: number | undefined
  /** The newest draft with a Stop button without. */
  draftId?: number | undefined
}

/**
 * Presses a draft's Stop button: the bot gets a stopped_message_generation update, the draft vanishes (unless
 * `keep_on_stop`), and later states of it are shown to nobody. Returns the draft's id.
 */
export function stopGeneration(world: World, { threadId, draftId, ...where }: StopOfDraft): number {
  const { place, bot } = placeOf(world, where)
  const draft = place.room.liveDrafts
    .list()
    .findLast(
      (each) =>
        each.canStop &&
        each.messageThreadId === threadId &&
        (draftId === undefined || each.draftId === draftId),
    )
  if (draft === undefined) throw new SimulatorError('there is no draft with a Stop button')
  place.room.liveDrafts.stop(draft)
  const named = { draftId: draft.draftId, messageThreadId: threadId }
  world.events.emit({
    type: 'stop',
    botId: bot.id,
    chatId: place.chat.id,
    ...named,
    isKept: draft.keepOnStop,
  })
  bot.updates.add({
    stopped_message_generation: {
      chat: place.chat,
      ...(threadId !== undefined && { message_thread_id: threadId }),
      draft_id: draft.draftId,
    },
  })
  return draft.draftId
}

/** Takes a message away for everybody, as anyone may in a private chat. No bot is told. */
export function deleteMessage(world: World, { messageId, ...where }: Where & { messageId: number }): void {
  const { place, bot } = placeOf(world, where)
  const entry = place.room.find(messageId)
  if (entry === undefined) throw new SimulatorError(`there is no message ${messageId}`)
  deleteMessages(world, { bot, place, by: 'user', entries: [entry] })
}
