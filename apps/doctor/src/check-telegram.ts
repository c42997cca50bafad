/** Looks at the bots: whether Telegram takes their tokens, and whether their updates come the way they should. */
import { type CallOutcome, createBotApi } from '@chatlane/telegram'
import { advice, bad, type Finding, good } from './finding.ts'

/** Telegram's own words (https://core.telegram.org/bots/api#webhookinfo). */
interface WebhookInfo {
  url?: string
  pending_update_count?: number
  last_error_date?: number
  last_error_message?: string
}

/** Where updates should come from. */
export interface UpdateWay {
  updates: 'webhook' | 'polling'
  publicUrl: string | undefined
  apiRoot: string
}

/** More than this waits only where nobody takes it. */
const MANY_PENDING = 1000
/** An error of a webhook that is older is over. */
const RECENT_MS = 3_600_000
const WAIT_MS = 10_000

/** What is found of the bots in `tokens`, by their ids. */
export async function checkTelegram(tokens: ReadonlyMap<string, string>, way: UpdateWay): Promise<Finding[]> {
  if (tokens.size === 0)
    return [
      advice(
        'no bot: TELEGRAM_BOT_TOKEN is not set',
        'ask @BotFather for a token; `pnpm start` plays without one',
      ),
    ]
  const api = createBotApi({ apiRoot: way.apiRoot, timeoutMs: WAIT_MS })
  try {
    const ofBots = Array.from(tokens, async ([botId, token]) => {
      const me = await api.call<{ username?: string }>(token, 'getMe', {})
      if (me.kind !== 'ok') return [refusal(botId, me)]
      const info = await api.call<WebhookInfo>(token, 'getWebhookInfo', {})
      const name = `@${me.result.username}`
      const known = good(`Telegram knows the bot ${botId} as ${name}`)
      return [known, ...(info.kind === 'ok' ? webhookFindings({ botId, name, info: info.result, way }) : [])]
    })
    return (await Promise.all(ofBots)).flat()
  } finally {
    await api.close()
  }
}

function refusal(botId: string, outcome: Exclude<CallOutcome<unknown>, { kind: 'ok' }>): Finding {
  if (outcome.kind === 'refused' && (outcome.code === 401 || outcome.code === 404))
    return bad(`Telegram refuses the token of the bot ${botId}`, 'copy it anew from @BotFather')
  const why = 'detail' in outcome ? outcome.detail : outcome.kind
  return bad(
    `Telegram does not answer for the bot ${botId} (${why})`,
    'look at TELEGRAM_API_ROOT, the network and the proxy',
  )
}

function webhookFindings(found: {
  botId: string
  name: string
  info: WebhookInfo
  way: UpdateWay
}): Finding[] {
  const { name, info } = found
  const pending = info.pending_update_count ?? 0
  const errorAgeMs = Date.now() - (info.last_error_date ?? 0) * 1000
  return [
    wayFinding(found),
    ...(pending > MANY_PENDING
      ? [
          advice(
            `${pending.toLocaleString('en-US')} updates of ${name} wait at Telegram`,
            'see that a gateway runs',
          ),
        ]
      : []),
    ...(info.url && errorAgeMs < RECENT_MS
      ? [
          bad(
            `Telegram could not deliver to ${name} within the last hour: ${info.last_error_message ?? 'no reason'}`,
            'look at the gateway, its certificate and what stands before it',
          ),
        ]
      : []),
  ]
}

function wayFinding({ botId, name, info, way }: Parameters<typeof webhookFindings>[0]): Finding {
  const { url = '' } = info
  if (way.updates === 'polling')
    return url === ''
      ? good(`the updates of ${name} are polled`)
      : advice(
          `${name} has a webhook at ${originOf(url)}, which a polling gateway takes away`,
          'set PUBLIC_URL (or UPDATES=webhook) where that webhook is yours',
        )
  if (way.publicUrl === undefined)
    return url === ''
      ? advice(
          `${name} has no webhook, and without PUBLIC_URL none is registered`,
          'register one, or set PUBLIC_URL',
        )
      : good(`${name} has a webhook at ${originOf(url)}`)
  const wanted = `${way.publicUrl}/telegram/${botId}`
  if (url === wanted) return good(`${name} has its webhook at ${originOf(url)}`)
  return advice(
    url === '' ? `${name} has no webhook yet` : `the webhook of ${name} is at ${originOf(url)}`,
    `start the gateway: it registers ${originOf(wanted)}`,
  )
}

/** A path may hold a secret. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that is none'
}
