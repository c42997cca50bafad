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

/** A request as somebody else made it, to be passed on byte for byte. */
export interface RawCall {
  /** What the body is. Undefined where there is none. */
  contentType?: string | undefined
  body?: Buffer | undefined
  /** The query string as it stood in the address, without its '?'. */
  query?: string | undefined
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
  /**
   * Passes a request on as it is, always as POST, which takes what GET takes. Never rejects. With a body of a form it has
   * the time of a call with files.
   */
  callRaw<T = unknown>(
    token: string,
    method: string,
    raw: RawCall,
    options?: Omit<CallOptions, 'files'>,
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
  const send = (to: Addressee, request: RawCall, options: Omit<CallOptions, 'files'>) => {
    const { token, method } = to
    if (!/^[\w:-]+$/.test(token)) return Promise.resolve(notSent('malformed token'))
    if (!/^\w+$/.test(method)) return Promise.resolve(notSent('malformed method'))
    if (options.signal?.aborted) return Promise.resolve(notSent('aborted'))
    const { contentType, body = null, query = '' } = request
    const isForm = contentType?.toLowerCase().startsWith('multipart/form-data')
    const ownMs = isForm ? uploadTimeoutMs : timeoutMs
    const { promise, resolve } = Promise.withResolvers<CallOutcome<never>>()
    const exchange = new Exchange({ timeoutMs: ownMs, ...withoutUndefined(options) }, resolve)
    const path = `${base}/bot${token}/${method}${query === '' ? '' : `?${query}`}`
    const headers = contentType === undefined ? {} : { 'content-type': contentType }
    try {
      pool.dispatch({ method: 'POST', path, headers, body }, exchange)
    } catch (error) {
      exchange.onResponseError(undefined, error as Error)
    }
    return promise
  }
  return {
    async call(token, method, payload, { files = [], ...options } = {}) {
      return send({ token, method }, bodyOf(payload, files), options)
    },
    callRaw: (token, method, raw, options = {}) => send({ token, method }, raw, options),
    close: () => pool.close(),
  }
}

interface Addressee {
  token: string
  method: string
}

function notSent(detail: string): CallOutcome<never> {
  return { kind: 'not-sent', detail }
}

function bodyOf(payload: object, files: readonly CallFile[]): RawCall {
  if (files.length === 0) {
    return { contentType: 'application/json', body: Buffer.from(JSON.stringify(payload)) }
  }
  const { contentType, bytes } = multipartBody(payload, files)
  return { contentType, body: bytes }
}

function withoutUndefined({
  signal,
  timeoutMs,
  onHandOver,
}: Omit<CallOptions, 'files'>): Partial<ExchangeLimits> {
  return {
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(onHandOver && { onHandOver }),
  }
}
