/** `/context`: what is remembered of the conversation, how full it is, and how long it is kept. */
import type { Composer } from 'telegraf'
import type { AnswerSettings } from './answer.ts'
import { choicesOf } from './choices.ts'
import { fitTalk } from './conversation.ts'
import { fillText } from './plain-markdown.ts'
import type { Conversation } from './ports.ts'
import { type Room, roomOf } from './room.ts'
import type { TextBook, Texts } from './texts.ts'
import type { TurnContext } from './turn-context.ts'
import { promptTokensOf } from './window.ts'

/** What the command tells of beside the conversation. */
export interface ContextSettings extends AnswerSettings {
  /** How long a conversation is kept in which nothing is said. */
  contextTtlSeconds: number
  texts: TextBook
}

/** Adds the command to `assistant`. */
export function addContextCommand(assistant: Composer<TurnContext>, settings: ContextSettings): void {
  assistant.command('context', async ({ turn }) => {
    const texts = settings.texts.of(turn.memory)
    const language = turn.memory.settings.language ?? 'en'
    const { context } = turn.memory
    const { contextTokens } = await turn.window()
    const model = choicesOf(turn.memory).model ?? settings.models?.standard
    const lines = [
      texts.context.title,
      ...talkLines(context, { room: await roomOf(turn, settings), texts, language }),
      ...(model === undefined || contextTokens === undefined
        ? []
        : [fillText(texts.context.model, { model: `\`${model}\``, tokens: whole(contextTokens, language) })]),
      fillText(texts.context.kept, { time: spanText(settings.contextTtlSeconds, language) }),
    ]
    turn.reply(lines.join('\n'), { command: true })
  })
}

function talkLines(
  talk: Conversation,
  { room, texts: { context }, language }: { room: Room; texts: Texts; language: string },
): string[] {
  const { messages, summary, first = 0 } = talk
  const { prompt, sent } = fitTalk(talk, { messages, room })
  const usedTokens = promptTokensOf(prompt, room.weights)
  const share = (usedTokens / room.promptTokens).toLocaleString(language, { style: 'percent' })
  const count = (number: number) => whole(number, language)
  const summedUp = summary?.upTo ?? 0
  return [
    fillText(context.messages, { count: count(messages.length) }),
    ...(sent.length < messages.length ? [fillText(context.sent, { count: count(sent.length) })] : []),
    ...(summedUp > 0 ? [fillText(context.summary, { count: count(summedUp) })] : []),
    ...(first > summedUp ? [fillText(context.dropped, { count: count(first - summedUp) })] : []),
    fillText(context.room, { used: count(usedTokens), most: count(room.promptTokens), share }),
  ]
}

function whole(count: number, language: string): string {
  return count.toLocaleString(language)
}

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3600

function spanText(seconds: number, language: string): string {
  const [unit, of] =
    seconds >= 2 * DAY_SECONDS
      ? ['day', DAY_SECONDS]
      : seconds >= 2 * HOUR_SECONDS
        ? ['hour', HOUR_SECONDS]
        : ['minute', 60]
  const count = Math.max(1, Math.round(seconds / Number(of)))
  return count.toLocaleString(language, { style: 'unit', unit: String(unit), unitDisplay: 'long' })
}
