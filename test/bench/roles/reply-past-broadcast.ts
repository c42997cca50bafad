/** Measures how long a reply waits for its call while a broadcast is under way. */
import {
  conductBroadcasts,
  createBroadcastJobs,
  createBroadcasts,
  createBudget,
  createKeys,
  createOutbox,
  createRecipients,
  createWakes,
  hostPumps,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { idsOf } from '../broadcasts.ts'
import { percentiles } from '../table.ts'
import { connectAs, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  url: string
  prefix: string
  recipients: number
  replies: number
  /** Without it the broadcast goes within the bot's own budget. */
  paidPerSecond?: number
  /** How long Telegram takes to answer calls to recipients. */
  answerMs: readonly [number, number]
}>()
const redis = connectAs('sender', options.url)
const log = createLog({ service: 'bench', level: 'error' })
const keys = createKeys({ prefix: options.prefix, shards: 1 })
const onError = () => undefined
const wakes = createWakes({ redis, keys, onError })
const outbox = createOutbox({ redis, keys })
const jobs = createBroadcastJobs({ redis, keys, onError })
const broadcasts = createBroadcasts({ redis, keys, jobs })
const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const budget = createBudget({ redis, keys, botId: '1', limits })
const budgets = new Map([['1', budget]])
const REPLY_EVERY_MS = 100
const REPLY_ANSWER_MS = [5, 25] as const
const waitedMs: number[] = []
const postedAt = new Map<string, number>()
let recipientsCalled = 0
let replying: NodeJS.Timeout | undefined

function reply(n: number): void {
  const id = `r${n}`
  const homeId = String(1 + n)
  postedAt.set(id, performance.now())
  void outbox
    .post({ botId: '1', homeId }, { id, class: 1, place: '', payload: '{}' })
    .then((headClass) => budget.ready(homeId, headClass))
}

await hostPumps({
  redis,
  keys,
  wakes,
  outbox,
  recipients: createRecipients({ redis, keys }),
  budgets,
  log,
  async send({ delivery, broadcast, handOver }) {
    handOver({ repeatable: false })
    if (broadcast) recipientsCalled++
    else waitedMs.push(performance.now() - (postedAt.get(delivery.id) ?? Number.NaN))
    if (waitedMs.length === options.replies) {
      clearInterval(replying)
      // A broadcast that had ended, or did not move, would have held nobody up.
      const share = recipientsCalled / options.recipients
      if (share >= 1 || share === 0) throw new Error('the broadcast was not under way all the time')
      reportAndEnd({ ...percentiles(waitedMs), recipientsCalled })
    }
    const [least, most] = broadcast ? options.answerMs : REPLY_ANSWER_MS
    await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)))
    return { kind: 'settled' }
  },
  async park() {},
})
conductBroadcasts({ redis, keys, wakes, broadcasts, jobs, budgets, log })
const { paidPerSecond } = options
await broadcasts.create({ botId: '1', payload: '{}', audience: idsOf(options.recipients), paidPerSecond })
await new Promise<void>((resolve) => {
  const watch = setInterval(() => {
    if (recipientsCalled < limits.botPerSecond) return
    clearInterval(watch)
    resolve()
  }, 20)
})
let posted = 0
replying = setInterval(() => reply(posted++), REPLY_EVERY_MS)
sayReady()
