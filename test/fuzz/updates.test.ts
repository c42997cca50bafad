import { until } from '@chatlane/test-kit'
import { Pool } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import type { ServiceProcess } from '../e2e/service-process.ts'
import { openStack, TOKEN } from '../e2e/stack.ts'
import { WEBHOOK_ENVIRONMENT, WEBHOOK_SECRET } from '../e2e/webhook.ts'
import { damagedBytes, mutated, mutations } from './mutations.ts'
import { residentMegabytes } from './resident-memory.ts'
import { runsOf, SEED, TIMEOUT_MS } from './runs.ts'
import { ANNA, updateCorpus } from './update-corpus.ts'

const PATH = `/telegram/${TOKEN.split(':')[0]}`
const AT_ONCE = 32
/** The chats that mutated updates come from. */
const FIRST_CHAT = 1000
const CHATS = 500
const VERA = 9
/** With fewer the gateway is still warming up, and its memory tells nothing. */
const MANY = 100_000
/** How often it is looked at while updates are sent. */
const SAMPLES = 20

async function openFuzzed() {
  const stack = await openStack({
    environment: {
      ...WEBHOOK_ENVIRONMENT,
      MERGE_WINDOW_MS: '0',
      STREAMING: 'off',
      TELEGRAM_LIMIT_PER_SECOND: '10000',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '10000',
      TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1000000',
    },
    model: { answers: () => 'Yes.', firstTokenMs: [0, 1], totalMs: [1, 2], keepRequests: 10 },
  })
  for (let id = FIRST_CHAT; id < FIRST_CHAT + CHATS; id++) stack.telegram.phone.createUser({ id })
  const gateway = await stack.start('gateway')
  const pool = new Pool(await gateway.address, { connections: AT_ONCE })
  onTestFinished(() => pool.destroy())
  const post = async (body: Buffer): Promise<number> => {
    const { statusCode, body: answer } = await pool.request({
      method: 'POST',
      path: PATH,
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET },
      body,
      headersTimeout: 20_000,
      bodyTimeout: 20_000,
    })
    await answer.dump()
    return statusCode
  }
  /** Sends so many mutated updates of many chats, and calls `during` now and then; resolves with the statuses that came. */
  const postMutated = async (count: number, during?: () => unknown): Promise<Set<number>> => {
    const corpus = (await updateCorpus()).map((update) => JSON.stringify(update))
    const statuses = new Set<number>()
    const source = mutations(SEED, count)
    let sent = 0
    const send = async () => {
      for (const mutation of source) {
        sent++
        if (sent % Math.ceil(count / SAMPLES) === 0) await during?.()
        const sample = corpus[mutation.sample % corpus.length] ?? ''
        const chat = FIRST_CHAT + (sent % CHATS)
        const update = JSON.parse(sample.replaceAll(`"id":${ANNA},`, `"id":${chat},`)) as object
        const document = mutated({ ...update, update_id: sent }, mutation)
        statuses.add(await post(damagedBytes(JSON.stringify(document) ?? '', mutation)))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, send))
    return statuses
  }
  return { ...stack, gateway, postMutated }
}

const complaints = ({ lines }: ServiceProcess) => lines.filter((line) => /"level":"(error|fatal)"/.test(line))

test(
  'the gateway takes or refuses every mutated update, and grows by none of them',
  async () => {
    const { gateway, redis, postMutated } = await openFuzzed()
    const megabytes: number[] = []
    const runs = runsOf(MANY)
    const statuses = await postMutated(runs, async () => {
      megabytes.push(residentMegabytes(gateway))
      // Nobody takes them away.
      for (const key of await redis.redis.keys(`${redis.prefix}:*`)) await redis.redis.unlink(key)
    })
    // Some have grown over what Telegram takes.
    expect([200, 400, 413]).toEqual(expect.arrayContaining([...statuses]))
    expect(complaints(gateway)).toEqual([])
    if (runs < MANY) return
    // It has warmed up in the first half; what it leaked of every update would be seen in the second.
    const [middle = 0, end = 0] = [0.5, 0.75].map((from) => {
      const part = megabytes.slice(from * SAMPLES, (from + 0.25) * SAMPLES)
      return part.reduce((sum, each) => sum + each, 0) / part.length
    })
    expect(end).toBeLessThan(middle + 32)
  },
  TIMEOUT_MS,
)

test(
  'workers and senders get over every mutated update without a dead letter, and answer the next message',
  async () => {
    const { telegram, redis, start, postMutated } = await openFuzzed()
    const services = await Promise.all([start('worker'), start('sender')])
    expect([200, 400, 413]).toEqual(expect.arrayContaining([...(await postMutated(runsOf(10_000)))]))
    const busy = async () => {
      const keys = await redis.redis.keys(`${redis.prefix}:*`)
      return keys.filter((key) => /:(in|out):\d/.test(key))
    }
    await until(async () => (await busy()).length === 0)
    expect(services.flatMap(complaints)).toEqual([])
    expect(await redis.redis.keys(`${redis.prefix}:*:dead:*`)).toEqual([])
    telegram.phone.createUser({ id: VERA })
    const [gateway] = await Promise.all([start('gateway', { UPDATES: 'polling' })])
    telegram.phone.sendText({ from: VERA, text: 'still there?' })
    await until(() => telegram.messages(VERA).some(({ message }) => message.text === 'Yes.'))
    await gateway.stop()
  },
  TIMEOUT_MS,
)
