/** What people saw in the simulator's chats as a text that two runs can be compared by: without ids and dates. */
import type { Chat, Message, SimulatorEvent, TelegramSimulator } from '@chatlane/simulators'
import { looksOf } from './message-line.ts'
import { queryLine, readQuery } from './query-line.ts'

/** One moment of a chat in which the bot showed something. */
export interface Moment {
  kind: 'posted' | 'edited' | 'deleted'
  /** The message as the transcript shows it, its buttons too. */
  text: string
}

/** A transcript in the making. */
export interface TranscriptRecorder {
  /** What the bot has shown in the chat so far, and what services and people have; oldest first. */
  moments(chat: number): readonly Moment[]
  /** The answers to a query in the order of their arrival; a client shows the first. */
  answers(queryId: string): readonly Record<string, unknown>[]
  /** All chats, by the names of the chats; within a chat in the order of posting, tapping and asking. */
  text(): string
}

interface Line {
  /** As it stands now; empty: nobody has seen anything of it. */
  line(): string
}

interface PostedLine extends Line {
  message: Message
  looks: string[]
  deletedBy: string | undefined
  reaction: string
}

interface ChatLog {
  name: string
  lines: Line[]
  posts: Map<number, PostedLine>
  moments: Moment[]
}

/** Records from now on. A run's first step comes after it. */
export function recordTranscript(telegram: TelegramSimulator): TranscriptRecorder {
  const chats = new Map<number, ChatLog>()
  const answers = new Map<string, Record<string, unknown>[]>()
  const logOf = (chat: number, name: string): ChatLog => {
    const log = chats.get(chat) ?? { name, lines: [], posts: new Map(), moments: [] }
    chats.set(chat, log)
    return log
  }
  const parts = { logOf, answers, find: (chat: number) => chats.get(chat) }
  telegram.on('*', (event) => record(parts, event))
  return {
    moments: (chat) => chats.get(chat)?.moments ?? [],
    answers: (queryId) => answers.get(queryId) ?? [],
    text: () =>
      [...chats.values()]
        .sort((one, other) => (one.name < other.name ? -1 : 1))
        .map(({ name, lines }) =>
          [`== ${name}`, ...lines.map((each) => each.line()).filter(Boolean)].join('\n'),
        )
        .join('\n\n'),
  }
}

interface Parts {
  logOf(chat: number, name: string): ChatLog
  find(chat: number): ChatLog | undefined
  answers: Map<string, Record<string, unknown>[]>
}

function record(parts: Parts, event: SimulatorEvent): void {
  switch (event.type) {
    case 'message':
      post(parts.logOf(event.chatId, nameOf(event.message.chat)), event.message)
      break
    case 'edit':
      edit(parts.find(event.chatId), event.message)
      break
    case 'delete':
      remove(parts.find(event.chatId), event)
      break
    case 'reaction':
      react(parts.find(event.chatId), event)
      break
    case 'answer':
      parts.answers.set(event.queryId, [...(parts.answers.get(event.queryId) ?? []), event.params])
      break
    case 'update':
      ask(parts, event.update)
  }
}

function post(log: ChatLog, message: Message): void {
  const posted: PostedLine = {
    message,
    looks: [looksOf(message)],
    deletedBy: undefined,
    reaction: '',
    line: () => {
      const edits = posted.looks.length - 1
      return [
        looksOf(posted.message),
        posted.reaction && `{${posted.reaction}}`,
        edits > 0 && `(edited ${edits}×)`,
        posted.deletedBy && `(deleted by the ${posted.deletedBy})`,
      ]
        .filter(Boolean)
        .join(' ')
    },
  }
  log.posts.set(message.message_id, posted)
  log.lines.push(posted)
  log.moments.push({ kind: 'posted', text: looksOf(message) })
}

function edit(log: ChatLog | undefined, message: Message): void {
  const posted = log?.posts.get(message.message_id)
  if (!log || !posted) return
  posted.message = message
  const looks = looksOf(message)
  if (posted.looks.at(-1) === looks) return
  posted.looks.push(looks)
  log.moments.push({ kind: 'edited', text: looks })
}

function remove(log: ChatLog | undefined, { messageIds, by }: { messageIds: number[]; by: string }): void {
  for (const id of messageIds) {
    const posted = log?.posts.get(id)
    if (!log || !posted) continue
    posted.deletedBy = by
    log.moments.push({ kind: 'deleted', text: looksOf(posted.message) })
  }
}

function react(
  log: ChatLog | undefined,
  { messageId, reaction }: { messageId: number; reaction: unknown[] },
): void {
  const posted = log?.posts.get(messageId)
  if (!posted) return
  posted.reaction = reaction.map((each) => String((each as { emoji?: unknown }).emoji)).join('')
}

/** What is asked of the bot stands where it was asked; the answer is added when it is there. */
function ask({ logOf, answers }: Parts, update: Record<string, unknown>): void {
  const asked = readQuery(update)
  if (asked === undefined) return
  const { chat, id } = asked
  logOf(chat.id, nameOf(chat)).lines.push({ line: () => queryLine(asked, answers.get(id)?.[0]) })
}

function nameOf(chat: Chat): string {
  return chat.title ?? chat.first_name ?? ''
}

/**
 * A transcript without what taps were answered. After a kill it may be nothing: the platform answers a tap that waits
 * for 8 s, and Telegram's clients show the first answer only.
 */
export function withoutNotices(transcript: string): string {
  return transcript.replace(/^(.* taps \[.*\] →) .*$/gm, '$1 answered')
}
