/** Everything that is kept of a lane between two turns: dialogue state, settings, context. */
import type { RedisClient } from '@chatlane/runtime'
import {
  type AwaitedText,
  type ChosenSettings,
  type ReadSettings,
  readChosen,
  SETTINGS_FIELDS,
  type SettingsKeys,
  settingsWrites,
} from './chat-settings.ts'
import type { ChatWrite } from './chat-write.ts'
import {
  type ChatContext,
  EMPTY_CONTEXT,
  packMessages,
  type StoredContext,
  unpackContext,
} from './context.ts'

/** Where the dialogue stands: `new` before `/start`, then waiting for text to send to the model. */
export type DialogueState = 'new' | 'waiting-for-input'

/** What a chat has set: what was chosen in this place, and the language it was last spoken in. */
export interface ChatSettings extends ChosenSettings {
  language?: 'ru' | 'en'
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
  /** What was chosen for the whole chat, where the lane is of one of its topics. */
  chatSettings?: ChosenSettings
  /** The text that somebody was asked for. */
  awaited?: AwaitedText
  context: ChatContext
  /** The id of the update that stopped the last answer that was stopped. Never taken back. */
  stoppedBy?: number
  asked?: AskedQuestion
  /** Set where the settings are still kept as they were kept once: all in one field. The next write moves them. */
  isOld?: true
}

/** A lane that was never spoken in. */
export const NO_MEMORY: ChatMemory = { state: 'new', settings: {}, context: EMPTY_CONTEXT }

/**
 * Reads the memory under `key`, and what was chosen under `settingsKeys`: one round trip to Redis. A lane of queries has
 * no settings.
 */
export async function loadMemory(
  redis: RedisClient,
  key: string,
  settingsKeys?: SettingsKeys,
): Promise<ChatMemory> {
  const reading = redis
    .pipeline()
    .hmgetBuffer(key, 'state', 'language', 'settings', 'stoppedBy', 'asked', ...CONTEXT_FIELDS)
  for (const hash of [settingsKeys?.own, settingsKeys?.chat])
    if (hash !== undefined) reading.hmget(hash, ...SETTINGS_FIELDS)
  const answers = ((await reading.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error
    return answer as (Buffer | string | null)[]
  })
  const [state, language, old, stoppedBy, asked, ...context] = answers[0] as (Buffer | null)[]
  const { own, awaited } = readChosen((answers[1] ?? []) as (string | null)[])
  const chat = answers[2] && readChosen(answers[2] as (string | null)[]).own
  return {
    state: state?.toString() === 'waiting-for-input' ? 'waiting-for-input' : 'new',
    settings: {
      ...(old && (JSON.parse(old.toString()) as ChatSettings)),
      ...(language && { language: language.toString() as 'ru' | 'en' }),
      ...own,
    },
    ...(chat && { chatSettings: chat }),
    ...(awaited && { awaited }),
    context: readContext(context),
    ...(stoppedBy && { stoppedBy: Number(stoppedBy) }),
    ...(asked && { asked: JSON.parse(asked.toString()) as AskedQuestion }),
    ...(old && { isOld: true }),
  }
}

/** Reads what a lane remembers of its conversation, and nothing else. */
export async function loadContext(redis: RedisClient, key: string): Promise<ChatContext> {
  return readContext(await redis.hmgetBuffer(key, ...CONTEXT_FIELDS))
}

/** The fields of a context. */
const CONTEXT_FIELDS = [
  'generation',
  'first',
  'messages',
  'summary',
  'summaryUpTo',
] as const satisfies readonly (keyof StoredContext)[]

function readContext(values: readonly (Buffer | null)[]): ChatContext {
  const stored = CONTEXT_FIELDS.map((field, nth) => [field, values[nth] ?? null])
  return unpackContext(Object.fromEntries(stored) as StoredContext)
}

/**
 * What must be written so that `before` becomes `after`: only what differs, and the messages only where nobody else
 * has raised the generation since. The whole is forgotten `ttlSeconds` after the last turn.
 */
export function memoryWrites(options: {
  key: string
  settingsKeys?: SettingsKeys | undefined
  before: ChatMemory
  after: ChatMemory
  ttlSeconds: number
}): ChatWrite[] {
  const { key, before, after, ttlSeconds } = options
  const fields: (string | Buffer)[] = []
  if (after.state !== before.state) fields.push('state', after.state)
  const { language } = after.settings
  if (language !== undefined && language !== before.settings.language) fields.push('language', language)
  if (after.stoppedBy !== undefined && after.stoppedBy !== before.stoppedBy) {
    fields.push('stoppedBy', String(after.stoppedBy))
  }
  if (after.asked && after.asked !== before.asked) fields.push('asked', JSON.stringify(after.asked))
  const writes: ChatWrite[] = fields.length > 0 ? [{ command: 'hset', key, args: fields }] : []
  if (before.asked && !after.asked) writes.push({ command: 'hdel', key, args: ['asked'] })
  if (after.context !== before.context) {
    const generation = before.context.generation === 0 ? '' : String(before.context.generation)
    const changes = contextWrites(key, before.context, after.context)
    writes.push({ command: 'guard', key, args: ['generation', generation, changes.length] }, ...changes)
  }
  return [...writes, ...choiceWrites(options), { command: 'expire', key, args: [ttlSeconds] }]
}

function contextWrites(key: string, before: ChatContext, after: ChatContext): ChatWrite[] {
  const { generation, first = 0, messages } = after
  const content = [
    ...(generation === 0 ? [] : ['generation', String(generation)]),
    ...(messages.length === 0 ? [] : ['messages', packMessages(messages)]),
    ...(first === 0 ? [] : ['first', String(first)]),
  ]
  const gone = [
    ...(messages.length === 0 ? ['messages'] : []),
    ...(first === 0 && before.first !== undefined ? ['first'] : []),
    // One of the older generation may have been written since the turn began.
    ...(generation === before.generation ? [] : ['summary', 'summaryUpTo']),
  ]
  return [
    ...(content.length > 0 ? [{ command: 'hset' as const, key, args: content }] : []),
    ...(gone.length > 0 ? [{ command: 'hdel' as const, key, args: gone }] : []),
  ]
}

/** Those of the writes of {@link memoryWrites} that keep what was chosen and what is awaited. */
export function choiceWrites(options: {
  key: string
  settingsKeys?: SettingsKeys | undefined
  before: ChatMemory
  after: ChatMemory
  ttlSeconds: number
}): ChatWrite[] {
  const { key, settingsKeys, before, after, ttlSeconds } = options
  if (!settingsKeys) return []
  return [
    ...(before.isOld ? moveWrites(key, settingsKeys.own, before.settings) : []),
    ...settingsWrites({
      keys: settingsKeys,
      before: chosenIn(before),
      after: chosenIn(after),
      ttlSeconds,
    }),
  ]
}

function chosenIn({ settings, awaited, chatSettings }: ChatMemory): ReadSettings {
  const { language: _, ...own } = settings
  return { own, ...(awaited && { awaited }), ...(chatSettings && { chat: chatSettings }) }
}

/** What is there already is newer. */
function moveWrites(key: string, own: string, { language, streaming }: ChatSettings): ChatWrite[] {
  const moved = [
    { hash: key, field: 'language', value: language },
    { hash: own, field: 'streaming', value: streaming },
  ].flatMap(({ hash, field, value }): ChatWrite[] =>
    value === undefined
      ? []
      : [
          { command: 'guard', key: hash, args: [field, '', 1] },
          { command: 'hset', key: hash, args: [field, value] },
        ],
  )
  return [...moved, { command: 'hdel', key, args: ['settings'] }]
}

/** How long the raised generation is kept: longer than any turn that began before it was raised. */
const FORGOTTEN_SECONDS = 26 * 3600

/**
 * What must be written so that nothing is remembered under `key`, and no turn that began before adds what it was told:
 * the generation is raised and kept for as long as such a turn may run.
 */
export function forgetWrites(
  key: string,
  settingsKeys?: SettingsKeys,
): (ChatWrite & { command: 'hincrby' | 'hdel' | 'expire' | 'del' })[] {
  const settings = [settingsKeys?.own, settingsKeys?.chat].filter((each) => each !== undefined)
  return [
    { command: 'hincrby', key, args: ['generation', 1] },
    {
      command: 'hdel',
      key,
      args: [
        ...['state', 'language', 'settings', 'stoppedBy', 'asked'],
        ...CONTEXT_FIELDS.filter((field) => field !== 'generation'),
      ],
    },
    { command: 'expire', key, args: [FORGOTTEN_SECONDS] },
    // A press may write them after they were looked for: it belongs to no turn of the chat.
    ...settings.map((each) => ({ command: 'del' as const, key: each, args: [] })),
  ]
}
