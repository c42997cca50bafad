/** Reads a text or caption with its formatting, and notes in the ledger what Telegram would drop without a word. */

import type { Bot } from '../bot.ts'
import { BotApiError, badRequest } from '../bot-api-error.ts'
import type { FormattedText } from '../bot-api-types.ts'
import { readEntities } from '../entity-bounds.ts'
import { type Params, readArray, readString } from '../params.ts'
import { parseMarkup } from '../parse-mode.ts'
import { checkLength, checkRawLength, tidy } from '../text-check.ts'

/** Longest text of a message and longest caption, in code points. */
const MOST = { text: 4096, caption: 1024 }
const TOO_LONG = { text: 'message is too long', caption: 'message caption is too long' }

/** The field `text` or `caption` with its entities; an empty text is returned as it is. Throws 400s. */
export function readFormatted(bot: Bot, params: Params, field: 'text' | 'caption'): FormattedText {
  const raw = readString(params, field) ?? ''
  checkRawLength(raw)
  const parseMode = readString(params, 'parse_mode')
  let given: FormattedText
  try {
    if (parseMode !== undefined && parseMode !== '') {
      given = parseMarkup(raw, parseMode)
    } else {
      const entities = readArray(params, field === 'text' ? 'entities' : 'caption_entities') ?? []
      given = { text: raw, entities: entities.length === 0 ? [] : readEntities(entities, raw) }
    }
  } catch (error) {
    if (error instanceof BotApiError) bot.ledger.entities.refused++
    throw error
  }
  const { text, entities, dropped, conflicting } = tidy(given)
  checkLength(text, { most: MOST[field], tooLong: TOO_LONG[field] })
  bot.ledger.entities.dropped += dropped
  bot.ledger.entities.conflicting += conflicting
  return { text, entities }
}

/** The text of a message, which may not be empty. Throws 400s. */
export function readMessageText(bot: Bot, params: Params): FormattedText {
  const formatted = readFormatted(bot, params, 'text')
  if (formatted.text === '') throw badRequest('message text is empty')
  return formatted
}

/** The fields of a message that hold a caption, none without one. */
export function captionFields(bot: Bot, params: Params): Record<string, unknown> {
  if (params.caption === undefined) return {}
  const { text, entities } = readFormatted(bot, params, 'caption')
  if (text === '') return {}
  return { caption: text, ...(entities.length > 0 && { caption_entities: entities }) }
}
