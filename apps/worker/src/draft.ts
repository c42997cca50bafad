/** Shows a reply while the model writes it as a draft of Telegram's own: for private chats, gone by itself. */
import { createHash, randomBytes } from 'node:crypto'
import type { LaneName } from '@chatlane/lanes'
import { addressParameters, createLiveRendering, cutPages, placeAddress } from '@chatlane/telegram'
import { paceText } from './paced-text.ts'
import { continuationOf, type Preview } from './preview.ts'
import type { SignParts } from './typing.ts'

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
export function showDraft(
  parts: SignParts,
  options: { lane: LaneName; stream: string; after: string | undefined },
): Preview {
  const { lane, stream } = options
  const goesOn = continuationOf(options.after)
  let seen = options.after
  const rendering = createLiveRendering()
  const show = async (markdown: string, ended: AbortSignal): Promise<number | 'enough'> => {
    const fits = goesOn(markdown)
    if (fits !== 'yes') return fits === 'never' ? 'enough' : INTERVAL_MS
    // Of a long answer the page that is being written.
    const page = cutPages(rendering.show(markdown)).at(-1)
    const budget = parts.budgets.get(lane.botId)
    if (!page || !budget) return INTERVAL_MS
    const mayLeave = await budget.action(lane.homeId, randomBytes(6).toString('base64url'), MAY_TAKE_MS)
    if (!mayLeave) return INTERVAL_MS
    const address = await parts.homes.addressOf(lane.botId, lane.homeId)
    if (ended.aborted) return 'enough'
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
    if (outcome.kind === 'ok') seen = markdown
    if (outcome.kind === 'flood') {
      await budget.freeze(lane.homeId, outcome.retryAfterMs)
      return outcome.retryAfterMs
    }
    return outcome.kind === 'refused' ? 'enough' : INTERVAL_MS
  }
  // A draft that arrived after the reply would stand below it for half a minute: `end` waits for the one under way.
  const text = paceText({
    firstAfterMs: FIRST_AFTER_MS,
    refreshMs: REFRESH_MS,
    show,
    onError: (error) => parts.log.warn({ err: error }, 'a draft could not be shown'),
  })
  return { ...text, seen: () => seen }
}
