/** Checks keyboards under messages. */
import { badRequest } from '../bot-api-error.ts'
import { isObject, type Params, readJson } from '../params.ts'

const MOST_DATA_BYTES = 64
/** Fields of which an inline button has exactly one. */
const ACTIONS = [
  'callback_data',
  'url',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
]

/** An inline button as far as the simulator looks at it. */
export interface InlineButton {
  text: string
  callback_data?: string
  [field: string]: unknown
}

/** The keyboard of a call, undefined without one. Throws 400s. */
export function readReplyMarkup(params: Params): Params | undefined {
  const markup = readJson(params, 'reply_markup')
  if (markup === undefined) return undefined
  if (!isObject(markup)) throw badRequest("can't parse reply keyboard markup JSON object")
  if (markup.inline_keyboard !== undefined) checkInline(markup.inline_keyboard)
  return markup
}

/** The keyboard as it stands under a posted message: only inline ones are shown there. */
export function shownMarkup(markup: Params | undefined): { reply_markup?: Params } {
  const rows = markup?.inline_keyboard
  return Array.isArray(rows) && rows.flat().length > 0 ? { reply_markup: { inline_keyboard: rows } } : {}
}

/** The buttons of an inline keyboard. */
export function inlineButtons(markup: unknown): InlineButton[] {
  const rows = isObject(markup) ? markup.inline_keyboard : undefined
  return Array.isArray(rows) ? (rows.flat() as InlineButton[]) : []
}

function checkInline(rows: unknown): void {
  if (!Array.isArray(rows)) {
    throw badRequest('can\'t parse inline keyboard: field "inline_keyboard" must be of type Array')
  }
  for (const row of rows) {
    if (!Array.isArray(row)) throw badRequest("can't parse inline keyboard: expected an Array of Arrays")
    for (const button of row) checkButton(button)
  }
}

function checkButton(button: unknown): void {
  if (!isObject(button)) throw badRequest("can't parse inline keyboard button: expected an Object")
  if (typeof button.text !== 'string') {
    throw badRequest('can\'t parse inline keyboard button: can\'t find field "text"')
  }
  if (button.text.trim() === '') throw badRequest('inline keyboard button text is empty')
  const actions = ACTIONS.filter((field) => button[field] !== undefined)
  if (actions.length === 0) {
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
  }
  const data = button.callback_data
  if (data !== undefined) {
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : 0
    if (bytes === 0 || bytes > MOST_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID')
  }
}
