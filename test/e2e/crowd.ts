/** Many chats that talk at once, and the check that each was answered rightly: once, in order, with its context. */
import { createTextBook } from '@chatlane/dialogue'
import { promptHash } from '@chatlane/simulators'
import type { Stack } from './stack.ts'

/** Who talks, and how much. */
export interface Crowd {
  chats: number
  messages: number
  /** Ms between two messages of a chat, drawn anew each time. */
  pauseMs: readonly [number, number]
  /** The id of its first user; the others follow. Default 1001. */
  firstUser?: number
  /** Each talks with one of these bots. Default: all with the simulator's first one. */
  bots?: readonly number[]
}

/** What was found in the end, by what reached the simulator. */
export interface Findings {
  /** Messages that no reply answers. */
  lost: string[]
  /** Messages of which it was told why the model does not answer them. */
  told: string[]
  /** Replies beyond one to the same prompt, in the same chat. */
  repeated: number
  /** Messages of the bot that are no whole reply: beginnings whose sender died before it knew that they were posted. */
  begun: number
  /** Chats whose replies are not in the order of their messages, or were made from another context. */
  wrong: string[]
  /** From a message to its whole reply, at most. */
  slowestMs: number
}

/** The prompt under which the crowd's model works. */
export const CROWD_PROMPT = 'Be brief.'
const FIRST_USER = 1001
const TELLINGS = Object.values(createTextBook().in('en').faults)

/** Who says something, and to which bot. */
interface Talker {
  user: number
  bot: number | undefined
}

function talkersOf({ chats, firstUser = FIRST_USER, bots = [] }: Crowd): Talker[] {
  return Array.from({ length: chats }, (_, i) => ({ user: firstUser + i, bot: bots[i % bots.length] }))
}

/** Makes the users of a crowd. */
export function gatherCrowd(stack: Stack, crowd: Crowd): void {
  for (const { user } of talkersOf(crowd)) stack.telegram.phone.createUser({ id: user })
}

/** Lets everyone say their messages, from the one with the number `first` on; resolves when the last is said. */
export async function letCrowdTalk(stack: Stack, crowd: Crowd, first = 1): Promise<void> {
  const [least, most] = crowd.pauseMs
  const talk = async ({ user, bot }: Talker) => {
    for (let n = first; n <= crowd.messages; n++) {
      stack.telegram.phone.sendText({ from: user, bot, text: textOf(user, n) })
      const pauseMs = least + Math.random() * (most - least)
      // People type at their own pace: this is the load, not a wait for a result.
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  await Promise.all(talkersOf(crowd).map(talk))
}

/** Resolves when every message of the crowd has been answered, merged or alone; the last ones must not only be told why not. */
export async function everyoneAnswered(stack: Stack, crowd: Crowd, withinMs: number): Promise<void> {
  const open = new Set(talkersOf(crowd))
  await stack.telegram.waitUntil(() => {
    for (const talker of open) {
      if (answeredMessages(stack, talker) < crowd.messages) return false
      open.delete(talker)
    }
    return true
  }, withinMs)
}

/** How many of a user's messages the replies seen so far answer. */
function answeredMessages(stack: Stack, talker: Talker): number {
  let answered = 0
  for (const turn of turnsOf(stack, talker))
    answered = Math.max(answered, turn.kind === 'answer' ? turn.last : 0)
  return answered
}

/** The reply to a turn, or what tells why there is none. */
type SeenTurn = Answer | { kind: 'told' }

interface Answer {
  kind: 'answer'
  /** The messages answered: from first to last. */
  first: number
  last: number
  text: string
  /** When it was posted or last edited, Unix ms. */
  atMs: number
}

/**
 * Reads a chat as its user sees it: each reply names the hash of the prompt it was made from, and the prompt that the
 * simulator kept under this hash says which messages it answers.
 */
function turnsOf(stack: Stack, talker: Talker): SeenTurn[] {
  return repliesTo(stack, talker).flatMap(({ message, shown, postedAtMs }): SeenTurn[] => {
    const text = message.text ?? ''
    if (TELLINGS.some((telling) => text.includes(telling))) return [{ kind: 'told' }]
    const asked = /([0-9a-f]{64})/.exec(text)?.[1]
    const numbers = questions(stack, asked)
    const [first, last] = [numbers[0], numbers.at(-1)]
    const atMs = shown.at(-1)?.atMs ?? postedAtMs
    return first === undefined || last === undefined ? [] : [{ kind: 'answer', first, last, text, atMs }]
  })
}

function repliesTo(stack: Stack, { user, bot }: Talker) {
  return stack.telegram.messages(user, bot).filter(({ by }) => by === 'bot')
}

/** Of each simulator, which questions a prompt asked, by its hash: it keeps its requests for a while alone. */
const questionsByHash = new WeakMap<Stack, Map<string, number[]>>()
/** Prompts whose hash is known: making one of a long talk takes a while. */
const read = new WeakSet<object>()

function questions(stack: Stack, hash: string | undefined): number[] {
  if (hash === undefined) return []
  const known = questionsByHash.get(stack) ?? new Map<string, number[]>()
  questionsByHash.set(stack, known)
  const unread = known.has(hash) ? [] : stack.model.requests().filter(({ messages }) => !read.has(messages))
  for (const { messages } of unread) {
    read.add(messages)
    const lines = String(messages.at(-1)?.content).split('\n')
    known.set(
      promptHash(messages),
      lines.map((line) => Number(/message (\d+)$/.exec(line)?.[1])),
    )
  }
  return known.get(hash) ?? []
}

/** What a user says as their `n`th message. */
export function textOf(user: number, n: number): string {
  return `user ${user}, message ${n}`
}

/** Judges the whole crowd by what reached the simulator. */
export function judgeCrowd(stack: Stack, crowd: Crowd): Findings {
  const findings: Findings = { lost: [], told: [], repeated: 0, begun: 0, wrong: [], slowestMs: 0 }
  for (const talker of talkersOf(crowd)) judgeChat(stack, crowd, talker, findings)
  return findings
}

function judgeChat(stack: Stack, crowd: Crowd, talker: Talker, findings: Findings): void {
  const { user, bot } = talker
  type Said = { role: 'system' | 'user' | 'assistant'; content: string }
  const conversation: Said[] = [{ role: 'system', content: CROWD_PROMPT }]
  const seen = new Set<string>()
  let next = 1
  // Tellings since the last answer: each stands for the message that the next answer leaves out.
  let told = 0
  const passTold = (until: number) => {
    for (; told > 0 && next < until; told--, next++) {
      conversation.push({ role: 'user', content: textOf(user, next) })
      findings.told.push(textOf(user, next))
    }
    findings.repeated += told
    told = 0
  }
  const turns = turnsOf(stack, talker)
  const saidAtMs = stack.telegram
    .messages(user, bot)
    .filter(({ by }) => by === 'user')
    .map(({ postedAtMs }) => postedAtMs)
  findings.begun += repliesTo(stack, talker).length - turns.length
  for (const turn of turns) {
    if (turn.kind === 'told') {
      told++
      continue
    }
    if (seen.has(turn.text)) {
      findings.repeated++
      continue
    }
    seen.add(turn.text)
    passTold(turn.first)
    if (turn.first !== next) findings.wrong.push(`${user}: expected message ${next}, saw ${turn.first}`)
    const lines: string[] = []
    for (let n = turn.first; n <= turn.last; n++) lines.push(textOf(user, n))
    conversation.push({ role: 'user', content: lines.join('\n') })
    if (!turn.text.includes(promptHash(conversation)))
      findings.wrong.push(`${user}: message ${turn.last} had another context`)
    conversation.push({ role: 'assistant', content: turn.text })
    next = turn.last + 1
    findings.slowestMs = Math.max(findings.slowestMs, turn.atMs - (saidAtMs[turn.last - 1] ?? turn.atMs))
  }
  passTold(crowd.messages + 1)
  for (; next <= crowd.messages; next++) findings.lost.push(`${user}: message ${next}`)
}
