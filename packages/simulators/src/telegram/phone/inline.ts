/** How people use bots in inline mode: they ask, and choose one of the answers. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { nowMs } from '../clock.ts'
import { readJson, readString } from '../params.ts'
import type { World } from '../world.ts'
import { type MessageContext, placeOf, postByUser, type Where } from './phone-post.ts'

/** What is typed after the bot's name. */
export interface InlineAsk extends Where {
  query: string
  /** The `next_offset` of an answer, for the results after it. */
  offset?: string | undefined
  /** Where it is typed; by the chat without: `sender` is the private chat with the bot. */
  chatType?: 'sender' | 'private' | 'group' | 'supergroup' | 'channel' | undefined
}

/** A result to be sent. */
export interface InlineChoice extends MessageContext {
  queryId: string
  resultId: string
}

/** Asks a bot in inline mode. Its answer is shown among the chat's `inlineAnswers`. Returns the query's id. */
export function askInline(world: World, { query, offset, chatType, ...where }: InlineAsk): string {
  const { place, bot, user } = placeOf(world, where)
  const id = `${user.id}${String(world.nextSerial()).padStart(9, '0')}`
  const asked = { from: user.id, query }
  bot.inlineQueries.set(id, asked)
  bot.openQuery(id, {
    onAnswered: ({ params, results }) => {
      bot.inlineQueries.set(id, { ...asked, results })
      place.room.show(place.room.inlineAnswers, {
        queryId: id,
        query,
        results: readJson(params, 'results') as unknown[],
        button: readJson(params, 'button'),
        nextOffset: readString(params, 'next_offset'),
        atMs: nowMs(),
      })
    },
  })
  const chat_type = chatType ?? (place.group === undefined ? 'sender' : place.chat.type)
  bot.updates.add({ inline_query: { id, from: user, chat_type, query, offset: offset ?? '' } })
  return id
}

/**
 * Sends a result: a message of the person `via_bot`. The bot gets a chosen_inline_result update, with an
 * inline_message_id where the message has a keyboard.
 */
export function chooseInline(world: World, { queryId, resultId, ...context }: InlineChoice): Message {
  const { place, bot, user } = placeOf(world, context)
  const asked = bot.inlineQueries.get(queryId)
  const result = asked?.results?.find(({ id }) => id === resultId)
  if (asked === undefined || asked.from !== user.id || result === undefined) {
    throw new SimulatorError(`there is no result ${resultId} of the query ${queryId}`)
  }
  const message = postByUser(world, context, { ...result.content, via_bot: bot.user })
  const entry = place.room.find(message.message_id)
  const hasKeyboard = message.reply_markup !== undefined
  const inlineMessageId = `sim-inline-${world.nextSerial()}`
  if (hasKeyboard && entry !== undefined) {
    entry.inlineMessageId = inlineMessageId
    world.inlineMessages.set(inlineMessageId, { botId: bot.id, place, entry })
  }
  bot.updates.add({
    chosen_inline_result: {
      result_id: resultId,
      from: user,
      query: asked.query,
      ...(hasKeyboard && { inline_message_id: inlineMessageId }),
    },
  })
  return message
}
