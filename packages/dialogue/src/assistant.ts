/** The built-in assistant: Telegraf middleware over a turn. */
import { Composer } from 'telegraf'
import { type AnswerSettings, answerText } from './answer.ts'
import { languageOf } from './language.ts'
import { textsIn } from './texts.ts'
import type { TurnContext } from './turn-context.ts'

/** How the assistant is set up, and who may talk to it. */
export interface AssistantSettings extends AnswerSettings {
  /** Ids of the users who may; empty: anyone. */
  allowedUsers: ReadonlySet<string>
}

/** The middleware that answers one turn. Updates that it has nothing to say to pass through it in silence. */
export function createAssistant(settings: AssistantSettings): Composer<TurnContext> {
  const assistant = new Composer<TurnContext>()
  assistant.on('message', async (ctx, next) => {
    if (!ctx.turn.addressed || isServiceMessage(ctx.message)) return
    const language = languageOf(ctx.from?.language_code)
    if (ctx.turn.memory.settings.language !== language) {
      ctx.turn.memory = { ...ctx.turn.memory, settings: { ...ctx.turn.memory.settings, language } }
    }
    if (settings.allowedUsers.size > 0 && !settings.allowedUsers.has(String(ctx.from?.id))) {
      ctx.turn.reply(textsIn(language).notAllowed, { command: true })
      return
    }
    await next()
  })
  addCommands(assistant)
  assistant.on('message', async (ctx) => {
    const texts = textsIn(ctx.turn.memory.settings.language ?? 'en')
    const question = withoutMention(ctx.turn.texts.join('\n'), ctx.me).trim()
    if (question === '') return ctx.turn.reply(texts.textOnly)
    if (await ctx.turn.isBudgetSpent()) return ctx.turn.reply(texts.budgetSpent)
    await answerText(ctx.turn, question, settings)
  })
  return assistant
}

function addCommands(assistant: Composer<TurnContext>): void {
  const texts = (ctx: TurnContext) => textsIn(ctx.turn.memory.settings.language ?? 'en')
  assistant.start((ctx) => {
    ctx.turn.memory = { ...ctx.turn.memory, state: 'waiting-for-input' }
    ctx.turn.reply(texts(ctx).greeting, { command: true })
  })
  assistant.help((ctx) => ctx.turn.reply(texts(ctx).help, { command: true }))
  assistant.command('new', (ctx) => {
    const { generation } = ctx.turn.memory.context
    ctx.turn.memory = {
      ...ctx.turn.memory,
      state: 'waiting-for-input',
      context: { generation: generation + 1, messages: [] },
    }
    ctx.turn.reply(texts(ctx).begunAnew, { command: true })
  })
  assistant.command(/.+/, (ctx) => ctx.turn.reply(texts(ctx).unknownCommand, { command: true }))
}

/** Messages that tell of the chat rather than say something. */
const CONTENT = [
  'text',
  'caption',
  'photo',
  'voice',
  'audio',
  'video',
  'video_note',
  'document',
  'sticker',
  'animation',
  'location',
  'venue',
  'contact',
  'poll',
  'dice',
] as const

function isServiceMessage(message: object): boolean {
  return !CONTENT.some((kind) => kind in message)
}

function withoutMention(text: string, username: string): string {
  return text.replace(new RegExp(`(^|\\s)@${username}\\b`, 'gi'), '$1')
}
