/** What people press and ask, and updates made by hand. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Message, Update } from '../bot-api-types.ts'
import { inlineButtons } from '../methods/reply-markup.ts'
import { asReplied } from '../posting.ts'
import type { World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A button to be pressed. */
export interface Press extends Where {
  messageId: number
  /** The button's callback data; the first button that has any without. */
  data?: string | undefined
  /** Presses a button that the message no longer shows, as a slow client does. Needs `data`. */
  isStale?: boolean | undefined
}

/** Presses an inline button. Returns the id of the callback query. */
export function pressButton(world: World, { messageId, data, isStale, ...where }: Press): string {
  const { place, bot, user } = placeOf(world, where)
  const entry = place.room.find(messageId)
  if (entry === undefined) throw new SimulatorError(`there is no message ${messageId}`)
  const buttons = inlineButtons(entry.message.reply_markup).filter(
    (button) => button.callback_data !== undefined,
  )
  const pressed = data ?? buttons[0]?.callback_data
  const isShown = buttons.some((button) => button.callback_data === pressed)
  if (pressed === undefined || !(isShown || isStale)) {
    throw new SimulatorError(`message ${messageId} has no such button`)
  }
  // The button is the bot's that sent the message, or through which it was sent.
  const sender = entry.message.via_bot ?? entry.message.from
  const owner = sender?.is_bot ? world.bot(sender.id) : bot
  const { inlineMessageId } = entry
  const id = `${user.id}${String(world.nextSerial()).padStart(9, '0')}`
  injectUpdate(world, {
    bot: owner.id,
    update: {
      callback_query: {
        id,
        from: user,
        ...(inlineMessageId === undefined
          ? { message: asReplied(entry.message) }
          : { inline_message_id: inlineMessageId }),
        chat_instance: String(place.chat.id * 7919),
        data: pressed,
      },
    },
  })
  owner.openQuery(id, { chatId: place.chat.id })
  return id
}

/** Makes an update of any content for a bot; queries in it may be answered. Undefined where the bot does not want it. */
export function injectUpdate(
  world: World,
  options: { bot?: number | undefined; update: Record<string, unknown>; ttlSeconds?: number | undefined },
): Update | undefined {
  const bot = world.bot(options.bot)
  const { update_id: _, ...content } = options.update
  for (const kind of ['callback_query', 'inline_query', 'pre_checkout_query', 'shipping_query']) {
    const query = content[kind] as { id?: unknown; message?: Message } | undefined
    if (query?.id !== undefined) bot.openQuery(String(query.id), { chatId: query.message?.chat.id })
  }
  const guest = content.guest_message as { guest_query_id?: unknown } | undefined
  if (guest?.guest_query_id !== undefined) bot.openQuery(String(guest.guest_query_id))
  return bot.updates.add(content, options.ttlSeconds)
}
