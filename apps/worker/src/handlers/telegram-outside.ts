/** A Telegraf client for calls of no turn. */
import type { HandlerHost } from '@chatlane/handlers'
import { Telegram, TelegramError } from 'telegraf'
import type { HandlerTurn } from './handler-turn.ts'

/** Calls as the bot with `token`, through the host. */
export function telegramOutside(
  host: HandlerHost<HandlerTurn>,
  { token, apiRoot }: { token: string; apiRoot: string },
): Telegram {
  const telegram = new Telegram(token, { apiRoot, webhookReply: false })
  const direct = telegram.callApi.bind(telegram)
  telegram.callApi = (async (method: never, payload: never, { signal }: { signal?: AbortSignal } = {}) => {
    const answer = await host.call({
      turn: undefined,
      token,
      method,
      payload,
      signal,
      hasFiles: carriesFile(payload),
      direct: () => direct(method, payload),
    })
    if (answer.ok) return answer.result
    throw new TelegramError(answer, { method, payload })
  }) as typeof telegram.callApi
  return telegram
}

/** Whether bytes go with a call: Telegraf's `{ source }` and `{ url }`, at any depth that it looks at. */
function carriesFile(payload: object): boolean {
  return Object.entries(payload).some(([name, value]) => {
    if (name === 'link_preview_options' || typeof value !== 'object' || value === null) return false
    const media = Array.isArray(value)
      ? value.map((item) => item?.media)
      : [value, (value as { media?: unknown }).media]
    return media.some(
      (file) => typeof file === 'object' && file !== null && ('source' in file || 'url' in file),
    )
  })
}
