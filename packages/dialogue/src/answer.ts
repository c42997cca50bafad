/** Answers a question with the model, in the light of what was said before. */
import { askWithTries } from './ask-with-tries.ts'
import { fitTalk, keepTalk } from './conversation.ts'
import { declineText } from './declining.ts'
import { giveUpGoneModel } from './model-choice.ts'
import type { ModelList } from './model-list.ts'
import type { Said, TurnPort } from './ports.ts'
import type { Question } from './question.ts'
import { roomOf } from './room.ts'
import type { TextBook } from './texts.ts'

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
  /** Whether what has no room any more is summed up (false: it is forgotten). */
  isSummedUp?: boolean
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
  const room = await roomOf(turn, settings)
  const { context } = turn.memory
  const question: Said = { role: 'user', ...asked.question }
  const { prompt, sent } = fitTalk(context, { messages: [...asked.before, question], room })
  const answer = await askWithTries(turn, prompt)
  // Beside the answers: an edited question keeps the one that it has.
  if (answer.kind === 'declined') return turn.reply(declineText(answer.decline, texts), { aside: true })
  const remember = (answered: string) => {
    const said: Said[] = isBlank(answered) ? [] : [{ role: 'assistant', content: answered }]
    const messages = [...asked.before, sent.at(-1) ?? question, ...said]
    const kept = keepTalk(context, { messages, room, isSummedUp: settings.isSummedUp ?? false })
    turn.memory = { ...turn.memory, context: kept.talk }
    if (kept.wish) turn.sumUp(kept.wish)
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
