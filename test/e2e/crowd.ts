/** Many chats that talk at once, and the check that each was answered rightly: once, in order, with its context. */
import { promptHash } from '@chatlane/simulators'
import type { Stack } from './stack.ts'

/** Who talks, and how much. */
export interface Crowd {
  chats: number
  messages: number
  /** Ms between two messages of a chat, drawn anew each time. */
  pauseMs: readonly [number, number]
}

/** What was found in the end, by what reached the simulator. */
export interface Findings {
  /** Messages that no reply answers. */
  lost: string[]
  /** Replies beyond one to the same prompt, in the same chat. */
  repeated: number
  /** Messages of the bot that are no whole reply: beginnings whose sender died before it knew that they were posted. */
  begun: number
  /** Chats whose replies are not in the order of their messages, or were made from another context. */
  wrong: string[]
}

/** The prompt under which the crowd's model works. */
export const CROWD_PROMPT = 'Be brief.'
const FIRST_USER = 1001

/** Makes the users of a crowd. */
export function gatherCrowd(stack: Stack, crowd: Crowd): void {
  for (let i = 0; i < crowd.chats; i++) stack.telegram.phone.createUser({ id: FIRST_USER + i })
}

/** Lets everyone say their messages; resolves when the last is said. */
export async function letCrowdTalk(stack: Stack, crowd: Crowd, stop?: AbortSignal): Promise<void> {
  const [least, most] = crowd.pauseMs
  const talk = async (user: number) => {
    for (let n = 1; n <= crowd.messages && !stop?.aborted; n++) {
      stack.telegram.phone.sendText({ from: user, text: textOf(user, n) })
      const pauseMs = least + Math.random() * (most - least)
      // People type at their own pace: this is the load, not a wait for a result.
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  await Promise.all(Array.from({ length: crowd.chats }, (_, i) => talk(FIRST_USER + i)))
}

/** Resolves when every message of the crowd has been answered, merged or alone. */
export async function everyoneAnswered(stack: Stack, crowd: Crowd, withinMs: number): Promise<void> {
  const open = new Set(Array.from({ length: crowd.chats }, (_, i) => FIRST_USER + i))
  await stack.telegram.waitUntil(() => {
    for (const user of open) {
      if (answeredMessages(stack, user) < crowd.messages) return false
      open.delete(user)
    }
    return true
  }, withinMs)
}

/** How many of a user's messages the replies seen so far answer. */
function answeredMessages(stack: Stack, user: number): number {
  let answered = 0
  for (const turn of turnsOf(stack, user)) answered = Math.max(answered, turn.last)
  return answered
}

interface SeenTurn {
  /** The messages answered: from first to last. */
  first: number
  last: number
  text: string
}

/**
 * Reads a chat as its user sees it: each reply names the hash of the prompt it was made from, and the prompt that the
 * simulator kept under this hash says which messages it answers.
 */
function turnsOf(stack: Stack, user: number): SeenTurn[] {
  const replies = stack.telegram.messages(user).filter(({ by }) => by === 'bot')
  return replies.flatMap(({ message }) => {
    const text = message.text ?? ''
    const asked = /([0-9a-f]{64})/.exec(text)?.[1]
    const numbers = questions(stack, asked)
    const [first, last] = [numbers[0], numbers.at(-1)]
    return first === undefined || last === undefined ? [] : [{ first, last, text }]
  })
}

const questionsByHash = new WeakMap<Stack, Map<string, number[]>>()

function questions(stack: Stack, hash: string | undefined): number[] {
  let known = questionsByHash.get(stack)
  if (!known) {
    known = new Map()
    questionsByHash.set(stack, known)
  }
  if (hash !== undefined && !known.has(hash)) {
    for (const request of stack.model.requests()) {
      const lines = String(request.messages.at(-1)?.content).split('\n')
      known.set(
        promptHash(request.messages),
        lines.map((line) => Number(/message (\d+)$/.exec(line)?.[1])),
      )
    }
  }
  return known.get(hash ?? '') ?? []
}

function textOf(user: number, n: number): string {
  return `user ${user}, message ${n}`
}

/** Judges the whole crowd by what reached the simulator. */
export function judgeCrowd(stack: Stack, crowd: Crowd): Findings {
  const findings: Findings = { lost: [], repeated: 0, begun: 0, wrong: [] }
  for (let i = 0; i < crowd.chats; i++) judgeChat(stack, crowd, FIRST_USER + i, findings)
  return findings
}

function judgeChat(stack: Stack, crowd: Crowd, user: number, findings: Findings): void {
  type Said = { role: 'system' | 'user' | 'assistant'; content: string }
  const conversation: Said[] = [{ role: 'system', content: CROWD_PROMPT }]
  const seen = new Set<string>()
  let next = 1
  const turns = turnsOf(stack, user)
  findings.begun += stack.telegram.messages(user).filter(({ by }) => by === 'bot').length - turns.length
  for (const turn of turns) {
    if (seen.has(turn.text)) {
      findings.repeated++
      continue
    }
    seen.add(turn.text)
    if (turn.first !== next) findings.wrong.push(`${user}: expected message ${next}, saw ${turn.first}`)
    const lines: string[] = []
    for (let n = turn.first; n <= turn.last; n++) lines.push(textOf(user, n))
    conversation.push({ role: 'user', content: lines.join('\n') })
    if (!turn.text.includes(promptHash(conversation)))
      findings.wrong.push(`${user}: message ${turn.last} had another context`)
    conversation.push({ role: 'assistant', content: turn.text })
    next = turn.last + 1
  }
  for (; next <= crowd.messages; next++) findings.lost.push(`${user}: message ${next}`)
}
