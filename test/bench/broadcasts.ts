/** A paid broadcast: how fast it goes, and what a recipient costs the sender and Redis. */
import { createBroadcastJobs, createBroadcasts, createKeys } from '@chatlane/lanes'
import { connectAs } from './roles/role.ts'
import { sampleText } from './sample-text.ts'
import { BOT, PREFIX, startSenderUnderTest } from './sender-under-test.ts'

/** What one run came to, between its first tenth and its last twentieth. */
export interface BroadcastRun {
  recipientsPerSecond: number
  senderMicros: number
  redisMicros: number
  /** Calls that Telegram would have found too many. */
  overLimit: number
}

/** What Telegram gives a bot that pays (core.telegram.org/bots/api#paid-broadcasts). */
export const PAID_PER_SECOND = 1000
/** Ten digits, as the ids of most people are today; none are neighbours. */
const FIRST_ID = 5_000_000_000
const ID_STEP = 7

/** The broadcasts of a Redis, as an operator's command makes them, and what each recipient gets. */
export function openBroadcasts(url: string) {
  const redis = connectAs('worker', url)
  const keys = createKeys({ prefix: PREFIX, shards: 1 })
  const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const payload = JSON.stringify({ method: 'sendMessage', chatId: 0, ...sampleText(6, 'news') })
  return {
    redis,
    keys,
    broadcasts,
    createPaid: (recipients: number) =>
      broadcasts.create({
        botId: BOT,
        payload,
        audience: idsOf(recipients),
        paidPerSecond: PAID_PER_SECOND,
      }),
    async close() {
      await jobs.close()
      redis.disconnect()
    },
  }
}

/** `count` ids of chats, ascending, in portions. */
export function* idsOf(count: number): Generator<string[]> {
  for (let from = 0; from < count; from += 10_000) {
    const portion = Math.min(10_000, count - from)
    yield Array.from({ length: portion }, (_, n) => String(FIRST_ID + (from + n) * ID_STEP))
  }
}

/** One run. `answerMs`: how long Telegram takes to answer. */
export async function runBroadcast(options: {
  url: string
  recipients: number
  answerMs: readonly [number, number]
  nodeArgs?: readonly string[]
}): Promise<BroadcastRun> {
  const { url, recipients, answerMs, nodeArgs } = options
  const sender = await startSenderUnderTest({
    url,
    telegram: { unknownChats: 'accept', answerDelayMs: answerMs },
    ...(nodeArgs && { nodeArgs }),
  })
  const { createPaid, close } = openBroadcasts(url)
  try {
    await createPaid(recipients)
    const from = await sender.spentOnce(({ posted }) => posted >= recipients * 0.1)
    const to = await sender.spentOnce(({ posted }) => posted >= recipients * 0.95)
    const calls = to.posted - from.posted
    return {
      recipientsPerSecond: (calls / (to.atMs - from.atMs)) * 1000,
      senderMicros: (to.senderMicros - from.senderMicros) / calls,
      redisMicros: (to.redisMicros - from.redisMicros) / calls,
      overLimit: to.overLimit,
    }
  } finally {
    await close()
    await sender.end()
  }
}
