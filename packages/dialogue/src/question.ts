/** Makes one question of the messages of a turn, whatever they consist of, in the order in which they came. */
import type { Heard, Quotation } from './heard.ts'
import { inMark, mark, unmarked } from './marks.ts'
import type { Attachment, TurnPort } from './ports.ts'
import { QuestionFiles, type Remark } from './question-files.ts'
import { estimateTokens } from './tokens.ts'

/** What is asked: words, and the files that go with them. */
export interface Question {
  content: string
  attachments?: readonly Attachment[]
  /** Who asks, where several may speak. */
  speaker?: string
}

/** The messages of a turn as one question. */
export interface Composed {
  /** What each message says. */
  contents: string[]
  attachments: readonly Attachment[]
  /** Whether there is anything in it that can be answered. */
  isAskable: boolean
  /** What the user has to be told, each kind of trouble once. */
  remarks: readonly Remark[]
}

/** Left for the marks. */
const SPARE_TOKENS = 64
/** What is replied to is shown up to this length, in characters; whoever means more of it can quote it. */
const QUOTED_MAX_CHARS = 2000

/** Composes the question. Fetches the files in it; rejects only where the process is stopping. */
export async function composeQuestion(
  turn: Pick<TurnPort, 'said' | 'files' | 'memory'>,
  options: {
    /** The bot's name, which is taken out of what is said. */
    username: string
    /** What the question may cost; longer files are cut, and what does not fit is left out. */
    maxTokens(): Promise<number>
  },
): Promise<Composed> {
  const { said, memory } = turn
  const newest = memory.context.messages.at(-1)
  const newestAnswer = newest?.role === 'assistant' ? newest.content : ''
  const texts = said.map((heard) => unmarked(withoutAddress(heard, options.username)))
  const hasFiles = said.some(({ files, repliesTo }) => files.length > 0 || repliesTo?.files.length)
  const files = new QuestionFiles(turn.files, hasFiles ? (await options.maxTokens()) - SPARE_TOKENS : 0)
  files.spend(texts.reduce((sum, text) => sum + estimateTokens(text), 0))
  const known = new Set(
    memory.context.messages.flatMap(({ attachments = [] }) => attachments.map(({ fileId }) => fileId)),
  )
  const contents: string[] = []
  let isAskable = false
  for (const [nth, heard] of said.entries()) {
    const text = texts[nth] ?? ''
    const quoted = heard.repliesTo && quotation(heard.repliesTo, newestAnswer)
    // What has been sent already is in the conversation.
    const repliedTo = (heard.repliesTo?.files ?? []).filter(({ fileId }) => !known.has(fileId))
    const lines = [
      heard.forwardedFrom === undefined ? '' : mark(`forwarded${from(heard.forwardedFrom)}`),
      quoted ?? '',
      ...(await files.add(repliedTo, { isRepliedTo: true })),
      text,
      ...heard.marks.map((each) => mark(each.text)),
      ...(await files.add(heard.files)),
    ]
    files.spend(estimateTokens(quoted ?? ''))
    for (const { unreadable } of heard.marks) if (unreadable) files.remark(unreadable)
    isAskable ||=
      text.trim() !== '' || quoted !== undefined || heard.marks.some(({ unreadable }) => !unreadable)
    contents.push(lines.filter((line) => line !== '').join('\n'))
  }
  return {
    contents,
    attachments: files.attachments,
    isAskable: isAskable || files.isAskable,
    remarks: files.remarks,
  }
}

/** The text without the bot's name, and a caption without the command before it: captions command nothing. */
function withoutAddress({ text, isCaption }: Heard, username: string): string {
  const leading = new RegExp(`^\\s*@${username}\\b\\s*`, 'i')
  const named = text.replace(leading, '').replace(new RegExp(`(^|\\s)@${username}\\b`, 'gi'), '$1')
  return isCaption ? named.replace(/^\/[A-Za-z]\w*(?:@\w+)?(?=\s|$)\s*/, '') : named
}

/** Nothing of the newest answer is repeated, unless a part of it was chosen. */
function quotation({ by, text, isPart }: Quotation, newestAnswer: string): string | undefined {
  if (text.trim() === '') return undefined
  const isBots = 'bot' in by
  if (isBots && !isPart && lettersOf(newestAnswer).includes(lettersOf(text))) return undefined
  const whose = isBots
    ? ' your earlier message'
    : by.name === ''
      ? ' a message'
      : ` a message${from(by.name)}`
  const cut = text.length > QUOTED_MAX_CHARS ? `${text.slice(0, QUOTED_MAX_CHARS)}…` : text
  return mark(`${isPart ? 'quoting' : 'replying to'}${whose}: "${cut.trim()}"`)
}

/** Telegram shows an answer without its Markdown. */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '')
}

function from(name: string): string {
  return name.trim() === '' ? '' : ` from ${inMark(name)}`
}
