/** Makes polls of bots known. */
import { countVotes, type Poll, type PollState } from '../poll-state.ts'
import type { Call } from './method.ts'

/** A new poll of the bot, open or as it is given, without votes. It is shown where a message holds it. */
export function createPoll({ bot, world }: Pick<Call, 'bot' | 'world'>, given: Omit<Poll, 'id'>): Poll {
  const id = `5${String(world.nextSerial()).padStart(18, '0')}`
  const poll = { ...given, id } as Poll
  const state: PollState = { poll, botId: bot.id, votes: new Map(), shownIn: [] }
  state.poll = countVotes(state)
  world.polls.set(id, state)
  return state.poll
}
