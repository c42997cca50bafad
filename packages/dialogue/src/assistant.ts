/** The built-in assistant: Telegraf middleware over a turn. */
import { Composer } from 'telegraf'
import { isAllowed, type UserLists } from './allowed-users.ts'
import { answerEdited, answerHeard } from './answer-heard.ts'
import { addChoicePresses } from './choice-presses.ts'
import { addCommands, addUnknownCommand } from './commands.ts'
import { addContextCommand, type ContextSettings } from './context-command.ts'
import { addForgetting } from './forgetting.ts'
import { languageOf } from './language.ts'
import { addModelChoice } from './model-choice.ts'
import type { ModelList } from './model-list.ts'
import type { StreamingMode } from './ports.ts'
import { addRetry } from './retry.ts'
import { addSettingsCard } from './settings-card.ts'
import { addButtonPresses, addStopCommand } from './stopping.ts'
import { addStreamingChoice } from './streaming.ts'
import { addSystemPrompt } from './system-prompt.ts'
import type { TurnContext } from './turn-context.ts'
import { addUsage } from './usage.ts'

/** How the assistant is set up, and who may talk to it. */
export interface AssistantSettings extends ContextSettings, UserLists {
  /** The deployment's way to show replies, where a chat has chosen none. */
  streaming: StreamingMode
  isSystemPromptFixed: boolean
  models: ModelList
}

/** The middleware that answers one turn. Updates that it has nothing to say to pass through it in silence. */
export function createAssistant(settings: AssistantSettings): Composer<TurnContext> {
  const { texts } = settings
  const assistant = new Composer<TurnContext>()
  addChoicePresses(assistant, settings)
  addButtonPresses(assistant, texts)
  assistant.on('message', async (ctx, next) => {
    if (!ctx.turn.addressed || isServiceMessage(ctx.message)) return
    const language = languageOf(ctx.from?.language_code)
    if (ctx.turn.memory.settings.language !== language) {
      ctx.turn.memory = { ...ctx.turn.memory, settings: { ...ctx.turn.memory.settings, language } }
    }
    if (!isAllowed(settings, ctx.from?.id)) {
      ctx.turn.reply(texts.in(language).notAllowed, { command: true })
      return
    }
    await next()
  })
  addSystemPrompt(assistant, settings)
  addCommands(assistant, texts)
  addStopCommand(assistant, texts)
  addStreamingChoice(assistant, { standard: settings.streaming, texts })
  addModelChoice(assistant, settings)
  addSettingsCard(assistant, settings)
  addRetry(assistant, settings)
  addContextCommand(assistant, settings)
  addUsage(assistant, texts)
  addForgetting(assistant, texts)
  addUnknownCommand(assistant, texts)
  assistant.on('message', ({ turn, me }) => answerHeard(turn, me, settings))
  assistant.on('edited_message', async ({ turn, me, editedMessage, from }) => {
    if (!isAllowed(settings, from?.id)) return
    await answerEdited(turn, { messageId: editedMessage.message_id, username: me }, settings)
  })
  return assistant
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
  'checklist',
  'story',
  'live_photo',
  'paid_media',
  'rich_message',
] as const

function isServiceMessage(message: object): boolean {
  return !CONTENT.some((kind) => kind in message)
}
