/** What of a conversation goes into the next prompt, what stays remembered, and when its oldest part is summed up. */
import type { Conversation, PromptMessage, Said, SummaryWish } from './ports.ts'
import type { Room } from './room.ts'
import { summaryBound, summaryMessage } from './summary.ts'
import { estimateTokens } from './tokens.ts'
import { firstWithin, fitMessages, messageCosts, promptOf } from './window.ts'

/** Messages that no summary stands for are kept up to so many, and up to so many times the room of a prompt. */
const MOST_MESSAGES = 500
const MOST_ROOMS = 2
/** Above so much of its room, or so many messages, the oldest part of a conversation is summed up … */
const FULL_SHARE = 0.8
const FULL_MESSAGES = 400
/** … until this much is left: so it is not done with every turn, and prompts begin alike for many turns. */
const LEFT_SHARE = 0.5
const LEFT_MESSAGES = 250

/** A prompt, and the messages of the conversation in it. */
export interface FittedTalk {
  prompt: PromptMessage[]
  /** Its newest message may have been cut. */
  sent: readonly Said[]
}

/** The prompt for `messages`, those of `talk` and maybe a new question, as far as they have room. */
export function fitTalk(
  talk: Conversation,
  { messages, room }: { messages: readonly Said[]; room: Room },
): FittedTalk {
  const earlier = talk.summary && summaryMessage(talk.summary.text)
  const { systemTokens, promptTokens, weights, systemPrompt } = room
  const reservedTokens = systemTokens + (earlier ? estimateTokens(earlier.content, weights) : 0)
  const sent = fitMessages({ messages, maxTokens: promptTokens, reservedTokens, weights })
  return { prompt: promptOf(systemPrompt, sent, earlier), sent }
}

/**
 * The conversation once `messages` are what was said in it, and what of it is to be summed up now. Without summaries what
 * a prompt has no room for is forgotten; with them it stays for a while, so that nothing gets lost before it is in one.
 */
export function keepTalk(
  talk: Conversation,
  options: { messages: readonly Said[]; room: Room; isSummedUp: boolean },
): { talk: Conversation; wish?: SummaryWish } {
  const { messages, room, isSummedUp } = options
  const bound = summaryBound(room.promptTokens)
  if (!isSummedUp || bound === 0) {
    const { sent } = fitTalk(talk, { messages, room })
    return { talk: after(talk, messages, sent) }
  }
  const costs = messageCosts(messages, room.weights)
  const from = Math.max(messages.length - MOST_MESSAGES, firstWithin(costs, MOST_ROOMS * room.promptTokens))
  // The newest is as long as a prompt at most.
  const kept = messages.slice(Math.min(from, messages.length - 1))
  const next = after(talk, messages, kept)
  const upTo = summaryEnd(kept, {
    costs: costs.slice(costs.length - kept.length),
    roomTokens: room.promptTokens - room.systemTokens - bound,
  })
  if (upTo === 0) return { talk: next }
  const { generation, first = 0 } = next
  return { talk: next, wish: { generation, upTo: first + upTo, promptTokens: room.promptTokens } }
}

/** `kept` are the last of `messages`, of which the newest may have been cut. */
function after(talk: Conversation, messages: readonly Said[], kept: readonly Said[]): Conversation {
  const first = (talk.first ?? 0) + messages.length - kept.length
  return { ...talk, ...(first > 0 && { first }), messages: kept }
}

/** How many of the oldest messages are to be summed up; 0 while there is room. What is left begins with a question. */
function summaryEnd(
  messages: readonly Said[],
  { costs, roomTokens }: { costs: readonly number[]; roomTokens: number },
): number {
  const isFull = messages.length > FULL_MESSAGES || firstWithin(costs, FULL_SHARE * roomTokens) > 0
  if (!isFull) return 0
  const end = Math.max(messages.length - LEFT_MESSAGES, firstWithin(costs, LEFT_SHARE * roomTokens))
  // The newest question may still be edited or asked again.
  const newest = messages.findLastIndex(({ role }) => role === 'user')
  const next = messages.findIndex(({ role }, nth) => role === 'user' && nth >= end)
  return Math.max(0, next === -1 ? newest : Math.min(next, newest))
}
