/** Delivers a call that someone made and waits for: as it is, and answered with what Telegram answered. */
import type { Audience, Homes, Outgoing, SendOutcome, Uploads } from '@chatlane/lanes'
import { durableStep, type Log, seriesOf } from '@chatlane/runtime'
import {
  type AuthorCall,
  answerOf,
  type BotApi,
  type CallOutcome,
  isRepeatable,
  type RefusalReason,
} from '@chatlane/telegram'
import { backOffMs, CALL_TIMEOUT_MS, UNREACHABLE } from './delivery-rules.ts'

/** What delivering calls needs. */
export interface DeliverCallParts {
  api: BotApi
  homes: Homes
  audience: Audience
  uploads: Uploads
  log: Log
}

/** A longer pause is told to whoever waits; shorter ones pass. */
const LONGEST_PAUSE_MS = 60_000
/** So often is tried again what Telegram could not take, for about a minute; then whoever waits is told. */
const MOST_TRIES = 6
/** So often is asked for the holder of an upload of no turn, for half a minute: nobody else will ever hold its bytes. */
const HOLDER_ASKED = 12
/** For three minutes: its turn is run again, and what was called after the upload must not leave before it. */
const HOLDER_OF_TURN_ASKED = 72
/** The grant came too late: nothing was tried. */
const KEPT_BACK: SendOutcome = { kind: 'again', afterMs: 0, unused: true }
/** Refusals that a repeated edit or deletion gets where the first one was done. */
const DONE_BEFORE: ReadonlySet<RefusalReason> = new Set(['not-modified', 'message-gone'])
/** Forgets a call, so that it can be put again. */
const FORGOTTEN = '-'

/** Makes the call to the chat's `address` of today. */
export async function deliverCall(
  parts: DeliverCallParts,
  outgoing: Outgoing,
  { call, address, token }: { call: AuthorCall; address: string; token: string },
): Promise<SendOutcome> {
  const repeatable = isRepeatable(call.method)
  if (call.isUpload) {
    if (!outgoing.handOver({ repeatable })) return KEPT_BACK
    return upload(parts, outgoing, {
      address,
      mostAsked: call.isOfTurn ? HOLDER_OF_TURN_ASKED : HOLDER_ASKED,
    })
  }
  const outcome = await durableStep('call-telegram', () =>
    parts.api.call(token, call.method, addressed(call.payload, address), {
      timeoutMs: CALL_TIMEOUT_MS,
      onHandOver: () => outgoing.handOver({ repeatable }),
    }),
  )
  if (outcome.kind === 'not-sent' && outcome.detail === 'kept back') return KEPT_BACK
  return effectOf(parts, { outgoing, outcome, address, isUpload: false })
}

/** Only a numeric chat can have migrated; what names none, or a channel's name, stays as it is. */
function addressed(payload: AuthorCall['payload'], address: string): AuthorCall['payload'] {
  const names = payload.chat_id !== undefined && /^-?\d+$/.test(String(payload.chat_id))
  return names ? { ...payload, chat_id: Number(address) } : payload
}

async function upload(
  parts: DeliverCallParts,
  outgoing: Outgoing,
  { address, mostAsked }: { address: string; mostAsked: number },
): Promise<SendOutcome> {
  const stays = () => void outgoing.handOver({ repeatable: false })
  const end = await parts.uploads.ask(outgoing, outgoing.delivery.id, stays)
  if (end.kind === 'ended') {
    const outcome = JSON.parse(end.outcome) as CallOutcome<unknown>
    return effectOf(parts, { outgoing, outcome, address, isUpload: true })
  }
  if (end.kind === 'broken') return { kind: 'unknown', countAs: count(outgoing, 'unknown') }
  if (outgoing.tries < mostAsked) return { kind: 'again', afterMs: 1000, unused: true }
  const { botId: bot, homeId: chat } = outgoing
  parts.log.error({ bot, chat }, 'a file was lost with the process that held it')
  return { kind: 'settled', unused: true, answer: FORGOTTEN, countAs: count(outgoing, 'file-lost') }
}

async function effectOf(
  parts: DeliverCallParts,
  made: { outgoing: Outgoing; outcome: CallOutcome<unknown>; address: string; isUpload: boolean },
): Promise<SendOutcome> {
  const { outgoing, outcome, address, isUpload } = made
  const { botId, homeId, tries } = outgoing
  const answer = JSON.stringify(answerOf(outcome))
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'settled', answer, countAs: count(outgoing, 'sent') }
    case 'flood': {
      const { retryAfterMs } = outcome
      parts.log.warn({ bot: botId, chat: homeId, retryAfterMs }, 'Telegram asks for a pause')
      const countAs = seriesOf('chatlane_telegram_429_total', { bot: botId })
      if (retryAfterMs > LONGEST_PAUSE_MS) return { kind: 'settled', floodMs: retryAfterMs, answer, countAs }
      return { kind: 'flood', afterMs: retryAfterMs, countAs }
    }
    case 'server-error':
    case 'not-sent':
      if (tries < MOST_TRIES) return { kind: 'again', afterMs: backOffMs(tries) }
      parts.log.warn(
        { bot: botId, chat: homeId, outcome: outcome.kind },
        'Telegram could not be reached for a call',
      )
      return { kind: 'settled', answer, countAs: count(outgoing, 'failed') }
    case 'unknown':
      return { kind: 'unknown', countAs: count(outgoing, 'unknown') }
    case 'refused': {
      if (outcome.migrateToChatId !== undefined) {
        await parts.homes.noteMigration(botId, { from: address, to: String(outcome.migrateToChatId) })
        // An upload names its chat among its bytes: who made it has to make it anew.
        if (!isUpload) return { kind: 'again', afterMs: 0 }
      }
      // It was done by the try whose answer was lost.
      if (outgoing.repeats && DONE_BEFORE.has(outcome.reason)) {
        return {
          kind: 'settled',
          answer: JSON.stringify({ ok: true, result: true }),
          countAs: count(outgoing, 'sent'),
        }
      }
      const why = UNREACHABLE[outcome.reason]
      if (why && /^-?\d+$/.test(homeId)) await parts.audience.leave(botId, homeId, why)
      return {
        kind: 'settled',
        refused: why ? 'blocked' : 'failed',
        answer,
        countAs: count(outgoing, outcome.reason),
      }
    }
  }
}

function count({ botId }: Outgoing, outcome: string): string {
  return seriesOf('chatlane_deliveries_total', { bot: botId, outcome })
}
