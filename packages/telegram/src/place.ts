// A place is where in a chat a conversation goes on: a business connection, a direct-messages topic or a forum topic.
import { fieldOf, idOf, type JsonObject, objectOf, textOf } from './json-fields.ts'

/**
 * '' (the chat itself), `b<business connection id>`, `d<direct messages topic id>` or `t<message thread id>`.
 * It contains no white space, colon or brace, so that it can be part of a Redis key.
 */
export type Place = string

/** What a Bot API call needs to reach a place, beside the chat. */
export interface PlaceAddress {
  messageThreadId?: number
  businessConnectionId?: string
  directMessagesTopicId?: number
}

/** Behind a place stands the name that an author's code gave the lane, where it gave one: `t42~user5`, `x~user5`. */
const NAMED = '~'
const LONGEST_NAME = 64

const CONNECTION = /^[\w.=+/-]{1,200}$/

/** The place of a message, or of what else Telegram says of a chat. Reply threads of ordinary groups are no places. */
export function placeOf(body: JsonObject): Place {
  const connection = textOf(body, 'business_connection_id', CONNECTION)
  if (connection) return `b${connection}`
  const topic = idOf(objectOf(body, 'direct_messages_topic'), 'topic_id')
  if (topic !== undefined) return `d${topic}`
  const thread = idOf(body, 'message_thread_id')
  // What is no message (a stopped generation) has a thread only in a topic, and doesn't say that it is one.
  const isTopic = fieldOf(body, 'is_topic_message') === true || !Object.hasOwn(body, 'message_id')
  return thread !== undefined && isTopic ? `t${thread}` : ''
}

/**
 * A place under a name of its own, so that what goes on there waits for nothing else in the place. What a place may not
 * contain is escaped; names of more than 64 characters are one by their beginning. An empty name changes nothing.
 */
export function namedPlace(place: Place, name: string): Place {
  if (name === '') return place
  return `${place || 'x'}${NAMED}${encodeURIComponent(name.slice(0, LONGEST_NAME))}`
}

/** The place as Telegram has it, without a name. */
export function unnamedPlace(place: Place): Place {
  const [telegrams = '', name] = place.split(NAMED, 2)
  return name !== undefined && telegrams === 'x' ? '' : telegrams
}

/** What a call must carry to reach a place; nothing for the chat itself, and for what is no place. */
export function placeAddress(named: Place): PlaceAddress {
  const place = unnamedPlace(named)
  const id = place.slice(1)
  if (place.startsWith('b') && CONNECTION.test(id)) return { businessConnectionId: id }
  if (!/^-?\d{1,16}$/.test(id)) return {}
  if (place.startsWith('d')) return { directMessagesTopicId: Number(id) }
  return place.startsWith('t') ? { messageThreadId: Number(id) } : {}
}

/** The parameters of a Bot API call for an address. */
export function addressParameters(address: PlaceAddress): JsonObject {
  const { messageThreadId, businessConnectionId, directMessagesTopicId } = address
  return {
    ...(messageThreadId !== undefined && { message_thread_id: messageThreadId }),
    ...(businessConnectionId !== undefined && { business_connection_id: businessConnectionId }),
    ...(directMessagesTopicId !== undefined && { direct_messages_topic_id: directMessagesTopicId }),
  }
}
