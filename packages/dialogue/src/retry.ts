/** `/retry`: answers the last message anew. */
import type { Composer } from 'telegraf'
import { type AnswerSettings, type Asked, answerText } from './answer.ts'
import type { Said } from './ports.ts'
import type { TurnContext } from './turn-context.ts'

/** Adds the command to `assistant`. The answer that was there is replaced in the context, not added to. */
export function addRetry(assistant: Composer<TurnContext>, settings: AnswerSettings): void {
  assistant.command('retry', async ({ turn }) => {
    const asked = lastAsked(turn.memory.context.messages)
    if (asked) {
      const { asked: question } = turn.memory
      // Whoever edits the question has the newest of its answers made anew.
      if (question) turn.memory = { ...turn.memory, asked: { ...question, stream: turn.stream } }
      return answerText(turn, asked, settings)
    }
    turn.reply(settings.texts.of(turn.memory).nothingToRetry, { command: true })
  })
}

function lastAsked(messages: readonly Said[]): Asked | undefined {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[last]
  if (!question) return undefined
  const { role: _, ...asked } = question
  return { before: messages.slice(0, last), question: asked }
}
