/** The Bot API's objects as the simulator makes them: the fields it reads are named, the rest pass through. */

/** A user or a bot (core.telegram.org/bots/api#user). */
export interface User {
  id: number
  is_bot: boolean
  first_name: string
  last_name?: string | undefined
  username?: string | undefined
  language_code?: string | undefined
  [field: string]: unknown
}

/** Kinds of chats that the simulator has. */
export type ChatType = 'private' | 'group' | 'supergroup' | 'channel'

/** A chat as it stands in messages (core.telegram.org/bots/api#chat). */
export interface Chat {
  id: number
  type: ChatType
  title?: string | undefined
  username?: string | undefined
  first_name?: string | undefined
  is_forum?: true | undefined
  [field: string]: unknown
}

/** Offsets and lengths are UTF-16 code units (core.telegram.org/bots/api#messageentity). */
export interface MessageEntity {
  type: string
  offset: number
  length: number
  url?: string | undefined
  language?: string | undefined
  [field: string]: unknown
}

/** A message (core.telegram.org/bots/api#message). */
export interface Message {
  message_id: number
  /** Unix seconds. */
  date: number
  chat: Chat
  from?: User | undefined
  text?: string | undefined
  entities?: MessageEntity[] | undefined
  caption?: string | undefined
  caption_entities?: MessageEntity[] | undefined
  message_thread_id?: number | undefined
  is_topic_message?: true | undefined
  reply_to_message?: Message | undefined
  via_bot?: User | undefined
  reply_markup?: unknown
  media_group_id?: string | undefined
  edit_date?: number | undefined
  [field: string]: unknown
}

/** An update: `update_id` and exactly one further field that names its kind. */
export interface Update {
  update_id: number
  [kind: string]: unknown
}

/** What a failed call tells beyond its code (core.telegram.org/bots/api#responseparameters). */
export interface ResponseParameters {
  retry_after?: number
  migrate_to_chat_id?: number
}

/** A text with its formatting. */
export interface FormattedText {
  text: string
  entities: MessageEntity[]
}
