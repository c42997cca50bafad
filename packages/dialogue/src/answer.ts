/** Answers a text with the model, in the light of what was said before. */
import { languageOf } from './language.ts'
import type { AskModel, ModelAnswer, TurnPort } from './ports.ts'
import { textsIn } from './texts.ts'
import { estimateTokens } from './tokens.ts'
import { fitMessages, promptOf } from './window.ts'

/** How the assistant is set up. */
export interface AnswerSettings {
  systemPrompt: string
  /** What is sent of a chat with each message, the system prompt included. */
  contextMaxTokens: number
  /** Waits so many ms between two tries; resolves early where the process stops. */
  pause(ms: number): Promise<void>
}

const MOST_TRIES = 3
const MOST_PAUSE_MS = 10_000

/** Asks the model and adds its answer to the turn. A failed answer leaves the question in the context, and one message. */
export async function answerText(turn: TurnPort, question: string, settings: AnswerSettings): Promise<void> {
  const reservedTokens = estimateTokens(settings.systemPrompt)
  const fitted = (messages: TurnPort['memory']['context']['messages']) =>
    fitMessages({ messages, maxTokens: settings.contextMaxTokens, reservedTokens })
  const asked = fitted([...turn.memory.context.messages, { role: 'user', content: question }])
  const answer = await askWithTries(turn.ask, promptOf(settings.systemPrompt, asked), settings)
  const remember = (messages: typeof asked) => {
    turn.memory = { ...turn.memory, context: { ...turn.memory.context, messages: fitted(messages) } }
  }
  if (answer.kind === 'answered') {
    turn.reply(answer.text)
    return remember([...asked, { role: 'assistant', content: answer.text }])
  }
  const texts = textsIn(turn.memory.settings.language ?? languageOf(undefined))
  const whatHappened = texts.faults[answer.code]
  turn.reply(
    answer.partial.trim() === '' ? whatHappened : `${answer.partial}\n\n_${texts.brokenOff}_ ${whatHappened}`,
  )
  remember(asked)
}

async function askWithTries(
  ask: AskModel,
  messages: Parameters<AskModel>[0],
  settings: AnswerSettings,
): Promise<ModelAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(messages)
    if (answer.kind === 'answered' || !answer.retryable || attempt === MOST_TRIES) return answer
    const waitMs = answer.retryAfterMs ?? 500 * 2 ** attempt
    if (waitMs > MOST_PAUSE_MS) return answer
    await settings.pause(waitMs)
  }
}
