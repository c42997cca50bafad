/** Shows what a turn writes: previews as far as the budgets allow, then the finished reply in the same messages. */
import type { Outgoing, SendOutcome } from '@chatlane/lanes'
import { seriesOf } from '@chatlane/runtime'
import {
  afterStep,
  type CallOutcome,
  type Delivery,
  type EditText,
  finalStep,
  leftOver,
  type PageNumber,
  type PageStep,
  previewStep,
  readShown,
  type SendText,
  type ShownStream,
  type StreamState,
  withoutMessage,
  writeShown,
} from '@chatlane/telegram'

/** Makes one call of a delivery; `effect` is what becomes of the delivery in general. */
export interface Made {
  outcome: CallOutcome<unknown>
  effect(): Promise<SendOutcome>
}

/** Makes the call `delivery` to the outgoing's chat, on behalf of what stands in the outbox. */
export type MakeCall = (delivery: Delivery, standing: Delivery | StreamPage) => Promise<Made>

/** A finished page that goes to its stream's message. */
export type StreamPage = SendText & { page: PageNumber }

/** Shows one more page of the newest state, or nothing where the stream shows no previews any more. */
export async function showPreview(outgoing: Outgoing, make: MakeCall): Promise<SendOutcome> {
  const { view, botId } = outgoing
  if (view.isOff || !view.state) return { kind: 'settled', unused: true }
  const state = JSON.parse(view.state.payload) as StreamState
  const shown = readShown(view.record)
  const next = previewStep(state, shown)
  if (!next) return { kind: 'settled', unused: true }
  const { step, isLast } = next
  const { pages: _, keyboard: __, markdown: ___, replyToMessageId, ...address } = state
  const call = callOf(step, { ...address, ...(step.index === 0 && { replyToMessageId }) })
  const made = await make(call, call)
  const countAs = seriesOf('chatlane_previews_total', { bot: botId, outcome: made.outcome.kind })
  const done = resultOf(step, made.outcome)
  if (done !== undefined) {
    const record = writeShown(afterStep(shown, step, done))
    return { kind: 'settled', isPartial: !isLast, record, countAs }
  }
  if (made.outcome.kind !== 'refused' || made.outcome.migrateToChatId !== undefined) return made.effect()
  // Whatever Telegram has against a preview, the reply itself will find out about.
  const left = made.outcome.reason === 'message-gone' ? withoutMessage(shown, step.index) : shown
  return { kind: 'settled', record: writeShown(left), off: true, countAs }
}

/** Sends a page of a finished reply: as an edit where its stream shows a message for it, else as a new message. */
export async function showPage(
  outgoing: Outgoing,
  delivery: StreamPage,
  make: MakeCall,
): Promise<SendOutcome> {
  const shown = readShown(outgoing.view.record)
  const { page, method: _, ...send } = delivery
  const step = page.of === 0 ? undefined : finalStep(delivery, page.index, shown)
  if (!step) return closed(delivery, { shown, settled: { kind: 'settled', unused: true } })
  const made = await make(callOf(step, send), delivery)
  const done = resultOf(step, made.outcome)
  if (done !== undefined) {
    const countAs = seriesOf('chatlane_deliveries_total', { bot: outgoing.botId, outcome: 'sent' })
    return closed(delivery, {
      shown: afterStep(shown, step, done),
      settled: { kind: 'settled', countAs },
    })
  }
  const { outcome } = made
  if (step.messageId !== undefined && outcome.kind === 'refused' && outcome.reason === 'message-gone') {
    const record = writeShown(withoutMessage(shown, step.index))
    return { kind: 'replace', payload: JSON.stringify(delivery), record }
  }
  return made.effect()
}

/**
 * Ends the stream with its last page: what is left of its previews is deleted first. It is remembered which messages are
 * the reply's: whoever edits the question has them edited, and where a message may have been lost, the press of a button
 * below any other takes that one away.
 */
function closed(
  { page, chatId }: StreamPage,
  { shown, settled }: { shown: ShownStream; settled: SendOutcome & { kind: 'settled' } },
): SendOutcome {
  if (page.index < page.of - 1) return { ...settled, record: writeShown(shown) }
  const end =
    page.of === 0
      ? { record: '' }
      : { record: writeShown({ messages: shown.messages.slice(0, page.of), stale: [] }), hasEnded: true }
  const messageIds = leftOver(shown, page.of)
  if (messageIds.length === 0) return { ...settled, ...end }
  const { countAs, unused } = settled
  const payload = JSON.stringify({ method: 'deleteMessages', chatId, messageIds } satisfies Delivery)
  return {
    kind: 'replace',
    payload,
    ...end,
    ...(countAs !== undefined && { countAs }),
    ...(unused && { unused }),
  }
}

/** The id of the message that shows the page now; undefined where the call did not come to that. */
function resultOf(step: PageStep, outcome: CallOutcome<unknown>): number | undefined {
  if (outcome.kind === 'ok') return step.messageId ?? (outcome.result as { message_id: number }).message_id
  const isShown = outcome.kind === 'refused' && outcome.reason === 'not-modified'
  return isShown ? step.messageId : undefined
}

type Address = Omit<SendText, 'method' | 'chatId' | 'text' | 'entities'> & { chatId?: number }

function callOf(step: PageStep, { chatId = 0, replyToMessageId, ...address }: Address): SendText | EditText {
  const { messageId, page, keyboard } = step
  const text = { chatId, ...address, text: page.text, entities: page.entities, ...(keyboard && { keyboard }) }
  if (messageId !== undefined) return { method: 'editMessageText', messageId, ...text }
  return { method: 'sendMessage', ...text, ...(replyToMessageId !== undefined && { replyToMessageId }) }
}
