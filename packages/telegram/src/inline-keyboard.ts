// Buttons under a message.
import type { JsonObject } from './json-fields.ts'

/**
 * A button that sends `callbackData` to the bot (at most {@link CALLBACK_DATA_MAX_BYTES} bytes) or opens `url`
 * (http, https or tg). Telegram refuses the whole message for a button that is malformed.
 */
export type InlineButton = { text: string; callbackData: string } | { text: string; url: string }

/** Rows of buttons; none at all are no keyboard. */
export type InlineKeyboard = readonly (readonly InlineButton[])[]

/** The longest `callbackData`, in bytes of UTF-8 (https://core.telegram.org/bots/api#inlinekeyboardbutton). */
export const CALLBACK_DATA_MAX_BYTES = 64

/** The parameter `reply_markup`; no field without buttons. */
export function keyboardParameter(keyboard: InlineKeyboard | undefined): JsonObject {
  const rows = keyboard?.filter((row) => row.length > 0) ?? []
  if (rows.length === 0) return {}
  return { reply_markup: { inline_keyboard: rows.map((row) => row.map(buttonParameter)) } }
}

function buttonParameter(button: InlineButton): JsonObject {
  return 'url' in button
    ? { text: button.text, url: button.url }
    : { text: button.text, callback_data: button.callbackData }
}
