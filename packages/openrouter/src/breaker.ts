/** Keeps questions from what does not answer: one breaker for the account and one per model, shared by all workers. */
import { randomBytes } from 'node:crypto'
import { type Log, loadScript, type RedisClient } from '@chatlane/runtime'
import { FAULT_SCOPES } from './fault-scope.ts'
import type { Fault, FaultCode } from './faults.ts'
import { isModel } from './model-name.ts'
import type { AnswerOutcome } from './outcome.ts'

const enterScript = loadScript(new URL('./lua/breaker-enter.lua', import.meta.url))
const noteScript = loadScript(new URL('./lua/breaker-note.lua', import.meta.url))

/** What a breaker says before a request. */
export type Entry =
  /** Nobody is to be asked; the fault is the one that it is known for, and says how long an account's pause still is. */
  | { kind: 'held'; fault: Fault }
  /** The models that may be asked, in order; `pass` is to be told how it went. */
  | { kind: 'entered'; models: readonly string[]; pass: Pass }

/** Tells the breakers how a request goes. Never rejects. */
export interface Pass {
  /** A model has begun to speak. */
  begun(model: string): Promise<void>
  /** The request is over; without `begun` before it, it says more. */
  ended(outcome: AnswerOutcome): Promise<void>
}

/** The breakers of an installation. */
export interface Breaker {
  /** Whether any of `models`, the wanted one first, may be asked. */
  enter(models: readonly string[]): Promise<Entry>
  /** The same, for whoever does not ask yet. */
  look(models: readonly string[]): Promise<'open' | Fault>
}

/** How breakers behave. */
export interface BreakerRules {
  /** So many faults of a model or of the connection, one after the other within a minute, open its breaker. */
  faults: number
  /** The first pause before a probe (5 s); it doubles up to the longest (30 s). */
  firstPauseMs?: number
  longestPauseMs?: number
}

const FEW_FAULTS = 3
const WINDOW_MS = 60_000
const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 30_000
/** Whoever probes and has heard nothing for so long is not waited for. */
const PROBE_MS = 15_000
/** An open breaker that nobody has asked for so long is forgotten. */
const KEPT_MS = 600_000
/** Where OpenRouter does not say how long its own limit lasts. */
const RATE_PAUSE_MS = 5000
/** A limit for a day is looked at again every so often: credits may have been bought. */
const LONGEST_RATE_PAUSE_MS = 600_000

/** What is told to the script of one subject. */
type Verdict = [
  subject: string,
  verdict: 'ok' | 'fault' | 'pause' | 'none',
  code: FaultCode | '',
  most: number,
]

/** The breakers under `key`. */
export function createBreaker(options: {
  redis: RedisClient
  key: string
  rules: BreakerRules
  log: Log
}): Breaker {
  const { redis, key, rules, log } = options
  const { firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS } = rules
  const ask = async (id: string, models: readonly string[]): Promise<readonly string[] | Fault> => {
    const answer = (await enterScript(redis, [key], [id, PROBE_MS, ...models])) as (string | number)[]
    const [kind, ...rest] = answer.map(String)
    return kind === 'entered' ? rest : heldFault(rest)
  }
  const note = async (id: string, verdicts: readonly Verdict[]) => {
    const rulesOf = [WINDOW_MS, firstPauseMs, longestPauseMs, KEPT_MS]
    try {
      const changed = (await noteScript(redis, [key], [id, ...rulesOf, ...verdicts.flat()])) as string[]
      for (let i = 0; i < changed.length; i += 3) tellOperator(log, changed.slice(i, i + 3), verdicts)
    } catch (error) {
      // An answer that is here already is worth more than what it says about the next.
      log.warn({ err: error }, 'how a request to OpenRouter went could not be noted')
    }
  }
  return {
    async enter(models) {
      const id = randomBytes(9).toString('base64url')
      const found = await ask(id, models)
      if ('code' in found) return { kind: 'held', fault: found }
      return { kind: 'entered', models: found, pass: openPass(found, rules, (all) => note(id, all)) }
    },
    async look(models) {
      const found = await ask('', models)
      return 'code' in found ? found : 'open'
    },
  }
}

function openPass(
  models: readonly string[],
  rules: BreakerRules,
  note: (verdicts: readonly Verdict[]) => Promise<void>,
): Pass {
  let hasBegun = false
  return {
    async begun(speaking) {
      hasBegun = true
      const at = Math.max(
        0,
        models.findIndex((id) => isModel(speaking, id)),
      )
      // Those before it were tried by OpenRouter, and did not answer.
      const silent = models
        .slice(0, at)
        .map((id): Verdict => [`model:${id}`, 'fault', 'provider_down', rules.faults])
      await note([['account', 'ok', '', 0], [`model:${models[at]}`, 'ok', '', 0], ...silent])
    },
    async ended(outcome) {
      if (!hasBegun) await note(verdictsOf(outcome, models, rules))
    },
  }
}

function verdictsOf(outcome: AnswerOutcome, models: readonly string[], rules: BreakerRules): Verdict[] {
  const all = (verdict: Verdict[1], code: Verdict[2], most: number, ids = models) =>
    ids.map((id): Verdict => [`model:${id}`, verdict, code, most])
  if (outcome.kind === 'aborted') return [['account', 'none', '', 0], ...all('none', '', 0)]
  if (outcome.kind === 'answered') return [['account', 'ok', '', 0], ...all('ok', '', 0, models.slice(0, 1))]
  const { code, retryAfterMs } = outcome.fault
  const { of, after } = FAULT_SCOPES[code]
  const most = after === 'few' ? Math.min(FEW_FAULTS, rules.faults) : rules.faults
  if (after === 'at once') {
    const pauseMs = Math.min(LONGEST_RATE_PAUSE_MS, Math.ceil(retryAfterMs ?? RATE_PAUSE_MS))
    return [['account', 'pause', code, Math.max(1, pauseMs)], ...all('none', '', 0)]
  }
  if (of === 'account') return [['account', 'fault', code, most], ...all('none', '', 0)]
  if (of === 'request') return [['account', 'ok', '', 0], ...all('ok', '', 0, models.slice(0, 1))]
  // OpenRouter has an answer for whoever it has tried; of one that hangs nobody knows how far it came.
  const blamed = code === 'hung' ? models.slice(0, 1) : models
  return [['account', code === 'hung' ? 'none' : 'ok', '', 0], ...all('fault', code, most, blamed)]
}

function heldFault([code = '', ms = '0', isPause = '']: readonly string[]): Fault {
  const leftMs = Math.max(0, Number(ms))
  return {
    code: code as FaultCode,
    // Only of a pause it is known when it will be over; otherwise waiting would be guessing.
    retryable: isPause === '1',
    ...(isPause === '1' && { retryAfterMs: leftMs + Math.random() * 500 }),
    detail: 'not asked: it did not answer before',
    isHeld: true,
  }
}

function tellOperator(log: Log, [subject, what, ms]: readonly string[], verdicts: readonly Verdict[]): void {
  const code = verdicts.find(([name]) => name === subject)?.[2]
  const told = { subject, ...(code && { code }), ...(what !== 'closed' && { pauseMs: Number(ms) }) }
  if (what === 'closed') log.info(told, 'OpenRouter answers again')
  else if (what === 'paused') log.warn(told, 'OpenRouter wants no requests for a while')
  else log.error(told, 'OpenRouter does not answer: questions are held back, and now and then one probes')
}
