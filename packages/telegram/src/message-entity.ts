// Finds what Telegram marked in a message that came in: commands and mentions.
import { fieldOf, type JsonObject, objectsOf } from './json-fields.ts'

/** A command or mention as it is written in a message, with where it begins. */
export interface MarkedText {
  type: string
  offset: number
  /** The marked text; empty where the entity's bounds make no sense. */
  text: string
  entity: JsonObject
}

/** The entities of a message's text and caption that lie within them. */
export function markedTexts(message: unknown): MarkedText[] {
  return [...marked(message, 'text', 'entities'), ...marked(message, 'caption', 'caption_entities')]
}

function* marked(message: unknown, textField: string, entitiesField: string): Generator<MarkedText> {
  const text = fieldOf(message, textField)
  if (typeof text !== 'string') return
  for (const entity of objectsOf(message, entitiesField)) {
    const { type, offset, length } = entity
    if (typeof type !== 'string' || !isIndex(offset) || !isIndex(length)) continue
    yield { type, offset, text: text.slice(offset, offset + length), entity }
  }
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The command a message begins with, such as `/start` or `/start@some_bot`. */
export function leadingCommand(message: unknown): string | undefined {
  return markedTexts(message).find(({ type, offset }) => type === 'bot_command' && offset === 0)?.text
}
