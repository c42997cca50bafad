/** Turns a question into the text that the simulated model gives. */
import { chatAnswer } from './chat-answer.ts'
import type { Answers, MadeAnswer, Question } from './options.ts'
import { lastUserText, promptHash } from './prompt.ts'

/** The whole answer to a question. */
export function answerTo(question: Question, answers: Answers): MadeAnswer {
  if (typeof answers === 'function') {
    const answer = answers(question)
    return typeof answer === 'string' ? { text: answer, images: [] } : answer
  }
  return { text: standardAnswer(question, answers), images: [] }
}

function standardAnswer(question: Question, answers: 'hash' | 'echo' | 'chat'): string {
  if (answers === 'echo') return lastUserText(question.messages)
  if (answers === 'chat') return chatAnswer(question)
  const count = question.messages.length
  return `I was given ${count} message${count === 1 ? '' : 's'}; sha256 of them: ${promptHash(question.messages)}`
}
