/** How people vote. */
import { SimulatorError } from '../bot-api-error.ts'
import { countVotes, type Poll, showPoll } from '../poll-state.ts'
import type { World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A vote. */
export interface Vote extends Where {
  messageId: number
  /** Places of the options, from 0; none takes the vote back. */
  optionIds: readonly number[]
}

/**
 * Votes in a poll. The bot that sent it gets a poll_answer, unless the poll is anonymous, and a poll update with the
 * new counts; nothing where the vote stays the same. Returns the poll.
 */
export function vote(world: World, { messageId, optionIds, ...where }: Vote): Poll {
  const { place, user } = placeOf(world, where)
  const entry = place.room.find(messageId)
  const state = world.polls.get((entry?.message.poll as Poll | undefined)?.id ?? '')
  if (entry === undefined || state === undefined) throw new SimulatorError(`message ${messageId} is no poll`)
  const ids = [...new Set(optionIds)].sort((one, other) => one - other)
  const before = state.votes.get(user.id) ?? []
  const problem = problemOf(state.poll, ids, before)
  if (problem !== undefined) throw new SimulatorError(problem)
  if (ids.join() === before.join()) return state.poll
  if (ids.length === 0) state.votes.delete(user.id)
  else state.votes.set(user.id, ids)
  const poll = countVotes(state)
  showPoll(state, poll)
  const bot = world.bot(state.botId)
  world.events.emit({
    type: 'edit',
    by: 'user',
    botId: bot.id,
    chatId: place.chat.id,
    messageThreadId: entry.message.message_thread_id,
    message: entry.message,
  })
  if (!poll.is_anonymous) {
    const option_persistent_ids = ids.map((id) => poll.options[id]?.persistent_id)
    bot.updates.add({ poll_answer: { poll_id: poll.id, user, option_ids: ids, option_persistent_ids } })
  }
  bot.updates.add({ poll })
  return poll
}

/** What a client would not let through. */
function problemOf(poll: Poll, ids: readonly number[], before: readonly number[]): string | undefined {
  if (poll.is_closed) return 'the poll is closed'
  if (ids.length > 1 && !poll.allows_multiple_answers) return 'the poll takes one answer'
  if (ids.some((id) => poll.options[id] === undefined)) return 'the poll has no such option'
  if (!poll.allows_revoting && (ids.length === 0 || before.length > 0)) return 'the vote can not be changed'
  return undefined
}
