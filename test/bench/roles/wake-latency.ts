/** Measures from append to the turn's start while many turns are in progress. */
import { consumeInboxes, createInbox, createKeys, createWakes } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { connectAs, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  url: string
  prefix: string
  quietMs: number
  turnMs: number
  updates: number
}>()
const redis = connectAs('worker', options.url)
const log = createLog({ service: 'bench', level: 'error' })
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const inbox = createInbox({ redis, keys, rules: { quietMs: options.quietMs, maxTries: 5 } })
const lateMs: number[] = []
let inProgress = 0
let most = 0
consumeInboxes({
  redis,
  keys,
  inbox,
  wakes,
  log,
  concurrency: 1000,
  async answer(turn) {
    lateMs.push(Date.now() - (turn.items.at(-1)?.atMs ?? 0) - options.quietMs)
    most = Math.max(most, ++inProgress)
    await new Promise((resolve) => setTimeout(resolve, options.turnMs))
    inProgress--
    if (lateMs.length === options.updates) {
      // The first second has nothing in progress yet.
      const sorted = lateMs.slice(Math.floor(options.updates / 5)).toSorted((a, b) => a - b)
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      reportAndEnd({ p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), inProgress: most })
    }
    return { deliveries: [], writes: [] }
  },
  giveUp: async () => ({ deliveries: [], writes: [] }),
  readyOutbox: async () => undefined,
})
sayReady()
