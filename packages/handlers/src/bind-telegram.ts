/** Leads the calls of one Telegram instance to the host. */
import type { Telegram } from 'telegraf'
import { hasFiles } from './has-files.ts'
import { currentToken, ignore, type Load, runOutside } from './load.ts'

/** The class of the errors of the instance's own copy of Telegraf. */
export type TelegramErrorClass = typeof import('telegraf').TelegramError

type CallApi = (
  method: string,
  payload?: Record<string, unknown>,
  options?: { signal?: AbortSignal | undefined },
) => Promise<unknown>

/** What receives updates, or would take them from the platform. Telegram reads the names of methods in any case. */
const IGNORED = new Set(['setwebhook', 'deletewebhook', 'logout', 'close', 'getupdates'])

const bound = new WeakSet<Telegram>()

/**
 * Makes `telegram` call through the host of `load`, whatever token and server its author gave it. Does so once. `of`: the
 * turn and the token of a context; without, it acts for whichever bot the code runs for that calls it.
 */
export function bindTelegram(
  telegram: Telegram,
  binding: { load: Load; TelegramError: TelegramErrorClass; of?: { turn: unknown; token: string } },
): void {
  if (bound.has(telegram)) return
  bound.add(telegram)
  const { load, TelegramError, of } = binding
  const token = () => of?.token ?? currentToken(load)
  const { apiRoot } = load
  Object.assign(telegram.options, { apiRoot, apiMode: 'bot', testEnv: false, webhookReply: false })
  // As Telegraf's constructor does: the agent of HTTPS can't speak HTTP.
  if (apiRoot.startsWith('http://')) Object.assign(telegram.options, { agent: undefined })
  Object.defineProperty(telegram, 'token', { get: token, enumerable: true, configurable: true })
  const plain = Object.getPrototypeOf(telegram).callApi as CallApi
  const callApi: CallApi = async (method, payload = {}, { signal } = {}) => {
    const name = method.toLowerCase()
    if (IGNORED.has(name)) {
      ignore(load, method)
      return name === 'getupdates' ? [] : true
    }
    const now = token()
    // The host may call when no turn of this bot is running any more; the token is the one of the call.
    const client = Object.create(telegram, { token: { value: now } })
    const direct = () => plain.call(client, method, payload, { signal })
    const isUpload = hasFiles(payload)
    const call = {
      turn: of?.turn,
      token: now,
      method,
      payload: isUpload ? payload : asSent(payload),
      signal,
      hasFiles: isUpload,
      direct,
    }
    const answer = await runOutside(() => load.host.call(call))
    if (answer.ok) return answer.result
    throw new TelegramError(answer, { method, payload })
  }
  telegram.callApi = callApi as Telegram['callApi']
}

/** As Telegraf's client writes a payload: plain JSON, without null. */
function asSent(payload: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(payload, (_, value) => value ?? undefined))
}
