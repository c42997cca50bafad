/** What a delivered message and a shown preview cost the sender and Redis, beside the calls of a plain client. */
import {
  createBudget,
  createInbox,
  createKeys,
  createOutbox,
  createWakes,
  type Delivery,
  type LaneName,
} from '@chatlane/lanes'
import type { StreamState } from '@chatlane/telegram'
import { endRole, startRole } from './measured-process.ts'
import type { PeerName } from './peers.ts'
import { connectAs } from './roles/role.ts'
import { sampleText } from './sample-text.ts'
import {
  BOT,
  PREFIX,
  type Spent,
  startBenchTelegram,
  startSenderUnderTest,
  TOKEN,
} from './sender-under-test.ts'

/** What one call cost. */
export interface CallCost {
  perSecond: number
  senderMicros: number
  redisMicros: number
}

/** How a run is. */
export interface SendingRun {
  url: string
  kind: 'messages' | 'edits'
  chats: number
  calls: number
  nodeArgs?: readonly string[]
}

/** Sentences of a message, and of a reply in the making: 480 and 1,600 units. */
const SENTENCES = { messages: 6, edits: 20 }
/** States are published a third faster than calls are made: there is always a newer one to show. */
const STATES_PER_SECOND = 1500
const WIDE = 1_000_000
const WIDE_LIMITS = { botPerSecond: 5000, chatPerSecond: WIDE, chatBurst: 3, groupPerMinute: WIDE }
const ENVIRONMENT = {
  TELEGRAM_LIMIT_PER_SECOND: String(WIDE_LIMITS.botPerSecond),
  TELEGRAM_LIMIT_CHAT_PER_SECOND: String(WIDE),
}
const TELEGRAM = {
  unknownChats: 'create',
  limits: { ...WIDE_LIMITS, chatBurst: WIDE },
} as const

/** One run of a plain client: its CPU for each call, in microseconds. */
export async function runPeer(peer: PeerName, run: Omit<SendingRun, 'url'>): Promise<number> {
  const telegram = await startBenchTelegram(TELEGRAM)
  const { kind, chats, calls } = run
  const options = {
    peer,
    kind,
    chats,
    calls,
    apiRoot: telegram.url,
    token: TOKEN,
    sentences: SENTENCES[kind],
  }
  const role = startRole('peer-calls', options)
  try {
    return (await role.report).microsPerCall ?? Number.NaN
  } finally {
    await endRole(role)
    await telegram.end()
  }
}

/** One run of the sender. */
export async function runSending(run: SendingRun): Promise<CallCost> {
  const { url, nodeArgs } = run
  const sender = await startSenderUnderTest({
    url,
    telegram: TELEGRAM,
    environment: ENVIRONMENT,
    ...(nodeArgs && { nodeArgs }),
  })
  const redis = connectAs('worker', url)
  const keys = createKeys({ prefix: PREFIX, shards: 1 })
  const wakes = createWakes({ redis, keys, onError: () => undefined })
  const budget = createBudget({ redis, keys, botId: BOT, limits: WIDE_LIMITS })
  const lanes = Array.from({ length: run.chats }, (_, n) => ({
    botId: BOT,
    homeId: String(1 + n),
    place: '',
  }))
  const parts: Parts = {
    lanes,
    outbox: createOutbox({ redis, keys }),
    inbox: createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } }),
    async ready(lane, headClass) {
      if (!(await budget.ready(lane.homeId, headClass))) await wakes.wakePump(BOT)
    },
  }
  try {
    return await (run.kind === 'messages' ? messages : previews)(parts, run, sender)
  } finally {
    await sender.end()
    await wakes.close()
    redis.disconnect()
  }
}

interface Parts {
  lanes: LaneName[]
  outbox: ReturnType<typeof createOutbox>
  inbox: ReturnType<typeof createInbox>
  ready(lane: LaneName, headClass: string): Promise<void>
}

type Sender = Awaited<ReturnType<typeof startSenderUnderTest>>

/** Fills the outboxes and readies all chats at once; the filling is not measured. */
async function messages({ lanes, outbox, ready }: Parts, run: SendingRun, sender: Sender): Promise<CallCost> {
  const deliver = async (name: string, perChat: number): Promise<[Spent, Spent]> => {
    const before = await sender.spent()
    for (let n = 0; n < perChat; n++)
      await Promise.all(lanes.map((lane) => outbox.post(lane, messageDelivery(`${name}${n}`))))
    const filled = await sender.spent()
    await Promise.all(lanes.map((lane) => ready(lane, '1')))
    const target = before.posted + perChat * lanes.length
    return [filled, await sender.spentOnce(({ posted }) => posted >= target)]
  }
  await deliver('warm', 10)
  const [from, to] = await deliver('m', run.calls / run.chats)
  return costOf(from, to, to.posted - from.posted)
}

function messageDelivery(id: string): Delivery {
  const payload = JSON.stringify({ method: 'sendMessage', chatId: 0, ...sampleText(SENTENCES.messages, id) })
  return { id, class: 1, place: '', payload }
}

/** Publishes ever newer states of each chat's reply for as long as it takes; Redis's share contains the publishing. */
async function previews(parts: Parts, run: SendingRun, sender: Sender): Promise<CallCost> {
  const { lanes, inbox, outbox, ready } = parts
  for (const lane of lanes) {
    const item = { id: lane.homeId, mergeKey: '1', album: '', payload: '{}' }
    await inbox.append(lane, item, { open: true, countAs: 'u' })
    await inbox.take(lane, turnOf(lane))
  }
  let isOver = false
  const publishing = (async () => {
    const startedAt = performance.now()
    for (let n = 0; !isOver; ) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * STATES_PER_SECOND)
      const publish = async (lane: LaneName, name: number) => {
        const payload = JSON.stringify(stateNamed(name))
        const published = await outbox.publish(lane, { turnId: turnOf(lane), stream: 's', payload })
        if (published.kind === 'opened') await ready(lane, published.outClass)
      }
      const batch: Promise<void>[] = []
      for (; n < due; n++) batch.push(publish(lanes[n % lanes.length] as LaneName, n))
      await Promise.all(batch)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  })()
  const from = await sender.spentOnce(({ edited }) => edited >= 10 * run.chats)
  const to = await sender.spentOnce(({ edited }) => edited >= from.edited + run.calls)
  isOver = true
  await publishing
  return costOf(from, to, to.edited - from.edited)
}

function turnOf(lane: LaneName): string {
  return `t${lane.homeId}`
}

function stateNamed(name: number): StreamState {
  return { pages: [sampleText(SENTENCES.edits, name)], markdown: '' }
}

function costOf(from: Spent, to: Spent, calls: number): CallCost {
  if (to.floods > 0) throw new Error('the simulator refused calls that it was to accept')
  return {
    perSecond: (calls / (to.atMs - from.atMs)) * 1000,
    senderMicros: (to.senderMicros - from.senderMicros) / calls,
    redisMicros: (to.redisMicros - from.redisMicros) / calls,
  }
}
