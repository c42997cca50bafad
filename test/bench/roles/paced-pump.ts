/** Measures how late a paced call leaves while hundreds of chats wait. */
import {
  createBudget,
  createKeys,
  createOutbox,
  createRecipients,
  createWakes,
  hostPumps,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { percentiles } from '../table.ts'
import { connectAs, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{ url: string; prefix: string; chats: number; calls: number }>()
const redis = connectAs('sender', options.url)
const log = createLog({ service: 'bench', level: 'error' })
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const outbox = createOutbox({ redis, keys })
const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const budget = createBudget({ redis, keys, botId: '1', limits })
const gapMs = 1000 / limits.botPerSecond
const post = async (chat: number, id: string) => {
  const delivery = { id, class: 1 as const, place: '', payload: '{}' }
  await budget.ready(String(chat), await outbox.post({ botId: '1', homeId: String(chat) }, delivery))
}
for (let n = 0; n < Math.ceil(options.calls / options.chats) + 1; n++) {
  await Promise.all(Array.from({ length: options.chats }, (_, i) => post(1000 + i, `w${n}.${i}`)))
}
const lateMs: number[] = []
let calls = 0
/** When calls were answered, in that order. */
const answeredAt: number[] = []
let due = 0
await hostPumps({
  redis,
  keys,
  wakes,
  outbox,
  recipients: createRecipients({ redis, keys }),
  budgets: new Map([['1', budget]]),
  log,
  async send() {
    const now = performance.now()
    // The budget opens when the spacing has passed and the call 30 before has been answered for a second.
    const windowOpensAt = (answeredAt[calls - limits.botPerSecond] ?? Number.NEGATIVE_INFINITY) + 1000
    if (due > 0) lateMs.push(Math.max(0, now - Math.max(due, windowOpensAt)))
    due = Math.max(due, now - 5) + gapMs
    if (++calls === options.calls) reportAndEnd(percentiles(lateMs))
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
    answeredAt.push(performance.now())
    return { kind: 'settled' }
  },
  async park() {},
})
await wakes.wakePump('1')
sayReady()
