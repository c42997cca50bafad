/** Answers a question with the model, in the light of what was said before. */
import { askWithTries } from './ask-with-tries.ts'
import { declineText } from './declining.ts'
import { giveUpGoneModel } from './model-choice.ts'
import type { ModelList } from './model-list.ts'
import type { Said, TurnPort } from './ports.ts'
import type { Question } from './question.ts'
import { systemPromptOf } from './system-prompt.ts'
import type { TextBook } from './texts.ts'
import { estimateTokens } from './tokens.ts'
import { fitMessages, promptOf } from './window.ts'

/** How the assistant is set up. */
export interface AnswerSettings {
  /** Of chats that have none of their own. */
  systemPrompt: string
  /** Whether no chat may have one (false). */
  isSystemPromptFixed?: boolean
  /** What a chat may choose from; without it none is asked whether its model is still there. */
  models?: ModelList
  /** What is sent of a chat with each message, the system prompt included. */
  contextMaxTokens: number
  texts: TextBook
}

/** What is asked, and what was said before it. */
export interface Asked {
  before: readonly Said[]
  question: Question
}

/**
 * Asks the model and adds its answer to the turn, unless nobody may pay for it. A failed answer leaves the question in
 * the context, and one message; a stopped one leaves what was said.
 */
export async function answerText(turn: TurnPort, asked: Asked, settings: AnswerSettings): Promise<void> {
  const texts = settings.texts.of(turn.memory)
  if (settings.models) await giveUpGoneModel(turn, settings.models, settings.texts)
  const systemPrompt = systemPromptOf(turn.memory, settings)
  const reservedTokens = estimateTokens(systemPrompt)
  const { promptTokens = Number.POSITIVE_INFINITY } = await turn.window()
  const maxTokens = Math.min(settings.contextMaxTokens, promptTokens)
  const fitted = (messages: readonly Said[]) => fitMessages({ messages, maxTokens, reservedTokens })
  const messages = fitted([...asked.before, { role: 'user', ...asked.question }])
  const answer = await askWithTries(turn, promptOf(systemPrompt, messages))
  // Beside the answers: an edited question keeps the one that it has.
  if (answer.kind === 'declined') return turn.reply(declineText(answer.decline, texts), { aside: true })
  const remember = (answered: string) => {
    const said: Said[] = isBlank(answered) ? [] : [{ role: 'assistant', content: answered }]
    const context = { ...turn.memory.context, messages: fitted([...messages, ...said]) }
    turn.memory = { ...turn.memory, context }
  }
  if (answer.kind === 'failed') {
    const whatHappened = texts.faults[answer.code]
    turn.reply(
      isBlank(answer.partial) ? whatHappened : `${answer.partial}\n\n_${texts.brokenOff}_ ${whatHappened}`,
    )
    return remember('')
  }
  if (answer.kind === 'answered' && answer.pictures) {
    if (!isBlank(answer.text)) turn.reply(answer.text)
    return remember([answer.text, ...Array<string>(answer.pictures).fill('[picture]')].join('\n').trim())
  }
  if (answer.kind === 'stopped') turn.memory = { ...turn.memory, stoppedBy: answer.by }
  const isCut = answer.kind === 'answered' && answer.isCut
  if (isCut) turn.reply(`${answer.text}\n\n_${texts.cutAtLength}_`)
  else turn.reply(answer.kind === 'stopped' && isBlank(answer.text) ? texts.stoppedEarly : answer.text)
  remember(answer.text)
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}
