/** Shows a reply while the model writes it as a draft of Telegram's own: for private chats, gone by itself. */
import { createHash, randomBytes } from 'node:crypto'
import type { Budget, Homes, LaneName } from '@chatlane/lanes'
import { type Log, sleep } from '@chatlane/runtime'
import {
  addressParameters,
  type BotApi,
  createLiveRendering,
  cutPages,
  placeAddress,
} from '@chatlane/telegram'
import type { Preview } from './preview.ts'

/** What drafts need. */
export interface DraftParts {
  api: BotApi
  homes: Homes
  budgets: ReadonlyMap<string, Budget>
  token(botId: string): string
  log: Log
}

/** 40 calls in 30 s are allowed to a chat, its chat actions included (https://core.telegram.org/api/bots/ai). */
const INTERVAL_MS = 1100
const FIRST_AFTER_MS = 1000
/** Telegram shows a draft for about 30 s after its last call. */
const REFRESH_MS = 20_000
const MAY_TAKE_MS = 4000

/** The id of the draft of a stream: not 0, and the same for whoever begins the turn anew. */
export function draftIdOf(stream: string): number {
  return createHash('sha256').update(stream).digest().readUInt32BE() % 0x7fff_ffff || 1
}

/**
 * Begins to show what `update` is told. A draft that Telegram refuses is not tried again: the reply itself comes
 * anyway.
 */
export function showDraft(parts: DraftParts, options: { lane: LaneName; stream: string }): Preview {
  const { lane, stream } = options
  const ended = new AbortController()
  const rendering = createLiveRendering()
  let newest = ''
  let shown = ''
  let wake: (() => void) | undefined
  const news = () =>
    new Promise<void>((resolve) => {
      if (newest !== shown || ended.signal.aborted) return resolve()
      const refresh = setTimeout(resolve, REFRESH_MS)
      wake = () => {
        clearTimeout(refresh)
        resolve()
      }
    })
  const show = async (): Promise<'go on' | 'enough'> => {
    shown = newest
    // Of a long answer the page that is being written.
    const page = cutPages(rendering.show(shown)).at(-1)
    const budget = parts.budgets.get(lane.botId)
    if (!page || !budget) return 'go on'
    if (!(await budget.action(lane.homeId, randomBytes(6).toString('base64url'), MAY_TAKE_MS))) return 'go on'
    const address = await parts.homes.addressOf(lane.botId, lane.homeId)
    if (ended.signal.aborted) return 'enough'
    const payload = {
      chat_id: Number(address),
      ...addressParameters(placeAddress(lane.place)),
      draft_id: draftIdOf(stream),
      text: page.text,
      entities: page.entities,
      can_stop: true,
      keep_on_stop: true,
    }
    const outcome = await parts.api.call(parts.token(lane.botId), 'sendMessageDraft', payload, {
      timeoutMs: MAY_TAKE_MS,
    })
    if (outcome.kind === 'flood') await sleep(outcome.retryAfterMs, ended.signal)
    return outcome.kind === 'refused' ? 'enough' : 'go on'
  }
  const run = async () => {
    await sleep(FIRST_AFTER_MS, ended.signal)
    while (!ended.signal.aborted) {
      await news()
      if (ended.signal.aborted || (await show()) === 'enough') return
      await sleep(INTERVAL_MS, ended.signal)
    }
  }
  const running = run().catch((error) => parts.log.warn({ err: error }, 'a draft could not be shown'))
  return {
    update(markdownSoFar) {
      newest = markdownSoFar
      wake?.()
    },
    // A draft that arrived after the reply would stand below it for half a minute: the one under way is waited for.
    async end() {
      ended.abort()
      wake?.()
      await running
    },
    published: () => undefined,
  }
}
