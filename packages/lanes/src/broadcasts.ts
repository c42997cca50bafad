/** Broadcasts as operators see them: one message to many chats, sent behind everything else. */
import type { RedisClient } from '@chatlane/runtime'
import type { BroadcastJobs } from './broadcast-jobs.ts'
import { type ChatIds, listRecipients } from './broadcast-list.ts'
import { botOfBroadcast, broadcastId, broadcastKey } from './broadcast-names.ts'
import { type BroadcastStatus, readStatus, STATUS_FIELDS } from './broadcast-status.ts'
import { seal, unseal } from './format.ts'
import { createHomes } from './homes.ts'
import type { Keys } from './names.ts'
import { ATTEMPT_MS } from './outbox.ts'
import { scripts } from './scripts.ts'

/** A broadcast to be made. */
export interface NewBroadcast {
  botId: string
  /** What the pump's `send` gets for each recipient. */
  payload: string
  /** All chats that the bot can reach while it runs, or these, each once. */
  audience: 'all' | ChatIds
  /** Calls per second where they are paid for; none: the bot's budget, behind everything else. */
  paidPerSecond?: number | undefined
}

/** What sending to the unknown recipients anyway came to. */
export type Resent =
  | { kind: 'created'; broadcast: BroadcastStatus }
  /** There is no such broadcast, or nobody in it is unknown. */
  | { kind: 'nobody' }
  /** It still runs: who else is unknown is not known yet. */
  | { kind: 'running' }
  /** An answer may still come: ask again after `ms`. */
  | { kind: 'early'; ms: number }
  /** It was sent again before, as that broadcast. */
  | { kind: 'resent'; as: string }

/** What an operator can do. Ids name their bot. */
export interface Broadcasts {
  /** Throws a ChatIdError where the list holds something else; nothing is sent then. */
  create(broadcast: NewBroadcast): Promise<BroadcastStatus>
  /** Undefined where there is none: ended ones are kept for 30 days. */
  status(id: string): Promise<BroadcastStatus | undefined>
  /** The broadcasts of a bot, the newest first. */
  list(botId: string): Promise<BroadcastStatus[]>
  /** Nobody else is called; calls under way end. */
  stop(id: string): Promise<BroadcastStatus | undefined>
  /** A stopped one goes on from where it was; one whose job was removed gets another. */
  resume(id: string): Promise<BroadcastStatus | undefined>
  /** The recipients whose call was handed over and never answered, in portions. */
  unknowns(id: string): AsyncIterable<string[]>
  /** Makes a broadcast of the same message to the unknown recipients of an ended one; once. */
  resendUnknown(id: string): Promise<Resent>
  /** The broadcasts of a bot that are under way or wait for their turn. */
  unended(botId: string): Promise<BroadcastStatus[]>
}

const PUSHED_AT_ONCE = 10_000
/** A list whose command died before it was whole goes away by itself. */
const UNFINISHED_SECONDS = 3600
const SCANNED_AT_ONCE = 1000

/** The broadcasts under `keys`. */
export function createBroadcasts(options: {
  redis: RedisClient
  keys: Keys
  jobs: BroadcastJobs
}): Broadcasts {
  const { redis, keys, jobs } = options
  const homes = createHomes({ redis, keys })
  const keyOf = (id: string) => broadcastKey(keys, botOfBroadcast(id) ?? '', id)
  const nextId = async (botId: string) => broadcastId(botId, await redis.incr(`${keys.bot(botId)}:bc:ids`))

  const status: Broadcasts['status'] = async (id) =>
    botOfBroadcast(id) === undefined
      ? undefined
      : readStatus(id, await redis.hmget(keyOf(id), ...STATUS_FIELDS))
  const statusAndJob = async (id: string) => {
    const found = await status(id)
    const hasWork = found && found.state !== 'done' && found.state !== 'stopped'
    if (hasWork) await jobs.ensure({ bot: found.botId, broadcast: id, total: found.total })
    return found
  }
  const push = async (id: string, recipients: Float64Array) => {
    const list = `${keyOf(id)}:list`
    for (let from = 0; from < recipients.length; from += PUSHED_AT_ONCE) {
      const portion = Array.from(recipients.subarray(from, from + PUSHED_AT_ONCE), String)
      await redis.rpush(list, ...portion)
      if (from === 0) await redis.expire(list, UNFINISHED_SECONDS)
    }
  }
  const createAs = async (id: string, { botId, payload, audience, paidPerSecond }: NewBroadcast) => {
    const isAll = audience === 'all'
    let total = 0
    if (isAll) total = Number((await redis.get(`${keys.bot(botId)}:aud:size`)) ?? 0)
    else {
      const recipients = await listRecipients(audience, (chatId) => homes.homeOf(botId, chatId))
      await push(id, recipients)
      total = recipients.length
    }
    const args = [id, isAll ? 'all' : 'list', total, paidPerSecond ?? '', seal(payload)]
    await scripts.broadcastOpen(redis, [keys.bot(botId)], args)
    const created = await statusAndJob(id)
    if (!created) throw new Error('a broadcast is gone right after it was made')
    return created
  }
  const statuses = async (ids: readonly string[]) =>
    (await Promise.all(ids.map(status))).filter((found) => found !== undefined)
  async function* unknownEntries(id: string): AsyncIterable<[chat: string, atMs: number][]> {
    let cursor = '0'
    do {
      const [next, flat] = await redis.hscan(`${keyOf(id)}:unknown`, cursor, 'COUNT', SCANNED_AT_ONCE)
      cursor = next
      yield flat.flatMap((chat, n) =>
        n % 2 === 0 ? [[chat, Number.parseInt(flat[n + 1] ?? '', 10) || 0] as [string, number]] : [],
      )
    } while (cursor !== '0')
  }
  async function* unknowns(id: string) {
    for await (const entries of unknownEntries(id)) yield entries.map(([chat]) => chat)
  }
  return {
    create: async (broadcast) => createAs(await nextId(broadcast.botId), broadcast),
    status,
    async list(botId) {
      const ids = await redis.zrevrange(`${keys.bot(botId)}:broadcasts`, '0', '-1')
      const found = await statuses(ids)
      const gone = ids.filter((id) => !found.some((each) => each.id === id))
      if (gone.length > 0) await redis.zrem(`${keys.bot(botId)}:broadcasts`, ...gone)
      return found
    },
    async unended(botId) {
      const base = keys.bot(botId)
      const active = await redis.get(`${base}:bc:active`)
      const waiting = await redis.zrange(`${base}:bc:waiting`, '0', '-1')
      return statuses(active === null ? waiting : [active, ...waiting])
    },
    async stop(id) {
      const botId = botOfBroadcast(id)
      if (botId !== undefined) await scripts.broadcastStop(redis, [keys.bot(botId)], [id])
      return status(id)
    },
    async resume(id) {
      const botId = botOfBroadcast(id)
      if (botId !== undefined) await scripts.broadcastResume(redis, [keys.bot(botId)], [id])
      return statusAndJob(id)
    },
    unknowns,
    async resendUnknown(id) {
      const found = await status(id)
      if (!found || found.unknown === 0) return { kind: 'nobody' }
      if (found.state !== 'done' && found.state !== 'stopped') return { kind: 'running' }
      const [seconds] = await redis.time()
      for await (const entries of unknownEntries(id)) {
        const settledMs = Math.max(0, ...entries.map(([, atMs]) => atMs)) + ATTEMPT_MS
        const ms = settledMs - Number(seconds) * 1000
        if (ms > 0) return { kind: 'early', ms }
      }
      const payload = unseal((await redis.hget(keyOf(id), 'payload')) ?? '')
      const { botId, paidPerSecond } = found
      const next = await nextId(botId)
      // Of two operators who ask at once one makes it, so that nobody is sent to twice by this.
      if ((await redis.hsetnx(keyOf(id), 'resentAs', next)) === 0) {
        const as = (await redis.hget(keyOf(id), 'resentAs')) ?? ''
        if (await status(as)) return { kind: 'resent', as }
        await redis.hset(keyOf(id), 'resentAs', next)
      }
      const broadcast = await createAs(next, { botId, payload, audience: unknowns(id), paidPerSecond })
      return { kind: 'created', broadcast }
    },
  }
}
