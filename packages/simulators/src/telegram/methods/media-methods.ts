/** Methods that take InputMedia: sendMediaGroup, editMessageMedia. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import type { MediaKind } from '../media.ts'
import { contentOf } from '../message-content.ts'
import { isObject, type Params, readArray, readJson, readString } from '../params.ts'
import { editByCall } from './edit-by-call.ts'
import { inputFile } from './input-file.ts'
import type { Call, Methods } from './method.ts'
import { destinationOf, post } from './sending.ts'
import { captionFields } from './text-param.ts'

const KINDS: readonly MediaKind[] = ['photo', 'video', 'animation', 'audio', 'document']
/** Kinds that an album holds alone. */
const APART: readonly string[] = ['audio', 'document']

interface InputMedia {
  kind: MediaKind
  content: Record<string, unknown>
}

/** Reads an InputMedia. Throws what Telegram answers (tdlib/telegram-bot-api Client.cpp, get_input_media). */
function readMedia(call: Call, value: unknown): InputMedia {
  if (!isObject(value)) throw refused('expected an Object')
  const type = readString(value, 'type')
  const kind = KINDS.find((known) => known === type)
  const source = { kind: kind ?? 'document', value: value.media, field: '', details: value } as const
  const file = inputFile(call, source)
  if (file === undefined) throw refused('media not found')
  if (type === undefined) throw refused('Can\'t find field "type"')
  if (kind === undefined) throw refused(`type "${type}" is unsupported`)
  return { kind, content: { ...file, ...captionFields(call.bot, value) } }
}

function refused(reason: string): Error {
  return badRequest(`can't parse InputMedia: ${reason}`)
}

function itemsOf(params: Params): unknown[] {
  return readArray(params, 'media') ?? []
}

function sendMediaGroup(call: Call): Message[] {
  const destination = destinationOf(call)
  const items = itemsOf(call.params)
  if (items.length < 2 || items.length > 10) throw badRequest('group must contain 2-10 items to send')
  const media = items.map((item) => {
    if (isObject(item) && item.type === 'animation') {
      throw refused('type "animation" can\'t be used in sendMediaGroup')
    }
    return readMedia(call, item)
  })
  const kinds = new Set(media.map(({ kind }) => kind))
  const apart = [...kinds].find((kind) => APART.includes(kind))
  if (kinds.size > 1 && apart !== undefined) {
    throw badRequest(`${apart} can't be mixed with other media types`)
  }
  const media_group_id = `1${String(call.world.nextSerial()).padStart(16, '0')}`
  return media.map(({ content }) => post(call, destination, { media_group_id, ...content }))
}

function editMessageMedia(call: Call): Message | true {
  const given = readJson(call.params, 'media')
  if (given === undefined) throw badRequest('parameter "media" is required')
  const { kind, content } = readMedia(call, given)
  return editByCall(call, (message) => {
    if (message.text === undefined && !KINDS.some((known) => message[known] !== undefined)) {
      throw badRequest('there is no media in the message to edit')
    }
    if (message.media_group_id !== undefined && familyOf(message) !== familyOfKind(kind)) {
      throw badRequest("message content type can't be used in an album")
    }
    const before = Object.keys(contentOf(message)).map((field) => [field, undefined])
    return { ...Object.fromEntries(before), ...content }
  })
}

/** What may stand for each other in an album. */
function familyOf(message: Message): string {
  return APART.find((kind) => message[kind] !== undefined) ?? 'visual'
}

function familyOfKind(kind: MediaKind): string {
  if (kind === 'animation') return 'none'
  return APART.includes(kind) ? kind : 'visual'
}

/** Methods for albums and for other media in a message. */
export const mediaMethods: Methods = {
  sendMediaGroup: {
    cost: 'send',
    items: (params) => Math.max(1, itemsOf(params).length),
    run: sendMediaGroup,
  },
  editMessageMedia: { cost: 'send', run: editMessageMedia },
}
