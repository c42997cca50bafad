/** Finds in a text what Telegram makes entities of by itself: commands, mentions, hashtags, addresses. */
import type { MessageEntity } from './bot-api-types.ts'

const PATTERNS: readonly (readonly [string, RegExp])[] = [
  [
    'url',
    /(?<![\w@./])(?:https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]|(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me|app)\b(?:\/[^\s<>"']*[^\s<>"'.,;:!?)\]])?)/gi,
  ],
  ['email', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['bot_command', /(?<![\w/<>@])\/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z][a-zA-Z0-9_]{2,31})?(?![\w/])/g],
  ['mention', /(?<![\w/@.])@[a-zA-Z][a-zA-Z0-9_]{2,31}\b/g],
  ['hashtag', /(?<![\w#])#[\p{L}_][\p{L}\p{N}_]{0,255}/gu],
]
const WORTH_A_LOOK = /[/@#.]/

/** The entities in a text, by offset, none within another. */
export function detectEntities(text: string): MessageEntity[] {
  if (!WORTH_A_LOOK.test(text)) return []
  const found: MessageEntity[] = []
  for (const [type, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length }
      if (!found.some((other) => touches(other, entity))) found.push(entity)
    }
  }
  return found.sort((one, other) => one.offset - other.offset)
}

/** Whether two entities share a character. */
export function touches(one: MessageEntity, other: MessageEntity): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length
}
