/** What authors' code reaches the platform through: its calls and sessions, inside a turn and outside of one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { BotCalls } from '@chatlane/bot-calls'
import type { HandlerHost } from '@chatlane/handlers'
import type { Log } from '@chatlane/runtime'
import { type BotAnswer, routeOf } from '@chatlane/telegram'
import type { HandlerTurn } from './handler-turn.ts'
import type { MadeCall } from './turn-calls.ts'
import { TurnReplacedError } from './turn-replaced-error.ts'
import { holdFiles, outcomeOfUpload } from './upload.ts'

/** The host of a worker's handlers. */
export interface WorkerHost extends HandlerHost<HandlerTurn> {
  /** Runs `fn` so that calls on `bot.telegram` inside of it belong to `turn`. */
  within<T>(turn: HandlerTurn, fn: () => Promise<T>): Promise<T>
}

/** What the host needs. */
export interface HostParts {
  botCalls: BotCalls
  /** Tokens by the bots' ids. */
  tokens: ReadonlyMap<string, string>
  log: Log
}

/** The host of the handlers of `parts`. */
export function createHandlerHost({ botCalls, tokens, log }: HostParts): WorkerHost {
  const turns = new AsyncLocalStorage<HandlerTurn>()
  const bots = new Map([...tokens].map(([botId, token]) => [token, botId]))
  return {
    within: (turn, fn) => turns.run(turn, fn),
    async call({ turn, token, ...made }) {
      const current = turn ?? turns.getStore()
      const botId = bots.get(token)
      // A call with the token of a bot that is not ours is none of our business.
      if (botId === undefined) return { ok: true, result: await made.direct() }
      if (current?.state === 'abandoned') throw new TurnReplacedError()
      const isOfTurn = current?.state === 'running' && current.turn.lane.botId === botId
      return isOfTurn ? current.calls.call(made) : callOutside(botCalls, botId, made)
    },
    async readSession(turn, key, isDefaultKey, property) {
      return turn.sessions.read({ key, isDefaultKey, property })
    },
    async writeSession(turn, key, value, isDefaultKey, property) {
      await turn.sessions.write({ key, isDefaultKey, property }, value)
    },
    onIgnored: (what) => log.info({ ignored: what }, 'the platform does this itself; the call is ignored'),
  }
}

/** A call of no turn (a timer's, a cron's): through the outbox like any other, without a journal. */
async function callOutside(botCalls: BotCalls, botId: string, made: MadeCall): Promise<BotAnswer> {
  const { method, payload, hasFiles, direct } = made
  const route = routeOf(method)
  if (route !== 'outbox') {
    const pause = route === 'answer' ? undefined : await botCalls.waitForCall({ botId, method, payload })
    return pause ?? { ok: true, result: await direct() }
  }
  if (hasFiles) await holdFiles(payload)
  const put = await botCalls.put({
    botId,
    method,
    payload,
    ...(hasFiles && { upload: () => outcomeOfUpload(direct) }),
  })
  if (put.kind === 'stale') throw new Error('a call of no turn can not be stale')
  return put.answer
}
