/** Measures how late a paced call leaves, and how long a reply waits while thousands of broadcasts do. */
import {
  createBudget,
  createKeys,
  createOutbox,
  createRecipients,
  createWakes,
  hostPumps,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { connectAs, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  url: string
  prefix: string
  broadcasts: number
  chats: number
  calls: number
}>()
const redis = connectAs('sender', options.url)
const log = createLog({ service: 'bench', level: 'error' })
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const wakes = createWakes({ redis, keys, onError: () => undefined })
const outbox = createOutbox({ redis, keys })
const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const budget = createBudget({ redis, keys, botId: '1', limits })
const gapMs = 1000 / limits.botPerSecond
const post = async (chat: number, kind: 1 | 3, id: string) => {
  const delivery = { id, class: kind, place: '', payload: '{}' }
  await budget.ready(String(chat), await outbox.post({ botId: '1', homeId: String(chat) }, delivery))
}
const kind = options.broadcasts > 0 ? 3 : 1
const waiting = options.broadcasts > 0 ? options.broadcasts : options.chats
for (let n = 0; n < (options.broadcasts > 0 ? 1 : Math.ceil(options.calls / options.chats) + 1); n++) {
  await Promise.all(Array.from({ length: waiting }, (_, i) => post(1000 + i, kind, `w${n}.${i}`)))
}
const lateMs: number[] = []
const replyMs: number[] = []
const postedAt = new Map<string, number>()
let calls = 0
/** When calls were answered, in that order. */
const answeredAt: number[] = []
let due = 0
let next: NodeJS.Timeout | undefined
const percentiles = (values: number[]) => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
await hostPumps({
  redis,
  keys,
  wakes,
  outbox,
  recipients: createRecipients({ redis, keys }),
  budgets: new Map([['1', budget]]),
  log,
  async send({ delivery }) {
    const now = performance.now()
    // The budget opens when the spacing has passed and the call 30 before has been answered for a second.
    const windowOpensAt = (answeredAt[calls - limits.botPerSecond] ?? Number.NEGATIVE_INFINITY) + 1000
    if (due > 0) lateMs.push(Math.max(0, now - Math.max(due, windowOpensAt)))
    due = Math.max(due, now - 5) + gapMs
    const posted = postedAt.get(delivery.id)
    if (posted !== undefined) replyMs.push(now - posted)
    if (++calls === options.calls) {
      clearInterval(next)
      reportAndEnd(percentiles(options.broadcasts > 0 ? replyMs : lateMs))
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
    answeredAt.push(performance.now())
    return { kind: 'settled' }
  },
  async park() {},
})
await wakes.wakePump('1')
if (options.broadcasts > 0) {
  let n = 0
  next = setInterval(() => {
    const id = `r${n++}`
    postedAt.set(id, performance.now())
    void post(500_000 + n, 1, id)
  }, 100)
}
sayReady()
