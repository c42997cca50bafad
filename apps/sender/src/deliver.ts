/** Makes one call to Telegram and says what became of it: the one place that maps Telegram's answers to effects. */
import type { Audience, Homes, Outgoing, SendOutcome, Uploads } from '@chatlane/lanes'
import { durableStep, type Log, seriesOf, type Tally } from '@chatlane/runtime'
import {
  type AuthorCall,
  type BotApi,
  type CallOutcome,
  type Delivery,
  deliveryCall,
  isRepeatable,
  plainFallback,
} from '@chatlane/telegram'
import { deliverCall } from './deliver-call.ts'
import { backOffMs, CALL_TIMEOUT_MS, MOST_PAUSE_MS, OF_THE_CONTENT, UNREACHABLE } from './delivery-rules.ts'
import { type Made, type MakeCall, type StreamPage, showPage, showPreview } from './show-stream.ts'

/** What delivering needs. */
export interface DeliverParts {
  api: BotApi
  homes: Homes
  audience: Audience
  uploads: Uploads
  tokens: ReadonlyMap<string, string>
  tally: Tally
  log: Log
}

/** The class of previews: they have no payload of their own. */
const PREVIEWS = 2

/** Delivers for the bots whose tokens are known. */
export function createDeliver(parts: DeliverParts): (outgoing: Outgoing) => Promise<SendOutcome> {
  return async (outgoing) => {
    const { botId, homeId } = outgoing
    const address = await parts.homes.addressOf(botId, homeId)
    const make: MakeCall = async (delivery, standing) => {
      const call = deliveryCall(addressed(delivery, Number(address)))
      if (outgoing.broadcast?.isPaid) call.payload.allow_paid_broadcast = true
      const outcome = await durableStep('call-telegram', () =>
        parts.api.call(parts.tokens.get(botId) ?? '', call.method, call.payload, {
          files: call.files,
          timeoutMs: CALL_TIMEOUT_MS,
          onHandOver: () => outgoing.handOver({ repeatable: isRepeatable(call.method) }),
        }),
      )
      return { outcome, effect: () => effectOf(parts, { outgoing, standing, outcome, address }) }
    }
    if (outgoing.delivery.class === PREVIEWS) return showPreview(outgoing, make)
    const delivery = JSON.parse(outgoing.delivery.payload) as Delivery | StreamPage | AuthorCall
    if (outgoing.broadcast && !('isAuthors' in delivery))
      return toRecipient(parts, outgoing, () => make(delivery, delivery))
    parts.tally.observeSeconds(
      'chatlane_delivery_late_seconds',
      { bot: botId },
      Math.max(0, Date.now() - outgoing.delivery.atMs) / 1000,
    )
    if ('isAuthors' in delivery) {
      const token = parts.tokens.get(botId) ?? ''
      return deliverCall(parts, outgoing, { call: delivery, address, token })
    }
    if ('page' in delivery) return showPage(outgoing, delivery, make)
    return (await make(delivery, delivery)).effect()
  }
}

/** Recipients are counted here: no note of an outbox does it. */
async function toRecipient(
  { tally }: DeliverParts,
  { botId }: Outgoing,
  make: () => Promise<Made>,
): Promise<SendOutcome> {
  const { outcome, effect } = await make()
  const labels = { bot: botId }
  if (outcome.kind === 'flood') tally.count('chatlane_telegram_429_total', labels)
  const result = outcome.kind === 'ok' ? 'sent' : outcome.kind === 'refused' ? outcome.reason : outcome.kind
  tally.count('chatlane_deliveries_total', { ...labels, outcome: result })
  return effect()
}

function addressed(delivery: Delivery, chatId: number): Delivery {
  return 'payload' in delivery
    ? { ...delivery, payload: { ...delivery.payload, chat_id: chatId } }
    : { ...delivery, chatId }
}

async function effectOf(
  parts: DeliverParts,
  called: {
    outgoing: Outgoing
    standing: Delivery | StreamPage
    outcome: CallOutcome<unknown>
    address: string
  },
): Promise<SendOutcome> {
  const { outgoing, outcome } = called
  const { botId, homeId, tries } = outgoing
  const count = (result: string) => seriesOf('chatlane_deliveries_total', { bot: botId, outcome: result })
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'settled', countAs: count('sent') }
    case 'flood':
      parts.log.warn(
        { bot: botId, chat: homeId, retryAfterMs: outcome.retryAfterMs },
        'Telegram asks for a pause',
      )
      return {
        kind: 'flood',
        afterMs: outcome.retryAfterMs,
        countAs: seriesOf('chatlane_telegram_429_total', { bot: botId }),
      }
    case 'server-error':
    case 'not-sent':
      parts.log.warn({ bot: botId, chat: homeId, outcome }, 'Telegram could not be reached; trying again')
      return { kind: 'again', afterMs: backOffMs(tries) }
    case 'unknown':
      parts.log.warn(
        { bot: botId, chat: homeId, detail: outcome.detail },
        'the outcome of a call could not be learned',
      )
      return { kind: 'unknown', countAs: count('unknown') }
    case 'refused':
      return refused(parts, called, outcome, count)
  }
}

async function refused(
  parts: DeliverParts,
  called: { outgoing: Outgoing; standing: Delivery | StreamPage; address: string },
  outcome: CallOutcome<unknown> & { kind: 'refused' },
  count: (result: string) => string,
): Promise<SendOutcome> {
  const { botId, homeId, delivery } = called.outgoing
  if (outcome.migrateToChatId !== undefined) {
    await parts.homes.noteMigration(botId, { from: called.address, to: String(outcome.migrateToChatId) })
    return { kind: 'again', afterMs: 0 }
  }
  if (outcome.reason === 'bad-entities') {
    const plain = JSON.stringify(plainFallback(called.standing))
    if (plain !== JSON.stringify(called.standing))
      return { kind: 'replace', payload: plain, countAs: count('replaced') }
  }
  if (outcome.reason === 'unauthorized') {
    parts.log.error({ bot: botId }, "Telegram does not accept the bot's token; its deliveries wait")
    return { kind: 'again', afterMs: MOST_PAUSE_MS }
  }
  // The message shows it already: a button was pressed twice, or the answer to the first edit was lost.
  if (outcome.reason === 'not-modified') return { kind: 'settled', countAs: count('sent') }
  parts.log.warn(
    { bot: botId, chat: homeId, code: outcome.code, reason: outcome.reason },
    'Telegram refused a delivery',
  )
  const why = UNREACHABLE[outcome.reason]
  if (why) await parts.audience.leave(botId, homeId, why)
  const isKept = OF_THE_CONTENT.has(outcome.reason) && delivery.class !== PREVIEWS
  return {
    kind: 'settled',
    refused: why ? 'blocked' : 'failed',
    // Telegram's own words may repeat what was to be sent.
    ...(isKept && { keptFor: `Telegram refused it with ${outcome.code}: ${outcome.reason}` }),
    countAs: count(outcome.reason),
  }
}
