/** The command as a process on a Redis of the test's own, and what an installation keeps of a chat there. */
import { fileURLToPath } from 'node:url'
import {
  createDeadLetters,
  createInbox,
  createKeys,
  createOutbox,
  type DeadLetter,
  type LaneName,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { openTestRedis, startCommand, until } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const TOKEN = '7:AAAAAAAAAAAAAAAAAAAA'
const SHARDS = 3

/** Call inside a test. */
export function openCommand() {
  const { redis, prefix, url } = openTestRedis()
  const environment = {
    REDIS_URL: url,
    REDIS_PREFIX: prefix,
    LANE_SHARDS: String(SHARDS),
    TELEGRAM_BOT_TOKEN: TOKEN,
  }
  const keys = createKeys({ prefix, shards: SHARDS })
  const log = createLog({ service: 'test', level: 'silent' })
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const deadLetters = createDeadLetters({ redis, keys, log })
  const replayed: string[] = []
  const serving = deadLetters.serve(async ({ id }) => void replayed.push(id))
  onTestFinished(async () => {
    await serving.stop()
    await deadLetters.close()
  })
  /** Runs the command with `env` beside what names the test's installation. */
  const runWith = (env: Record<string, string>, ...args: string[]) =>
    startCommand({ main: MAIN, args, env: { ...environment, ...env } }).ended
  return {
    ...{ redis, keys, inbox, deadLetters, replayed, runWith },
    outbox: createOutbox({ redis, keys }),
    run: (...args: string[]) => runWith({}, ...args),
    laneOf: (homeId: string, place = ''): LaneName => ({ botId: '7', homeId, place }),
    /** Appends a message that says `text`. */
    async say(lane: LaneName, updateId: number, text: string) {
      const update = { update_id: updateId, message: { chat: { id: Number(lane.homeId) }, text } }
      const item = { id: String(updateId), mergeKey: '', album: '', payload: JSON.stringify(update) }
      return inbox.append(lane, item, { open: true, countAs: 'n' })
    },
    /** Parks a message that says `text` as a dead letter, and waits until it is a failed job. */
    async park(homeId: string, id: string, text: string) {
      const letter: DeadLetter = { kind: 'update', botId: '7', homeId, place: '', id, reason: 'given up' }
      const update = { update_id: Number(id), message: { chat: { id: Number(homeId) }, text } }
      const queue = deadLetters.queue(keys.shardOf(letter))
      const before = await queue.getFailedCount()
      await deadLetters.park(letter, JSON.stringify(update))
      await until(async () => (await queue.getFailedCount()) > before)
    },
  }
}
