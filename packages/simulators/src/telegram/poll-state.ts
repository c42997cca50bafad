/** Polls: who has voted for what, wherever they are shown. */
import type { PostedMessage } from './room.ts'

/** A poll as it stands in messages (core.telegram.org/bots/api#poll). */
export interface Poll {
  id: string
  question: string
  options: { persistent_id: string; text: string; voter_count: number }[]
  total_voter_count: number
  is_closed: boolean
  is_anonymous: boolean
  type: 'regular' | 'quiz'
  allows_multiple_answers: boolean
  allows_revoting: boolean
  [field: string]: unknown
}

/** A poll with its votes. */
export interface PollState {
  /** As it is now; replaced with each change. */
  poll: Poll
  /** The bot that sent it. */
  botId: number
  /** Chosen options by user id. */
  votes: Map<number, number[]>
  /** The messages that show it: forwards show the same poll. */
  shownIn: PostedMessage[]
}

/** The poll with its votes counted. */
export function countVotes({ poll, votes }: PollState): Poll {
  const chosen = [...votes.values()]
  return {
    ...poll,
    total_voter_count: chosen.length,
    options: poll.options.map((option, at) => ({
      ...option,
      voter_count: chosen.filter((ids) => ids.includes(at)).length,
    })),
  }
}

/** Replaces the poll in all messages that show it. */
export function showPoll(state: PollState, poll: Poll): void {
  state.poll = poll
  for (const entry of state.shownIn) entry.message = { ...entry.message, poll }
}
