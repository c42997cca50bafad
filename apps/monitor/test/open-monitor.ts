/** A monitor of the test's own, with the lanes that it shows. */
import {
  createAudience,
  createBroadcastJobs,
  createBroadcasts,
  createDeadLetters,
  createInbox,
  createKeys,
  createWakes,
  type DeadLetter,
} from '@chatlane/lanes'
import { createLog, seriesOf } from '@chatlane/runtime'
import { openTestRedis, until } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import type { MonitorConfig } from '../src/config.ts'
import { startMonitor } from '../src/monitor.ts'

export const PASSWORD = 'correct horse'
export const AUTHORIZATION = basic('admin', PASSWORD)

/** The header of basic authentication. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** Starts a monitor; call inside a test. `get` and `put` know the password. */
export async function openMonitor(change: Partial<MonitorConfig> = {}) {
  const lanes = openLanes(change.shards ?? 1)
  const config: MonitorConfig = {
    redisUrl: lanes.url,
    redisPrefix: lanes.prefix,
    allowEviction: false,
    shards: 1,
    host: '127.0.0.1',
    port: 0,
    user: 'admin',
    password: PASSWORD,
    write: false,
    boardQueues: [],
    botIds: ['1'],
    logLevel: 'silent',
    ...change,
  }
  const log = createLog({ service: 'monitor', level: 'silent' })
  const monitor = await startMonitor({ config, log })
  onTestFinished(() => monitor.stop())
  const ask = (method: string) => (path: string) =>
    fetch(`${monitor.address}${path}`, { method, headers: AUTHORIZATION })
  /** `body` as JSON, as a program sends it. */
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(`${monitor.address}${path}`, {
      method: 'POST',
      headers: { ...AUTHORIZATION, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { ...lanes, monitor, address: monitor.address, get: ask('GET'), put: ask('PUT'), post }
}

/** Bull Board's numbers of its queues, by name. */
export async function readBoard(get: (path: string) => Promise<Response>, query = '') {
  const response = await get(`/api/queues${query}`)
  const { queues } = (await response.json()) as { queues: BoardQueue[] }
  return new Map(queues.map((queue) => [queue.name, queue]))
}

interface BoardQueue {
  name: string
  displayName: string
  description: string
  readOnlyMode: boolean
  counts: Record<string, number>
  jobs: { id: string; failedReason: string; data: unknown; progress: unknown }[]
}

function openLanes(shards: number) {
  const { url, redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards })
  const onError = () => {}
  const wakes = createWakes({ redis, keys, onError })
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const jobs = createBroadcastJobs({ redis, keys, onError })
  const log = createLog({ service: 'test', level: 'silent' })
  const deadLetters = createDeadLetters({ redis, keys, log })
  onTestFinished(async () => {
    await wakes.close()
    await jobs.close()
    await deadLetters.close()
  })
  return {
    url,
    redis,
    prefix,
    keys,
    jobs,
    broadcasts: createBroadcasts({ redis, keys, jobs }),
    audience: createAudience({ redis, keys }),
    /** Appends `updates` updates, spread over `chats` chats, as the gateway does. */
    async append({ updates, chats }: { updates: number; chats: number }) {
      const countAs = seriesOf('chatlane_updates_total', { bot: '1', type: 'message' })
      const calls = Array.from({ length: updates }, async (_, n) => {
        const lane = { botId: '1', homeId: String(1 + (n % chats)), place: '' }
        const item = { id: String(n), mergeKey: '', album: '', payload: '{}' }
        await inbox.append(lane, item, { open: true, countAs })
        await wakes.wakeLane(lane)
      })
      await Promise.all(calls)
    },
    /** Parks `count` dead letters and waits until they are failed jobs. `replayed` gathers what is retried. */
    async park(count: number) {
      const replayed: { letter: DeadLetter; contents: string }[] = []
      const serving = deadLetters.serve(async (letter, contents) => {
        replayed.push({ letter, contents })
      })
      onTestFinished(() => serving.stop())
      for (let n = 0; n < count; n++) {
        const letter = { botId: '1', homeId: String(n), place: '', id: `d${n}`, reason: 'Telegram said 400' }
        await deadLetters.park({ kind: 'delivery', ...letter }, `contents ${n}`)
      }
      const failed = async () => {
        const queues = Array.from({ length: shards }, (_, n) => deadLetters.queue(n))
        const counts = await Promise.all(queues.map((queue) => queue.getFailedCount()))
        return counts.reduce((total, each) => total + each, 0)
      }
      await until(async () => (await failed()) === count)
      return { replayed }
    },
  }
}
