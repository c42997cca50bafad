// What a Telegram message shows: its text and the formatting laid over it.

/** The formatting that Chatlane itself produces; Telegram knows more and they pass through untouched. */
export type EntityType =
  | 'bold'
  | 'italic'
  | 'strikethrough'
  | 'spoiler'
  | 'code'
  | 'pre'
  | 'text_link'
  | 'blockquote'
  | 'expandable_blockquote'

/**
 * A stretch of formatting (https://core.telegram.org/bots/api#messageentity). `offset` and `length` count UTF-16
 * units, which are the indices of a JavaScript string.
 */
export interface MessageEntity {
  type: EntityType
  offset: number
  length: number
  /** Of `pre`: the programming language. */
  language?: string
  /** Of `text_link`: where it leads. */
  url?: string
}

/** A text and its entities: sorted by offset, the longer first, none empty, none crossing another. */
export interface FormattedText {
  text: string
  entities: MessageEntity[]
}

/** Order of entities in a message: by offset, and what contains before what is contained. */
export function compareEntities(left: MessageEntity, right: MessageEntity): number {
  return left.offset - right.offset || right.length - left.length || rank(left) - rank(right)
}

function rank(entity: MessageEntity): number {
  if (entity.type === 'blockquote' || entity.type === 'expandable_blockquote') return 0
  if (entity.type === 'pre' || entity.type === 'code') return 3
  return entity.type === 'text_link' ? 1 : 2
}
