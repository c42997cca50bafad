/** Answers what people send: composes the question, asks it, and says what of it could not be read. */
import { type AnswerSettings, answerText } from './answer.ts'
import { declineText } from './declining.ts'
import { askedOf, editedQuestion, joined } from './editing.ts'
import type { TurnPort } from './ports.ts'
import { type Composed, composeQuestion } from './question.ts'
import { roomOf } from './room.ts'
import { speakerName } from './speakers.ts'

/** Answers the turn's messages, in which the bot may be called by its `username`. */
export async function answerHeard(turn: TurnPort, username: string, settings: AnswerSettings): Promise<void> {
  const texts = settings.texts.of(turn.memory)
  // To write down what is said in a sound costs money too.
  const decline = hasSound(turn) ? await turn.declined() : undefined
  if (decline) return turn.reply(declineText(decline, texts), { aside: true })
  const composed = await compose(turn, username, settings)
  const { contents, attachments } = composed
  const remarks = remarksOf(composed, settings, turn)
  if (!composed.isAskable) return turn.reply(remarks === '' ? texts.nothingAsked : remarks)
  turn.memory = { ...turn.memory, asked: askedOf(turn, contents) }
  const speaker = turn.speaker === undefined ? undefined : speakerName(turn.speaker)
  const question = {
    content: joined(contents),
    ...(speaker !== undefined && { speaker }),
    ...(attachments.length > 0 && { attachments }),
  }
  await answerText(turn, { before: turn.memory.context.messages, question }, settings)
  if (remarks !== '') turn.reply(remarks)
}

/** Answers the newest question anew where the edited message is one of its own. */
export async function answerEdited(
  turn: TurnPort,
  { messageId, username }: { messageId: number; username: string },
  settings: AnswerSettings,
): Promise<void> {
  // Telegram tells of reactions as of edits: files are not fetched for those, and what was spoken can't be edited.
  if (!turn.memory.asked?.messages.some(({ id }) => id === messageId) || hasSound(turn)) return
  const composed = await compose(turn, username, settings)
  const { contents, attachments } = composed
  const edited = editedQuestion(turn.memory, { messageId, content: joined(contents), attachments })
  if (!edited) return
  turn.memory = { ...turn.memory, asked: edited.asked }
  await answerText(turn, edited.question, settings)
}

function compose(turn: TurnPort, username: string, settings: AnswerSettings): Promise<Composed> {
  return composeQuestion(turn, {
    username,
    async maxTokens() {
      const { promptTokens, systemTokens } = await roomOf(turn, settings)
      return promptTokens - systemTokens
    },
  })
}

function hasSound({ said }: TurnPort): boolean {
  const all = said.flatMap(({ files, repliesTo }) => [...files, ...(repliesTo?.files ?? [])])
  return all.some(({ kind }) => kind === 'speech' || kind === 'audio')
}

function remarksOf({ remarks }: Composed, settings: AnswerSettings, { memory }: TurnPort): string {
  const { files } = settings.texts.of(memory)
  return remarks.map((remark) => files[remark]).join('\n')
}
