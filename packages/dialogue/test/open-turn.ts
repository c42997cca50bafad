/** A turn of the dialogue without a worker: what it replies, asks and remembers is there to be read. */
import { Telegram } from 'telegraf'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { type AssistantSettings, createAssistant } from '../src/assistant.ts'
import type { FetchedFile, FilePort, Heard, HeardFile, ModelSenses } from '../src/heard.ts'
import type { ModelList, OfferedModel } from '../src/model-list.ts'
import type {
  ButtonPress,
  Decline,
  Keyboard,
  Memory,
  ModelAnswer,
  PromptMessage,
  Said,
  SummaryWish,
  TurnPort,
} from '../src/ports.ts'
import { createTextBook } from '../src/texts.ts'
import { TurnContext } from '../src/turn-context.ts'

/** Today's budget of the bot is spent. */
export const SPENT = { why: 'spent', whose: 'bot', period: 'day' } as const
export const FAULT = { kind: 'failed', code: 'provider_down', retryable: true, partial: '' } as const
const BOT = { id: 1, is_bot: true, first_name: 'Bot', username: 'some_bot' } as UserFromGetMe
const GROUP = { id: -100, type: 'supergroup', title: 'A group' } as const

/** What a turn starts from. `answers`: what the model answers in turn; afterwards it is down. */
export interface TurnStart {
  memory?: Partial<Memory>
  answers?: ModelAnswer[]
  texts?: string[]
  /** What is said instead of `texts`. */
  said?: Partial<Heard>[]
  senses?: ModelSenses
  /** What is in the files, by their ids: a text, or what fetching them comes to. */
  files?: Record<string, string | FetchedFile>
  /** Whether speech is written down; what is said then is the file's text. */
  canTranscribe?: boolean
  messageIds?: number[]
  stream?: string
  addressed?: boolean
  decline?: Decline
  usage?: Awaited<ReturnType<TurnPort['usage']>>
  promptTokens?: number
  contextTokens?: number
  speaker?: string
  isAdministrator?: boolean
  press?: ButtonPress
}

const heardOf = (said: Partial<Heard>): Heard => ({
  text: '',
  isCaption: false,
  files: [],
  marks: [],
  ...said,
})

function filePort({ senses, files = {}, canTranscribe = true }: TurnStart): FilePort {
  const text = ({ fileId }: HeardFile) => {
    const file = files[fileId]
    return typeof file === 'string' ? file : undefined
  }
  return {
    senses: async () => senses ?? { pictures: true, sounds: 'none' },
    async fetch({ fileId }) {
      const file = files[fileId]
      return typeof file === 'object' ? file : { kind: 'failed', why: 'gone' }
    },
    async readText(file) {
      const read = text(file)
      return read === undefined ? { kind: 'failed', why: 'gone' } : { kind: 'read', text: read }
    },
    async transcribe(file) {
      if (!canTranscribe) return { kind: 'off' }
      const heard = text(file)
      return heard === undefined ? { kind: 'failed', why: 'notHeard' } : { kind: 'heard', text: heard }
    },
  }
}

const NONE = { tokens: 0, usd: 0 }

/** A turn in English over a fake of the outside. */
export function openTurn(start: TurnStart = {}) {
  const answers = [...(start.answers ?? [])]
  const replies: { text: string; command: boolean; keyboard?: Keyboard; aside?: boolean }[] = []
  const prompts: (readonly PromptMessage[])[] = []
  const paused: number[] = []
  const farewells: string[] = []
  const wishes: SummaryWish[] = []
  const turn: TurnPort = {
    memory: {
      state: 'new',
      settings: { language: 'en' },
      context: { generation: 0, messages: [] },
      ...start.memory,
    },
    said: (start.said ?? (start.texts ?? []).map((text) => ({ text }))).map(heardOf),
    files: filePort(start),
    ...(start.speaker !== undefined && { speaker: start.speaker }),
    messageIds: start.messageIds ?? [9],
    stream: start.stream ?? '50',
    addressed: start.addressed ?? true,
    ...(start.press && { press: start.press }),
    reply: (text, options) => void replies.push({ text, command: false, ...options }),
    async ask(prompt) {
      prompts.push(prompt)
      return answers.shift() ?? FAULT
    },
    window: async () => ({
      ...(start.promptTokens !== undefined && { promptTokens: start.promptTokens }),
      ...(start.contextTokens !== undefined && { contextTokens: start.contextTokens }),
    }),
    sumUp: (wish) => void wishes.push(wish),
    pause: async (ms) => void paused.push(ms),
    declined: async () => start.decline,
    usage: async () => start.usage ?? { user: { day: NONE, month: NONE } },
    forget: async (farewell) => void farewells.push(farewell),
    isAdministrator: async () => start.isAdministrator ?? false,
  }
  return { turn, replies, prompts, paused, farewells, wishes }
}

/** What a chat may choose from; `undefined`: OpenRouter does not say. */
export function modelsOf(offered: OfferedModel[] | undefined, standard = 'acme/standard'): ModelList {
  return { standard, isOpen: offered?.length !== 0, offered: async () => offered }
}

/** A context whose conversation is `messages`, as memory holds it. */
export const talkedOf = (...messages: Said[]) => ({ context: { generation: 0, messages } })
export const user = (content: string): Said => ({ role: 'user', content })
export const assistant = (content: string): Said => ({ role: 'assistant', content })

/** Lets the assistant answer a turn with this update. */
export async function runUpdate(
  update: Record<string, unknown>,
  start: TurnStart = {},
  settings: Partial<AssistantSettings> = {},
) {
  const opened = openTurn(start)
  const middleware = createAssistant({
    systemPrompt: 'Be brief.',
    contextMaxTokens: 1000,
    contextTtlSeconds: 30 * 86_400,
    allowedUsers: new Set(),
    streaming: 'edit',
    isSystemPromptFixed: false,
    models: modelsOf([]),
    texts: createTextBook(),
    ...settings,
  })
  const ctx = new TurnContext({ update_id: 50, ...update } as unknown as Update, new Telegram(''), BOT)
  ctx.turn = opened.turn
  await middleware.middleware()(ctx, async () => undefined)
  return opened
}

/** Lets the assistant answer a turn with this one text. A leading command is marked as Telegram marks it. */
export function runText(
  text: string,
  start: TurnStart & { language?: string; inGroup?: boolean; userId?: number } = {},
  settings: Partial<AssistantSettings> = {},
) {
  const { language = 'en', inGroup = false, userId = 7 } = start
  const command = /^\/\w+(?:@\w+)?/.exec(text)?.[0]
  const message = {
    message_id: 9,
    date: 1,
    chat: inGroup ? GROUP : { id: userId, type: 'private', first_name: 'Anna' },
    from: { id: userId, is_bot: false, first_name: 'Anna', language_code: language },
    text,
    ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
  }
  return runUpdate({ message }, { texts: [text], ...start }, settings)
}
