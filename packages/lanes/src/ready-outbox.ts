/** Readies a chat whose outbox has something, and wakes its bot's pump where none is at work. */
import type { Budget } from './budget.ts'
import type { ChatName } from './outbox.ts'
import type { Wakes } from './queues.ts'

/** Readies chats of the bots in `budgets`; `headClass` is the class of the chat's next delivery, '' for none. */
export function createReadyOutbox(options: {
  budgets: ReadonlyMap<string, Budget>
  wakes: Wakes
}): (chat: ChatName, headClass: string) => Promise<void> {
  return async ({ botId, homeId }, headClass) => {
    if (headClass === '') return
    const isPumped = await options.budgets.get(botId)?.ready(homeId, headClass)
    if (!isPumped) await options.wakes.wakePump(botId)
  }
}
