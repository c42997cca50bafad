/** What authors' code reaches the platform through: its calls and sessions, inside a turn and outside of one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { BotCalls } from '@chatlane/bot-calls'
import type { HandlerHost } from '@chatlane/handlers'
import type { Log } from '@chatlane/runtime'
import { type BotAnswer, callChat, routeOf } from '@chatlane/telegram'
import type { HandlerTurn } from './handler-turn.ts'
import type { MadeCall } from './turn-calls.ts'
import { TurnReplacedError } from './turn-replaced-error.ts'
import { holdFiles, outcomeOfUpload } from './upload.ts'

/** The host of a worker's handlers. */
export interface WorkerHost extends HandlerHost<HandlerTurn> {
  /** Runs `fn` so that calls on `bot.telegram` inside of it belong to `turn`. */
  within<T>(turn: HandlerTurn, fn: () => Promise<T>): Promise<T>
  /** Runs `fn`, a run by the clock: begun anew under the same id, its calls are answered as they were before. */
  withinRun<T>(runId: string, fn: () => Promise<T>): Promise<T>
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
  const runs = new AsyncLocalStorage<(made: MadeCall) => string>()
  const bots = new Map([...tokens].map(([botId, token]) => [token, botId]))
  return {
    within: (turn, fn) => turns.run(turn, fn),
    withinRun: (runId, fn) => runs.run(namesOf(runId), fn),
    async call({ turn, token, ...made }) {
      const current = turn ?? turns.getStore()
      const botId = bots.get(token)
      // A call with the token of a bot that is not ours is none of our business.
      if (botId === undefined) return { ok: true, result: await made.direct() }
      if (current?.state === 'abandoned') throw new TurnReplacedError()
      const isOfTurn = current?.state === 'running' && current.turn.lane.botId === botId
      return isOfTurn
        ? current.calls.call(made)
        : callOutside(botCalls, botId, { ...made, id: runs.getStore()?.(made) })
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
async function callOutside(
  botCalls: BotCalls,
  botId: string,
  made: MadeCall & { id: string | undefined },
): Promise<BotAnswer> {
  const { method, payload, hasFiles, direct } = made
  if (!/^\w+$/.test(method)) return { ok: false, error_code: 404, description: 'Not Found' }
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
    ...(made.id !== undefined && { id: made.id }),
    ...(hasFiles && { upload: () => outcomeOfUpload(direct) }),
  })
  if (put.kind === 'stale') throw new Error('a call of no turn can not be stale')
  return put.answer
}

/** Names of the calls of one run, the same in every run under this id that makes the same calls. */
function namesOf(runId: string): (made: MadeCall) => string {
  const run = createHash('sha256').update(runId).digest('base64url').slice(0, 16)
  const counts = new Map<string, number>()
  return ({ method, payload }) => {
    const kind = `${method.toLowerCase()} ${callChat(payload) ?? ''}`
    const nth = (counts.get(kind) ?? 0) + 1
    counts.set(kind, nth)
    return `s${run}.${method.toLowerCase()}.${nth}`
  }
}
