/** Breakers and slots of several workers over the run's Redis, with what they log. */
import type { Log } from '@chatlane/runtime'
import { openTestRedis } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import { createBreaker } from '../src/breaker.ts'
import type { Fault, FaultCode } from '../src/faults.ts'
import { openGovernor } from '../src/governor.ts'
import { readGuardLoad } from '../src/guard-load.ts'
import type { AnswerOutcome } from '../src/outcome.ts'

/** One line of a log. */
export interface Line {
  level: string
  told: Record<string, unknown>
  text: string
}

/** A log that keeps its lines. */
export function keptLog() {
  const lines: Line[] = []
  const at = (level: string) => (told: Record<string, unknown>, text: string) =>
    void lines.push({ level, told, text })
  const log = { info: at('info'), warn: at('warn'), error: at('error'), debug: at('debug') }
  return { log: log as unknown as Log, lines }
}

/** Guards under one prefix; `pauseMs` is the first pause and the longest. */
export function openGuards({ faults = 3, pauseMs = 60_000 } = {}) {
  const { redis, prefix, connect } = openTestRedis()
  const { log, lines } = keptLog()
  const keyOf = (name: string) => `${prefix}:{s0}:${name}`
  return {
    redis,
    keyOf,
    lines,
    breaker: () =>
      createBreaker({
        redis: connect(),
        key: keyOf('breakers'),
        rules: { faults, firstPauseMs: pauseMs, longestPauseMs: pauseMs },
        log,
      }),
    async governor(options: {
      most: number
      leaseMs?: number
      keepEveryMs?: number
      longestWaitMs?: number
    }) {
      const connection = connect()
      const governor = await openGovernor({ redis: connection, key: keyOf('slots'), log, ...options })
      onTestFinished(() => governor.stop())
      return { ...governor, kill: () => governor.stop() }
    },
    load: () => readGuardLoad(redis, keyOf),
    /** Lets the pause of a breaker be over now. */
    endPause: (subject: string) => redis.hset(keyOf(`breakers:${subject}`), 'until', '1'),
    endRatePause: () => redis.del(keyOf('breakers:pause')),
  }
}

/** An outcome without a word. */
export function failed(code: FaultCode, more: Partial<Fault> = {}): AnswerOutcome {
  return { kind: 'failed', fault: { code, retryable: true, detail: '', ...more }, partial: '' }
}
