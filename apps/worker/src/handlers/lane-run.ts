/** `ctx.lane`: what Chatlane adds to the context of an author's handler. */
import type { TurnPort } from '@chatlane/dialogue'
import type { Delivery, Turn } from '@chatlane/lanes'
import { addressParameters, callChat, itemsOf, placeAddress } from '@chatlane/telegram'
import type { LaneRun } from 'chatlane'
import type { Effects } from './effects.ts'

/** What a handler committed beside its replies. */
export interface CommittedCalls {
  lane: LaneRun
  deliveries(): Delivery[]
}

/** The `ctx.lane` of one run. */
export function createLaneRun(options: {
  turn: Turn
  port: TurnPort
  effects: Effects
  isRerun: boolean
  /** Today's id of the update's chat, where its outbox is the lane's; else nothing can be committed to it. */
  chatId: string | undefined
}): CommittedCalls {
  const { turn, port, effects, isRerun, chatId } = options
  const committed: Delivery[] = []
  const lane: LaneRun = {
    rerun: isRerun,
    once: effects.once,
    commit(method, payload) {
      const address = addressParameters(placeAddress(turn.lane.place))
      const call = { chat_id: Number(chatId), ...address, ...payload }
      const chat = callChat(call)
      if (chatId === undefined || (chat !== chatId && chat !== turn.lane.homeId)) {
        throw new TypeError('ctx.lane.commit takes calls to the chat of its lane; ctx.telegram makes any')
      }
      committed.push({
        id: `${turn.turnId}.k${committed.length}`,
        class: 1,
        items: itemsOf({ method, payload: call }),
        place: turn.lane.place,
        payload: JSON.stringify({ method, payload: call, isAuthors: true }),
      })
    },
    get messages() {
      return port.memory.context.messages
    },
    remember(...messages) {
      const { context } = port.memory
      port.memory = { ...port.memory, context: { ...context, messages: [...context.messages, ...messages] } }
    },
    async ask(messages) {
      const answer = await port.ask(messages)
      if (answer.kind !== 'declined') return answer
      const { decline } = answer
      const cooling = decline.why === 'cooling' && { retryAfterMs: decline.waitMs }
      return { kind: 'failed', code: `budget_${decline.why}`, retryable: false, ...cooling, partial: '' }
    },
    reply: (markdown) => port.reply(markdown),
  }
  return { lane, deliveries: () => committed }
}
