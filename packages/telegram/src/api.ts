// Calls Telegram's Bot API, and tells for each call whether it was done, not done, or may have been.
import { Pool } from 'undici'
import type { CallOutcome } from './call-outcome.ts'
import { Exchange, type ExchangeLimits } from './exchange.ts'
import type { CallFile } from './file-source.ts'
import { multipartBody } from './multipart-body.ts'

/** Where and how to call. */
export interface BotApiOptions {
  /** Such as `https://api.telegram.org`; a path is kept. */
  apiRoot: string
  /** Most calls under way at once; more wait for a connection. Default 256. */
  connections?: number
  /** How long a call may take from beginning to end. Default 15 s: Telegram itself waits up to 8 s in a flood. */
  timeoutMs?: number
  /** The same for a call with files, whose bytes Telegram passes on before it answers. Default 60 s. */
  uploadTimeoutMs?: number
}

/** Limits of one call, and what goes with it. */
export interface CallOptions {
  /** The call then goes out as multipart/form-data. None are as if they were left out. */
  files?: readonly CallFile[] | undefined
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  /** Called right before the first byte leaves. Answering false keeps the call back: it is then `not-sent`. */
  onHandOver?: (() => boolean) | undefined
}

/** A client of the Bot API for any number of bots. */
export interface BotApi {
  /** Calls a method with a payload of JSON. Never rejects, except for a payload that is no JSON. */
  call<T = unknown>(
    token: string,
    method: string,
    payload: object,
    options?: CallOptions,
  ): Promise<CallOutcome<T>>
  /** Waits for the calls under way and closes the connections; later calls are `not-sent`. */
  close(): Promise<void>
}

// Longer than undici's 4 s, so that a quiet bot doesn't shake hands for each reply; shorter than nginx's 75 s.
const KEEP_ALIVE_MS = 20_000
// Node's 250 ms for each address family fail on slow routes (telegraf #1961).
const ADDRESS_ATTEMPT_MS = 1_500

/** Creates a client with one pool of connections. Throws a TypeError if `apiRoot` is no http(s) URL. */
export function createBotApi({
  apiRoot,
  connections = 256,
  timeoutMs = 15_000,
  uploadTimeoutMs = 60_000,
}: BotApiOptions): BotApi {
  const { origin, pathname } = new URL(apiRoot)
  const base = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, {
    connections,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: 10_000, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS },
  })
  return {
    call(token, method, payload, options = {}) {
      if (!/^[\w:-]+$/.test(token)) return Promise.resolve({ kind: 'not-sent', detail: 'malformed token' })
      if (!/^\w+$/.test(method)) return Promise.resolve({ kind: 'not-sent', detail: 'malformed method' })
      if (options.signal?.aborted) return Promise.resolve({ kind: 'not-sent', detail: 'aborted' })
      const { promise, resolve, reject } = Promise.withResolvers<CallOutcome<never>>()
      try {
        const { contentType, body, isUpload } = bodyOf(payload, options.files ?? [])
        const ownMs = isUpload ? uploadTimeoutMs : timeoutMs
        const exchange = new Exchange({ timeoutMs: ownMs, ...withoutUndefined(options) }, resolve)
        const headers = { 'content-type': contentType }
        pool.dispatch({ method: 'POST', path: `${base}/bot${token}/${method}`, headers, body }, exchange)
      } catch (error) {
        reject(error)
      }
      return promise
    },
    close: () => pool.close(),
  }
}

function bodyOf(payload: object, files: readonly CallFile[]) {
  if (files.length === 0) {
    return { contentType: 'application/json', body: JSON.stringify(payload), isUpload: false }
  }
  const { contentType, bytes } = multipartBody(payload, files)
  return { contentType, body: bytes, isUpload: true }
}

function withoutUndefined({ signal, timeoutMs, onHandOver }: CallOptions): Partial<ExchangeLimits> {
  return {
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(onHandOver && { onHandOver }),
  }
}
