// Reads what Telegram delivers: who an update is from, which lane it belongs to, and what may be done with it.
import { fieldOf, idOf, isJsonObject, type JsonObject, objectOf, textOf } from './json-fields.ts'
import { mergeKeyOf } from './merge-key.ts'
import { type Place, placeOf } from './place.ts'

/** Whose lane an update waits in. */
export type LaneOwner = { chatId: number } | { userId: number }

/** An update, as far as the platform must understand it; handlers read the rest from `raw`. */
export interface ParsedUpdate {
  updateId: number
  /** The update's kind: the name of the field beside `update_id`. Also of kinds that are newer than this code. */
  type: string
  chatId?: number
  chatType?: ChatType
  place: Place
  fromId?: number
  /** The sender's IETF language tag, as their Telegram app gives it. */
  languageCode?: string
  /** Missing where an update names neither chat nor user (a poll's state). */
  laneOwner?: LaneOwner
  /** `query`: a user waits for it with a spinner, so it never waits behind a reply. */
  queue: 'chat' | 'query'
  /** Messages that follow each other with the same key may be answered as one; '' never. */
  mergeKey: string
  /** The album (media group) the message is a part of. */
  albumId?: string
  /** The group became a supergroup: Telegram says so in both chats. */
  migration?: { fromChatId: number; toChatId: number }
  /** The update as it came. */
  raw: JsonObject
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel'

/** An update, or why the JSON is none. The problem names fields, never their content. */
export type UpdateReading =
  | { kind: 'update'; update: ParsedUpdate }
  | { kind: 'not-an-update'; problem: string }

const QUERIES = new Set(['callback_query', 'inline_query', 'pre_checkout_query', 'shipping_query'])
const KIND = /^[a-z][a-z0-9_]{0,63}$/
const CHAT_TYPE = /^(?:private|group|supergroup|channel)$/
const LANGUAGE = /^[A-Za-z0-9-]{1,35}$/
const ALBUM = /^[\w-]{1,64}$/

/** Reads the JSON of an update without trusting any of it. Throws nothing. */
export function readUpdate(raw: unknown): UpdateReading {
  if (!isJsonObject(raw)) return notAnUpdate('not an object')
  const updateId = fieldOf(raw, 'update_id')
  if (typeof updateId !== 'number' || !Number.isSafeInteger(updateId) || updateId < 0) {
    return notAnUpdate('update_id is not a non-negative integer')
  }
  const types = Object.keys(raw).filter((key) => key !== 'update_id' && KIND.test(key))
  const type = types.find((key) => isJsonObject(raw[key]))
  const body = type === undefined ? undefined : objectOf(raw, type)
  if (type === undefined || !body) {
    return notAnUpdate(types.length === 0 ? 'nothing beside update_id' : 'the update is not an object')
  }
  // What a button is attached to is a message, or says that it can't be seen any more.
  const message = objectOf(body, 'message') ?? body
  const badId = [
    ['chat.id', objectOf(message, 'chat')],
    ['from.id', objectOf(body, 'from')],
  ].find(([, owner]) => owner && idOf(owner, 'id') === undefined)
  if (badId) return notAnUpdate(`${badId[0]} is not an integer`)
  return { kind: 'update', update: describe({ raw, updateId, type, body, message }) }
}

function notAnUpdate(problem: string): UpdateReading {
  return { kind: 'not-an-update', problem }
}

interface Found {
  raw: JsonObject
  updateId: number
  type: string
  body: JsonObject
  message: JsonObject
}

function describe({ raw, updateId, type, body, message }: Found): ParsedUpdate {
  const chat = objectOf(message, 'chat')
  const from = objectOf(body, 'from') ?? objectOf(body, 'user')
  const facts = defined({
    chatId: idOf(chat, 'id'),
    chatType: textOf(chat, 'type', CHAT_TYPE) as ChatType | undefined,
    fromId: idOf(from, 'id'),
    languageCode: textOf(from, 'language_code', LANGUAGE),
    albumId: textOf(message, 'media_group_id', ALBUM),
    migration: migrationOf(message),
  })
  const queue = QUERIES.has(type) ? 'query' : 'chat'
  return {
    updateId,
    type,
    ...facts,
    place: placeOf(message),
    ...defined({ laneOwner: ownerOf({ ...facts, queue }) }),
    queue,
    mergeKey: type === 'message' ? mergeKeyOf(body) : '',
    raw,
  }
}

function ownerOf(update: {
  chatId?: number
  fromId?: number
  queue: 'chat' | 'query'
}): LaneOwner | undefined {
  const { chatId, fromId, queue } = update
  if (queue === 'query' && fromId !== undefined) return { userId: fromId }
  if (chatId !== undefined) return { chatId }
  return fromId === undefined ? undefined : { userId: fromId }
}

function migrationOf(message: JsonObject): ParsedUpdate['migration'] | undefined {
  const chatId = idOf(objectOf(message, 'chat'), 'id')
  const to = idOf(message, 'migrate_to_chat_id')
  const from = idOf(message, 'migrate_from_chat_id')
  if (chatId === undefined) return undefined
  if (to !== undefined) return { fromChatId: chatId, toChatId: to }
  return from === undefined ? undefined : { fromChatId: from, toChatId: chatId }
}

/** The same object without its undefined fields. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
