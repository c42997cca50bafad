/** The buttons below a message. */
import type { Message } from '@chatlane/simulators'

/** An inline button, as far as a tap needs it. */
export interface InlineButton {
  text: string
  callback_data?: string
  [action: string]: unknown
}

/** The rows of buttons below a message; none without an inline keyboard. */
export function inlineButtons(message: Message): InlineButton[][] {
  const markup = message.reply_markup as { inline_keyboard?: InlineButton[][] } | undefined
  return markup?.inline_keyboard ?? []
}
