/** The inbox lane: what is appended, taken as turns and committed. */
import { type RedisClient, type Script, seriesOf } from '@chatlane/runtime'
import { INDEX_SECONDS, indexKey } from './chat-index.ts'
import { seal, unseal } from './format.ts'
import { isQueryLane, type Keys, type LaneName, laneText } from './names.ts'
import { deliveryArguments } from './outbox.ts'
import { scripts } from './scripts.ts'
import type { TurnEnd } from './turn-end.ts'

/** How long an update's id is remembered: Telegram keeps undelivered updates for 24 hours. */
export const SEEN_SECONDS = 25 * 3600
/** How long a lane's turn is remembered after it was taken: for a commit that is sent again, and its tries. */
const TURN_SECONDS = SEEN_SECONDS

/** One thing in a lane. What the payload means is the caller's. */
export interface Item {
  /** Drops repeats; '' where repeats may enter. */
  id: string
  /** Items of one merge key that follow each other quickly become one turn. '' never merges. No '|' inside. */
  mergeKey: string
  /** Items of one album merge also where nothing else does. '' for none. No '|' inside. */
  album: string
  payload: string
}

/** An item as it was taken. */
export interface TakenItem {
  id: string
  /** When it was appended, on Redis's clock. */
  atMs: number
  payload: string
}

/**
 * What an append came to. `appended`: the lane was empty and must be woken. `behind`: others wait before it, whose
 * wake-up or turn is on its way. `seen`: a repeat, which is woken too: that heals a gateway that died in between. `shed`:
 * the lane is over its bound; what comes is left out until half of what waits is answered, and its next turn says so.
 */
export type Appended = 'appended' | 'behind' | 'seen' | 'closed' | 'shed'

const APPENDED: Record<string, Appended> = {
  '1': 'appended',
  '2': 'behind',
  '0': 'seen',
  '-1': 'closed',
  '-2': 'shed',
}

/** What may wait in one lane. */
export interface LaneBounds {
  mostItems: number
  mostBytes: number
}

/** How turns are cut. */
export interface TurnRules {
  /** The quiet window in ms; 0 merges albums only. */
  quietMs: number
  /** Failed tries of a lane's head before it is given up. */
  maxTries: number
  /** Most items of a bot's turns. Default 20; 1 where every update has its own. */
  mostItems?(botId: string): number
  /** How many workers may die over a lane's head before it is given up. Default 12: deploys and bad luck kill, too. */
  maxDeaths?: number
}

const ALBUM_MS = 1000
const MOST_ITEMS = 20
const MOST_BYTES = 64 * 1024
const MOST_UNDELIVERED = 20
const MOST_DEATHS = 12

/** What `take` found. */
export type Taken =
  | { kind: 'empty' }
  | { kind: 'wait'; ms: number; why: 'quiet' | 'retry' | 'undelivered' | 'paused' }
  /** `spent`: the head was tried too often and is to be given up. */
  | {
      kind: 'turn'
      turnId: string
      tries: number
      spent: boolean
      takenAtMs: number
      /** The lane is over its bound, and its people were not told. */
      isShedding: boolean
      items: TakenItem[]
    }

/** What a commit came to; `conflict`: an expectation of its writes does not hold, nothing was changed; `more`: the lane has items; `outClass`: class of the chat's next delivery or ''. */
export interface Committed {
  kind: 'committed' | 'already' | 'stale' | 'conflict'
  more: boolean
  outClass: string
}

/** The calls on inbox lanes. Each is one Lua call and safe to repeat. */
export interface Inbox {
  /** `bounds`: of the lane, where the item may be shed. */
  append(
    lane: LaneName,
    item: Item,
    options: { open: boolean; countAs: string; bounds?: LaneBounds },
  ): Promise<Appended>
  /** Rejects with a NewerFormatError where a newer release must take it: the turn is to be handed back. */
  take(lane: LaneName, turnId: string): Promise<Taken>
  commit(lane: LaneName, turnId: string, end: TurnEnd): Promise<Committed>
  /** The items of the turn in progress; none where the lane rests. */
  inProgress(lane: LaneName): Promise<TakenItem[]>
  /** Gives the turn back for `pauseMs`; `counts`: the try counts towards giving up. False where it was replaced. */
  handBack(
    lane: LaneName,
    turnId: string,
    options: { pauseMs: number; counts: boolean; error?: string },
  ): Promise<boolean>
  /** What the last failed try of the turn at the lane's head was handed back with. */
  lastError(lane: LaneName): Promise<string | undefined>
}

/** The inbox lanes under `keys`. */
export function createInbox(options: { redis: RedisClient; keys: Keys; rules: TurnRules }): Inbox {
  const { redis, keys, rules } = options
  const shardKey = (lane: LaneName, name: string) => keys.ofShard(keys.shardOf(lane), name)
  const run = (script: Script, keyList: string[], args: (string | number | Buffer)[]) =>
    script(redis, keyList, args)
  return {
    async append(lane, item, { open, countAs, bounds }) {
      // Every chat has these two; what else it has must be known to whoever erases it.
      const isKnown = lane.place === '' || isQueryLane(lane)
      const answer = await run(
        scripts.append,
        [
          keys.ofChat(lane, 'seen'),
          keys.ofLane(lane, 'in'),
          shardKey(lane, 'dirty'),
          shardKey(lane, 'tally'),
          keys.ofLane(lane, 'turn'),
          ...(isKnown ? [] : [indexKey(keys, lane)]),
        ],
        [
          laneText(lane),
          item.id,
          item.mergeKey,
          item.album,
          seal(item.payload),
          open ? '1' : '0',
          SEEN_SECONDS,
          countAs,
          bounds?.mostItems ?? '',
          bounds?.mostBytes ?? '',
          seriesOf('chatlane_shed_updates_total', { bot: lane.botId }),
          ...(isKnown ? [] : [lane.place, INDEX_SECONDS]),
        ],
      )
      return APPENDED[String(answer)] ?? 'closed'
    },
    async take(lane, turnId) {
      const answer = (await run(
        scripts.take,
        [
          keys.ofLane(lane, 'in'),
          keys.ofLane(lane, 'turn'),
          shardKey(lane, 'dirty'),
          shardKey(lane, 'turns'),
          keys.ofChat(lane, 'out'),
          keys.ofChat(lane, 'paused'),
        ],
        [
          laneText(lane),
          turnId,
          rules.quietMs,
          ALBUM_MS,
          rules.mostItems?.(lane.botId) ?? MOST_ITEMS,
          MOST_BYTES,
          rules.maxTries,
          // Who tapped a button does not wait for what the chat has not been sent yet.
          isQueryLane(lane) ? Number.MAX_SAFE_INTEGER : MOST_UNDELIVERED,
          TURN_SECONDS,
          rules.maxDeaths ?? MOST_DEATHS,
        ],
      )) as [string, ...(string | number)[]]
      return readTaken(answer, turnId)
    },
    async commit(lane, turnId, { stream = '', tellsOfShedding, deliveries, writes }) {
      const keyIndex = new Map<string, number>()
      for (const write of writes) if (!keyIndex.has(write.key)) keyIndex.set(write.key, keyIndex.size + 1)
      const answer = (await run(
        scripts.commit,
        [
          keys.ofLane(lane, 'in'),
          keys.ofLane(lane, 'turn'),
          shardKey(lane, 'dirty'),
          shardKey(lane, 'turns'),
          keys.ofChat(lane, 'out'),
          keys.ofChat(lane, 'outm'),
          shardKey(lane, 'outdirty'),
          keys.ofChat(lane, 'outv'),
          ...keyIndex.keys(),
        ],
        [
          laneText(lane),
          turnId,
          `${lane.botId}:${lane.homeId}`,
          stream,
          tellsOfShedding ? '1' : '',
          deliveries.length,
          ...deliveries.flatMap(deliveryArguments),
          writes.length,
          ...writes.flatMap((write) => [
            write.command,
            keyIndex.get(write.key) ?? 0,
            write.args.length,
            ...write.args,
          ]),
        ],
      )) as [Committed['kind'], string, string]
      return { kind: answer[0], more: answer[1] === '1', outClass: answer[2] }
    },
    async inProgress(lane) {
      const [turnId, count] = await redis.hmget(keys.ofLane(lane, 'turn'), 'id', 'n')
      if (!turnId) return []
      return (await redis.lrange(keys.ofLane(lane, 'in'), 0, Number(count) - 1)).map(readItem)
    },
    async handBack(lane, turnId, { pauseMs, counts, error = '' }) {
      const answer = await run(
        scripts.handBack,
        [keys.ofLane(lane, 'turn'), shardKey(lane, 'turns')],
        [laneText(lane), turnId, pauseMs, counts ? '1' : '0', error],
      )
      return answer === 1
    },
    async lastError(lane) {
      const [head, error, errorOf] = await redis.hmget(keys.ofLane(lane, 'turn'), 'head', 'error', 'errorOf')
      return error && errorOf === head ? error : undefined
    },
  }
}

function readTaken(answer: [string, ...(string | number)[]], turnId: string): Taken {
  const [kind, first, second, shed, ...rest] = answer
  if (kind === 'empty') return { kind: 'empty' }
  if (kind === 'wait') {
    return { kind: 'wait', ms: Number(first), why: second as (Taken & { kind: 'wait' })['why'] }
  }
  const items = rest.map((raw) => readItem(String(raw)))
  return {
    kind: 'turn',
    turnId,
    tries: Number(first),
    spent: kind === 'spent',
    takenAtMs: Number(second),
    isShedding: shed === '1',
    items,
  }
}

/** An item as it lies in a lane's list. Throws on what is none, a NewerFormatError on what a newer release wrote. */
export function readItem(raw: string): TakenItem {
  const match = /^(\d+)\|([^|]*)\|[^|]*\|[^|]*\|(.*)$/s.exec(raw)
  if (!match) throw new Error('an item of a lane is not readable')
  const [, atMs = '', id = '', payload = ''] = match
  return { atMs: Number(atMs), id, payload: unseal(payload) }
}
