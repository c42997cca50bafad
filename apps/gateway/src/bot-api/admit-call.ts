/** Decides from a request's first lines whether its call is taken, before its body is read. */
import type { RedisState } from '@chatlane/runtime'
import { type CallRoute, routeOf, secretMatches } from '@chatlane/telegram'
import type { FastifyRequest } from 'fastify'
import type { GatewayBot } from '../config.ts'
import { type CallHeaders, readCallHeaders } from './call-headers.ts'
import { badRequest, NOT_FOUND, type Refusal, UNAUTHORIZED, unavailable } from './refusals.ts'
import { updatesConflict } from './updates-conflict.ts'

/** A call as far as its first lines tell. */
export interface AdmittedCall {
  bot: GatewayBot
  method: string
  route: CallRoute
  headers: CallHeaders
  /** The query string as it was sent, without its '?'. */
  query: string
}

/** What admitting came to. */
export type CallAdmission = { kind: 'admitted'; call: AdmittedCall } | { kind: 'refused'; refusal: Refusal }

/** What admitting needs. */
export interface AdmitCallParts {
  bots: ReadonlyMap<string, GatewayBot>
  /** Whether this installation receives the bots' updates in a way that others must not change. */
  receivesUpdates: boolean
  state(): RedisState
}

/** Admits the call of `method` by who has `token`. */
export function admitCall(
  parts: AdmitCallParts,
  { request, token, method }: { request: FastifyRequest; token: string; method: string },
): CallAdmission {
  const bot = botWith(parts.bots, token)
  if (!bot) return refused(UNAUTHORIZED)
  if (!/^\w+$/.test(method)) return refused(NOT_FOUND)
  const read = readCallHeaders(request.headers)
  if (read.kind === 'wrong') return refused(badRequest(read.problem))
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    return refused({ ok: false, error_code: 415, description: 'Unsupported Media Type: Content-Encoding' })
  const conflict = parts.receivesUpdates ? updatesConflict(method) : undefined
  if (conflict) return refused(conflict)
  const route = routeOf(method)
  const state = parts.state()
  if (route !== 'answer' && state === 'away') return refused(unavailable('Redis is away'))
  if (route === 'outbox' && state === 'full') return refused(unavailable('Redis is nearly full'))
  const { headers } = read
  return { kind: 'admitted', call: { bot, method, route, headers, query: queryOf(request.url) } }
}

/** The bot that a token is of, found in a time that tells nothing of other tokens. */
export function botWith(bots: ReadonlyMap<string, GatewayBot>, token: string): GatewayBot | undefined {
  const bot = bots.get(token.slice(0, Math.max(0, token.indexOf(':'))))
  return secretMatches(bot?.token ?? '', token) ? bot : undefined
}

function refused(refusal: Refusal): CallAdmission {
  return { kind: 'refused', refusal }
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1).replace(/#.*$/, '')
}
