/** Takes turns, commits a reply each, and pumps the replies into a send that does nothing. */
import {
  consumeInboxes,
  createBudget,
  createInbox,
  createKeys,
  createOutbox,
  createRecipients,
  createWakes,
  hostPumps,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { connectAs, cpuMicros, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; updates: number }>()
const redis = connectAs('worker', options.url)
const senderRedis = connectAs('sender', options.url)
const log = createLog({ service: 'bench', level: 'error' })
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
const outbox = createOutbox({ redis: senderRedis, keys })
const limits = {
  botPerSecond: 1_000_000,
  chatPerSecond: 1_000_000,
  chatBurst: 1_000_000,
  groupPerMinute: 1_000_000,
}
const budget = createBudget({ redis, keys, botId: '1', limits })
const pumpBudget = createBudget({ redis: senderRedis, keys, botId: '1', limits })
let sent = 0
let startedAt = 0
let cpu = 0
await hostPumps({
  redis: senderRedis,
  keys,
  wakes,
  outbox,
  recipients: createRecipients({ redis: senderRedis, keys }),
  budgets: new Map([['1', pumpBudget]]),
  log,
  async send({ handOver }) {
    handOver({ repeatable: false })
    if (++sent === options.updates)
      reportAndEnd({ ms: performance.now() - startedAt, cpuMicros: cpuMicros() - cpu })
    return { kind: 'settled', countAs: 'sent' }
  },
  async park() {},
})
consumeInboxes({
  redis,
  keys,
  inbox,
  wakes,
  log,
  concurrency: 100,
  async answer(turn) {
    if (startedAt === 0) {
      startedAt = performance.now()
      cpu = cpuMicros()
    }
    const item = turn.items[0]
    const payload = JSON.stringify({ method: 'sendMessage', text: `reply to ${item?.id}` })
    return {
      deliveries: [{ id: `${turn.turnId}.0`, class: 1, place: '', payload }],
      writes: [
        { command: 'hset', key: keys.ofLane(turn.lane, 'chat'), args: ['messages', item?.payload ?? ''] },
      ],
    }
  },
  async giveUp() {
    return { deliveries: [], writes: [] }
  },
  async readyOutbox(lane, headClass) {
    if (!(await budget.ready(lane.homeId, headClass))) await wakes.wakePump(lane.botId)
  },
})
sayReady()
