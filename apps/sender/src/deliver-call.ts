/** Delivers a call that someone made and waits for: as it is, and answered with what Telegram answered. */
import type { Audience, Homes, Outgoing, SendOutcome, Uploads } from '@chatlane/lanes'
import { UPLOAD_WITHIN_MS } from '@chatlane/lanes'
import { type Log, seriesOf } from '@chatlane/runtime'
import { type AuthorCall, answerOf, type BotApi, type CallOutcome, isRepeatable } from '@chatlane/telegram'
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
/** For so long is tried again what Telegram could not take; then whoever waits is told. */
const TRIED_FOR_MS = 60_000
/** Who holds the bytes of an upload is waited for until its turn, begun anew elsewhere, would hold them again. */
const HOLDER_AWAITED_MS = 30_000
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
    if (!outgoing.handOver({ repeatable, standsMs: UPLOAD_WITHIN_MS + 1000 }))
      return { kind: 'again', afterMs: 0 }
    return upload(parts, outgoing, address)
  }
  const outcome = await parts.api.call(token, call.method, addressed(call.payload, address), {
    timeoutMs: CALL_TIMEOUT_MS,
    onHandOver: () => outgoing.handOver({ repeatable }),
  })
  return effectOf(parts, { outgoing, outcome, address, isUpload: false })
}

/** Only a numeric chat can have migrated; what names none, or a channel's name, stays as it is. */
function addressed(payload: AuthorCall['payload'], address: string): AuthorCall['payload'] {
  const names = payload.chat_id !== undefined && /^-?\d+$/.test(String(payload.chat_id))
  return names ? { ...payload, chat_id: Number(address) } : payload
}

async function upload(parts: DeliverCallParts, outgoing: Outgoing, address: string): Promise<SendOutcome> {
  const end = await parts.uploads.ask(outgoing, outgoing.delivery.id)
  if (end.kind === 'ended') {
    const outcome = JSON.parse(end.outcome) as CallOutcome<unknown>
    return effectOf(parts, { outgoing, outcome, address, isUpload: true })
  }
  if (end.kind === 'broken') return { kind: 'unknown', countAs: count(outgoing, 'unknown') }
  if (ageMs(outgoing) < HOLDER_AWAITED_MS) return { kind: 'again', afterMs: 1000 }
  parts.log.error(
    { bot: outgoing.botId, chat: outgoing.homeId },
    'a file was lost with the process that held it',
  )
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
      if (ageMs(outgoing) < TRIED_FOR_MS) return { kind: 'again', afterMs: backOffMs(tries) }
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

function ageMs({ delivery }: Outgoing): number {
  return Date.now() - delivery.atMs
}

function count({ botId }: Outgoing, outcome: string): string {
  return seriesOf('chatlane_deliveries_total', { bot: botId, outcome })
}
