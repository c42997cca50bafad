/** What a chat has chosen, for one of its topics or for the whole of it: kept field by field, apart from the memory. */
import type { ChatWrite } from './chat-write.ts'

/** What was chosen; where a field is missing, the whole chat's holds for a topic, and the deployment's for a chat. */
export interface ChosenSettings {
  /** OpenRouter's id of the model that answers. */
  model?: string
  /** What the model is told before the conversation. */
  systemPrompt?: string
  /** How replies are shown while they grow. */
  streaming?: 'edit' | 'off' | 'draft'
  /** Of a topic: what is chosen in it from now on is chosen for the whole chat. */
  changes?: 'chat'
}

/** A text that somebody was asked for: their next message is it. */
export interface AwaitedText {
  kind: 'system-prompt'
  fromUserId: number
  /** Unix seconds: a message that was written later is not it. */
  untilSeconds: number
  /** The id of the update that asked. */
  askedBy: number
}

/** Where choices are kept. All keys of a chat have one hash tag. */
export interface SettingsKeys {
  /** Of the topic; of the chat where it has none. */
  own: string
  /** Of the whole chat, where the place is a topic of it. */
  chat?: string
}

/** What is read of {@link SettingsKeys}. */
export interface ReadSettings {
  own: ChosenSettings
  awaited?: AwaitedText
  chat?: ChosenSettings
}

/** The fields of the hashes, in the order in which they are read. */
export const SETTINGS_FIELDS = ['model', 'systemPrompt', 'streaming', 'changes', 'awaited'] as const
type Field = (typeof SETTINGS_FIELDS)[number]

/**
 * The keys of a place of a chat, as Telegram has it (without an author's name of the lane). Business connections and
 * direct messages share nothing with the chat that they are in.
 */
export function settingsKeysOf(
  keys: {
    ofChat(chat: { botId: string; homeId: string }, name: string): string
    ofLane(lane: { botId: string; homeId: string; place: string }, name: string): string
  },
  { botId, homeId, place }: { botId: string; homeId: string; place: string },
): SettingsKeys {
  const chat = keys.ofChat({ botId, homeId }, 'settings')
  if (place === '') return { own: chat }
  const own = keys.ofLane({ botId, homeId, place }, 'settings')
  return place.startsWith('t') ? { own, chat } : { own }
}

/** What the values of {@link SETTINGS_FIELDS} mean. */
export function readChosen(values: readonly (string | null)[]): Omit<ReadSettings, 'chat'> {
  const { awaited, ...own } = Object.fromEntries(
    SETTINGS_FIELDS.flatMap((field, index) => (values[index] == null ? [] : [[field, values[index]]])),
  ) as Partial<Record<Field, string>>
  return { own: own as ChosenSettings, ...(awaited && { awaited: JSON.parse(awaited) as AwaitedText }) }
}

/**
 * What must be written so that `before` becomes `after`: only the fields that differ. A field goes only where nobody
 * else has set it meanwhile. Choices are forgotten `ttlSeconds` after the last turn.
 */
export function settingsWrites(options: {
  keys: SettingsKeys
  before: ReadSettings
  after: ReadSettings
  ttlSeconds: number
}): ChatWrite[] {
  const { keys, before, after, ttlSeconds } = options
  const own = hashWrites(
    keys.own,
    { ...before.own, ...packed(before) },
    { ...after.own, ...packed(after) },
    ttlSeconds,
  )
  if (keys.chat === undefined) return own
  return [...own, ...hashWrites(keys.chat, before.chat ?? {}, after.chat ?? {}, ttlSeconds)]
}

function packed({ awaited }: ReadSettings): { awaited?: string } {
  return awaited ? { awaited: JSON.stringify(awaited) } : {}
}

type Fields = Partial<Record<Field, string>>

function hashWrites(key: string, before: Fields, after: Fields, ttlSeconds: number): ChatWrite[] {
  const writes = SETTINGS_FIELDS.flatMap((field): ChatWrite[] => {
    const [was, is] = [before[field], after[field]]
    if (was === is) return []
    if (is !== undefined) return [{ command: 'hset', key, args: [field, is] }]
    return [
      { command: 'guard', key, args: [field, was ?? '', 1] },
      { command: 'hdel', key, args: [field] },
    ]
  })
  const isThere = writes.length > 0 || SETTINGS_FIELDS.some((field) => before[field] !== undefined)
  return isThere ? [...writes, { command: 'expire', key, args: [ttlSeconds] }] : []
}
