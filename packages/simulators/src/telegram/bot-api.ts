/** A call on its way through the server: who calls, what it costs, which fault meets it, what it does, what goes back. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, faultAnswer, refusal, send, success } from './answer.ts'
import type { Bot } from './bot.ts'
import { BotApiError, badRequest, tooManyRequests } from './bot-api-error.ts'
import { nowMs } from './clock.ts'
import type { Fault, Faults } from './faults.ts'
import { countOne, noteExcess } from './ledger.ts'
import type { Method } from './methods/method.ts'
import { findMethod } from './methods/registry.ts'
import { isPaid } from './paid-broadcast.ts'
import type { Params } from './params.ts'
import { between, type Random } from './random.ts'
import { BodyError, type RequestBody, readBody, readBytes, readQuery } from './request-body.ts'
import type { World } from './world.ts'

/** What the Bot API stands on. */
export interface BotApiParts {
  world: World
  faults: Faults
  random: Random
  /** Aborts when the simulator closes. */
  closing: AbortSignal
}

/** A call as it arrived. */
interface Arrived {
  bot: Bot
  name: string
  method: Method
  body: RequestBody
  chatId: number | undefined
  isPaid: boolean
  atMs: number
  response: ServerResponse | undefined
}

const NOT_FOUND = new BotApiError(404, 'Not Found')
const UNAUTHORIZED = new BotApiError(401, 'Unauthorized')

/** Answers calls of methods and downloads of files. */
export class BotApi {
  private readonly parts: BotApiParts

  constructor(parts: BotApiParts) {
    this.parts = parts
  }

  /** Answers `/bot<token>/<method>`; never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    { token, method: called, query }: { token: string; method: string; query: string },
  ): Promise<void> {
    try {
      const bytes = await readBytes(request)
      const atMs = nowMs()
      const bot = this.parts.world.bots.get(token)
      if (bot === undefined) throw /^\d+:[\w-]+$/.test(token) ? UNAUTHORIZED : NOT_FOUND
      const found = findMethod(called)
      if (found === undefined) throw NOT_FOUND
      const body = readBody(bytes, request.headers['content-type'] ?? '')
      if (query !== '') body.params = { ...readQuery(query), ...body.params }
      await this.serve({ ...this.read(bot, found, body), atMs, response })
    } catch (error) {
      if (error instanceof BotApiError) send(response, refusal(error))
      else if (error instanceof BodyError) send(response, refusal(badRequest(error.message)))
      else if (this.parts.closing.aborted) response.destroy()
      else send(response, refusal(new BotApiError(500, `Internal Server Error: ${String(error)}`)))
    }
  }

  /** Makes the call in a webhook's answer, whose result nobody sees. */
  callInAnswer(bot: Bot, bytes: Buffer, contentType: string): void {
    let body: RequestBody
    try {
      body = readBody(bytes, contentType)
    } catch {
      return
    }
    const found = findMethod(String(body.params.method ?? ''))
    if (found === undefined || /^(get|setWebhook|deleteWebhook|close$|logOut)/.test(found.name)) return
    const { method: _, ...params } = body.params
    const arrived = this.read(bot, found, { ...body, params })
    // Rejects only when the simulator closes during an ordered delay.
    void this.serve({ ...arrived, atMs: nowMs(), response: undefined }).catch(() => {})
  }

  private read(
    bot: Bot,
    found: { name: string; method: Method },
    body: RequestBody,
  ): Omit<Arrived, 'atMs' | 'response'> {
    const chatId = this.parts.world.chatIdOf(body.params.chat_id)
    return { bot, ...found, body, chatId, isPaid: isPaid(found.name, body.params) }
  }

  private async serve(arrived: Arrived): Promise<void> {
    const { bot, name, chatId } = arrived
    countOne(bot.ledger.calls, name)
    const refused = this.judge(arrived)
    if (refused !== undefined) return this.reply(arrived, refused, {})
    const fault = this.parts.faults.meet({ botId: bot.id, method: name, chatId })
    if (fault !== undefined && fault.after !== true) {
      if (fault.kind === 'delay') await this.pause(fault.delayMs ?? 0)
      const answer = faultAnswer(fault)
      if (answer !== undefined) return this.reply(arrived, answer, { fault })
    }
    const applied = await this.apply(arrived)
    const { answerDelayMs } = this.parts.world.settings
    if (answerDelayMs[1] > 0) await this.pause(between(this.parts.random, answerDelayMs))
    if (fault?.after === true && fault.kind === 'delay') await this.pause(fault.delayMs ?? 0)
    const replaced = fault?.after === true ? faultAnswer(fault) : undefined
    this.reply(arrived, replaced ?? applied, { fault, isApplied: isOk(applied) })
  }

  /** The 429 for a call beyond a budget, where budgets are enforced. */
  private judge({ bot, name, method, body, chatId, isPaid, atMs }: Arrived): Answer | undefined {
    if (method.cost === 'free') return undefined
    const items = method.items === undefined ? 1 : itemsOf(method.items, body.params)
    const overruns = bot.limits.judge({ cost: method.cost, chatId, items, atMs, isPaid })
    if (overruns.length === 0) return undefined
    for (const overrun of overruns) noteExcess(bot.ledger, { ...overrun, chatId, method: name, atMs })
    if (!this.parts.world.settings.limits.enforce) return undefined
    const longestMs = Math.max(...overruns.map(({ earlyMs }) => earlyMs))
    return refusal(tooManyRequests(Math.ceil(longestMs / 1000)))
  }

  private async apply({ bot, method, body, isPaid, response }: Arrived): Promise<Answer> {
    const { world, closing } = this.parts
    const whenGone = () => {
      const gone = new AbortController()
      response?.on('close', () => gone.abort())
      return AbortSignal.any([gone.signal, closing])
    }
    try {
      const { params, files } = body
      return success(await method.run({ bot, world, params, files, isPaid, whenGone }))
    } catch (error) {
      if (error instanceof BotApiError) return refusal(error)
      throw error
    }
  }

  private reply(
    { bot, name, method, body, chatId, atMs, response }: Arrived,
    answer: Answer,
    { fault, isApplied = false }: { fault?: Fault | undefined; isApplied?: boolean },
  ): void {
    const { sends } = bot.ledger
    const status = answer.kind === 'cut' ? 0 : answer.status
    if (status !== 200) countOne(bot.ledger.refusals, status)
    if (status === 429) bot.ledger.floods++
    if (isApplied && method.cost === 'send' && answer.kind === 'cut') sends.cut++
    const isHeard = response === undefined || send(response, answer)
    if (!isHeard && isApplied && method.cost === 'send') sends.unheard++
    this.parts.world.events.emit({
      type: 'call',
      botId: bot.id,
      method: name,
      chatId,
      arrivedAtMs: atMs,
      status: isHeard ? status : 0,
      description: answer.kind === 'json' ? answer.description : undefined,
      fault: fault?.kind,
      params: body.params,
    })
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.parts.closing })
  }
}

function isOk(answer: Answer): boolean {
  return answer.kind === 'json' && answer.status === 200
}

function itemsOf(count: (params: Params) => number, params: Params): number {
  try {
    return count(params)
  } catch {
    return 1
  }
}
