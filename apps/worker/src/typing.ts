/** Shows "typing…" in a chat while its turn is in progress, within the chat's own budget of actions. */
import { randomBytes } from 'node:crypto'
import type { Budget, Homes, LaneName } from '@chatlane/lanes'
import { type Log, sleep } from '@chatlane/runtime'
import { addressParameters, type BotApi, placeAddress } from '@chatlane/telegram'

/** What signs of life need: chat actions and drafts share a chat's budget. */
export interface SignParts {
  api: BotApi
  homes: Homes
  budgets: ReadonlyMap<string, Budget>
  token(botId: string): string
  log: Log
}

/** Telegram shows an action for 5 seconds (https://core.telegram.org/bots/api#sendchataction). */
const REFRESH_MS = 4500
const MAY_TAKE_MS = 4000

/** Begins to show typing in the lane's place; the returned function ends it. A refused action is left out, not retried. */
export function showTyping(parts: SignParts, lane: LaneName): () => void {
  const ended = new AbortController()
  const show = async () => {
    while (!ended.signal.aborted) {
      await typeOnce(parts, lane, ended.signal)
      await sleep(REFRESH_MS, ended.signal)
    }
  }
  show().catch((error) => parts.log.debug({ err: error }, 'typing could not be shown'))
  return () => ended.abort()
}

async function typeOnce(parts: SignParts, lane: LaneName, ended: AbortSignal): Promise<void> {
  const budget = parts.budgets.get(lane.botId)
  if (!budget || !(await budget.action(lane.homeId, randomBytes(6).toString('base64url'), MAY_TAKE_MS)))
    return
  const address = await parts.homes.addressOf(lane.botId, lane.homeId)
  if (ended.aborted) return
  const payload = {
    chat_id: Number(address),
    action: 'typing',
    ...addressParameters(placeAddress(lane.place)),
  }
  const outcome = await parts.api.call(parts.token(lane.botId), 'sendChatAction', payload, {
    timeoutMs: MAY_TAKE_MS,
  })
  if (outcome.kind !== 'flood') return
  await budget.freeze(lane.homeId, outcome.retryAfterMs)
  await sleep(outcome.retryAfterMs, ended)
}
