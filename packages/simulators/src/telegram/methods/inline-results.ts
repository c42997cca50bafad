/** Reads the results of an inline query: what is sent when one of them is chosen. */
import { badRequest } from '../bot-api-error.ts'
import type { InlineResult } from '../inline-answer.ts'
import type { MediaKind } from '../media.ts'
import { isObject, type Params, readArray, readObject, readString } from '../params.ts'
import { readContact, readInvoice, readLocation, readVenue } from './input-content.ts'
import { inputFile } from './input-file.ts'
import type { Call } from './method.ts'
import { readReplyMarkup, shownMarkup } from './reply-markup.ts'
import { captionFields, readMessageText } from './text-param.ts'

const MOST_RESULTS = 50
const MOST_ID_BYTES = 64

/** Results that are files: their kind in messages, and how their fields begin. */
const FILES: Record<string, { kind: MediaKind; prefix: string }> = {
  audio: { kind: 'audio', prefix: 'audio' },
  document: { kind: 'document', prefix: 'document' },
  gif: { kind: 'animation', prefix: 'gif' },
  mpeg4_gif: { kind: 'animation', prefix: 'mpeg4' },
  photo: { kind: 'photo', prefix: 'photo' },
  sticker: { kind: 'sticker', prefix: 'sticker' },
  video: { kind: 'video', prefix: 'video' },
  voice: { kind: 'voice', prefix: 'voice' },
}
/** Fields that Telegram asks of a result, beside its id. */
const REQUIRED: Record<string, readonly string[]> = {
  article: ['title'],
  contact: ['phone_number', 'first_name'],
  document: ['title'],
  location: ['latitude', 'longitude', 'title'],
  venue: ['latitude', 'longitude', 'title', 'address'],
  video: ['title'],
  voice: ['title'],
}

/** The results of a call. Throws what Telegram answers (Client.cpp, get_inline_query_result). */
export function readInlineResults(call: Call): InlineResult[] {
  const given = readArray(call.params, 'results') ?? []
  if (given.length > MOST_RESULTS) throw badRequest('too many inline query results specified')
  const results = given.map((result) => readResult(call, result))
  if (new Set(results.map(({ id }) => id)).size < results.length) throw badRequest('RESULT_ID_DUPLICATE')
  return results
}

function readResult(call: Call, result: unknown): InlineResult {
  if (!isObject(result)) throw refused('Inline query result must be an object')
  const type = required(result, 'type').toLowerCase()
  const id = required(result, 'id')
  if (id === '' || Buffer.byteLength(id) > MOST_ID_BYTES) throw badRequest('RESULT_ID_INVALID')
  for (const field of REQUIRED[type] ?? []) required(result, field)
  const keyboard = shownMarkup(readReplyMarkup(result))
  const message = readObject(result, 'input_message_content')
  const own = ownContent(call, type, result)
  if (message === undefined && own === undefined) throw refused('Can\'t find field "message_text"')
  const content = message === undefined ? own : messageContent(call, message)
  return { id, content: { ...content, ...keyboard } }
}

/** What the result is by itself; undefined for an article. */
function ownContent(call: Call, type: string, result: Params): Record<string, unknown> | undefined {
  const file = FILES[type]
  if (file !== undefined) return fileContent(call, file, result)
  switch (type) {
    case 'article':
      return undefined
    case 'contact':
      return readContact(result)
    case 'location':
      return readLocation(result)
    case 'venue':
      return readVenue(result)
    default:
      throw refused(`type "${type}" is unsupported for the inline query result`)
  }
}

function fileContent(
  call: Call,
  { kind, prefix }: { kind: MediaKind; prefix: string },
  result: Params,
): Record<string, unknown> {
  const value = readString(result, `${prefix}_url`) || readString(result, `${prefix}_file_id`)
  if (!value) throw refused(`Can't find field "${prefix}_file_id"`)
  const details = {
    duration: result[`${prefix}_duration`],
    width: result[`${prefix}_width`],
    height: result[`${prefix}_height`],
    title: result.title,
    performer: result.performer,
  }
  const caption = kind === 'sticker' ? {} : captionFields(call.bot, result)
  return { ...inputFile(call, { kind, value, field: '', details }), ...caption }
}

function messageContent({ bot }: Call, content: Params): Record<string, unknown> {
  if (content.message_text !== undefined) {
    const { text, entities } = readMessageText(bot, { ...content, text: content.message_text })
    const preview = readObject(content, 'link_preview_options')
    return {
      text,
      ...(entities.length > 0 && { entities }),
      ...(preview && { link_preview_options: preview }),
    }
  }
  if (content.payload !== undefined) return readInvoice(content, bot.id).content
  if (content.address !== undefined) return readVenue(content)
  if (content.latitude !== undefined) return readLocation(content)
  if (content.phone_number !== undefined) return readContact(content)
  throw refused('Input message content is not specified')
}

function required(result: Params, field: string): string {
  const value = readString(result, field)
  if (value === undefined) throw refused(`Can't find field "${field}"`)
  return value
}

function refused(reason: string): Error {
  return badRequest(`can't parse inline query result: ${reason}`)
}
