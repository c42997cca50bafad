/** Everything that is kept of a lane between two turns: dialogue state, settings, context. */
import type { RedisClient } from '@chatlane/runtime'
import type { ChatWrite } from './chat-write.ts'
import { type ChatContext, EMPTY_CONTEXT, packMessages, unpackMessages } from './context.ts'

/** Where the dialogue stands: `new` before `/start`, then waiting for text to send to the model. */
export type DialogueState = 'new' | 'waiting-for-input'

/** What a chat has set. */
export interface ChatSettings {
  /** The language the chat was last spoken in. */
  language?: 'ru' | 'en'
  /** How replies are shown while they grow; the deployment's way where it is missing. */
  streaming?: 'edit' | 'off' | 'draft'
}

/** The newest question that was put to the model, for whoever edits it. */
export interface AskedQuestion {
  /** The name of the stream that shows its answer. */
  stream: string
  /** Its messages; several where the turn merged them, and then what each of them says. */
  messages: readonly { id: number; content?: string }[]
  /** Tells whether the newest question of the context is this one. */
  digest: string
}

/** A lane's memory. Treat as immutable: a turn makes a changed copy. */
export interface ChatMemory {
  state: DialogueState
  settings: ChatSettings
  context: ChatContext
  /** The id of the update that stopped the last answer that was stopped. Never taken back. */
  stoppedBy?: number
  asked?: AskedQuestion
}

/** A lane that was never spoken in. */
export const NO_MEMORY: ChatMemory = { state: 'new', settings: {}, context: EMPTY_CONTEXT }

/** Reads the memory under `key`: one call to Redis. */
export async function loadMemory(redis: RedisClient, key: string): Promise<ChatMemory> {
  const [state, settings, generation, messages, stoppedBy, asked] = await redis.hmgetBuffer(
    key,
    'state',
    'settings',
    'generation',
    'messages',
    'stoppedBy',
    'asked',
  )
  return {
    state: state?.toString() === 'waiting-for-input' ? 'waiting-for-input' : 'new',
    settings: settings ? (JSON.parse(settings.toString()) as ChatSettings) : {},
    context: { generation: Number(generation ?? 0), messages: unpackMessages(messages ?? null) },
    ...(stoppedBy && { stoppedBy: Number(stoppedBy) }),
    ...(asked && { asked: JSON.parse(asked.toString()) as AskedQuestion }),
  }
}

/**
 * What must be written so that `before` becomes `after`: only what differs, and the messages only where nobody else
 * has raised the generation since. The whole is forgotten `ttlSeconds` after the last turn.
 */
export function memoryWrites(options: {
  key: string
  before: ChatMemory
  after: ChatMemory
  ttlSeconds: number
}): ChatWrite[] {
  const { key, before, after, ttlSeconds } = options
  const fields: (string | Buffer)[] = []
  if (after.state !== before.state) fields.push('state', after.state)
  const settings = JSON.stringify(after.settings)
  if (settings !== JSON.stringify(before.settings)) fields.push('settings', settings)
  if (after.stoppedBy !== undefined && after.stoppedBy !== before.stoppedBy) {
    fields.push('stoppedBy', String(after.stoppedBy))
  }
  if (after.asked && after.asked !== before.asked) fields.push('asked', JSON.stringify(after.asked))
  const writes: ChatWrite[] = fields.length > 0 ? [{ command: 'hset', key, args: fields }] : []
  if (before.asked && !after.asked) writes.push({ command: 'hdel', key, args: ['asked'] })
  if (after.context !== before.context) {
    const generation = before.context.generation === 0 ? '' : String(before.context.generation)
    const content = [
      ...(after.context.generation === 0 ? [] : ['generation', String(after.context.generation)]),
      ...(after.context.messages.length === 0 ? [] : ['messages', packMessages(after.context.messages)]),
    ]
    const changes: ChatWrite[] = []
    if (content.length > 0) changes.push({ command: 'hset', key, args: content })
    if (after.context.messages.length === 0) changes.push({ command: 'hdel', key, args: ['messages'] })
    writes.push({ command: 'guard', key, args: ['generation', generation, changes.length] }, ...changes)
  }
  return [...writes, { command: 'expire', key, args: [ttlSeconds] }]
}

/** How long the raised generation is kept: longer than any turn that began before it was raised. */
const FORGOTTEN_SECONDS = 26 * 3600

/**
 * What must be written so that nothing is remembered under `key`, and no turn that began before adds what it was told:
 * the generation is raised and kept for as long as such a turn may run.
 */
export function forgetWrites(key: string): (ChatWrite & { command: 'hincrby' | 'hdel' | 'expire' })[] {
  return [
    { command: 'hincrby', key, args: ['generation', 1] },
    { command: 'hdel', key, args: ['state', 'settings', 'messages', 'stoppedBy', 'asked'] },
    { command: 'expire', key, args: [FORGOTTEN_SECONDS] },
  ]
}
