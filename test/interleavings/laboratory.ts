/**
 * The real scripts on a real Redis, from any state: loads a state, makes one step through the product's own calls, and reads
 * the state that came of it. Each step is made once from each state that it looks at, then remembered. Only the clock is
 * replaced: it stands still until the one who explores moves it.
 */
import {
  type Budget,
  createBudget,
  createInbox,
  createKeys,
  createOutbox,
  type Inbox,
  type Outbox,
} from '@chatlane/lanes'
import { openTestRedis } from '@chatlane/test-kit'
import type { Redis } from 'ioredis'

/** The bot, and the chat whose only lane is explored. */
export const LANE = { botId: '7001', homeId: '42', place: '' }

/** The parts of Redis that a step can look at and change: the lane's keys, the chat's outbox, the bot's budget. */
export type Part = 'lane' | 'outbox' | 'bot'

/** What is in Redis: of each part the number of its contents. */
export interface Stored extends Record<Part, number> {
  /** Ms that have passed since the beginning. */
  atMs: number
}

/** The product's calls. */
export interface Ports {
  inbox: Inbox
  outbox: Outbox
  budget: Budget
}

/** A step: what it answered, and what is in Redis then. */
export interface Made<T> {
  answer: T
  stored: Stored
}

/** A laboratory. */
export interface Laboratory {
  /** Nothing in Redis. */
  empty: Stored
  /**
   * Makes the step `name` (which names its arguments, too), which touches `parts`, `afterMs` later than what came before.
   */
  make<T>(
    stored: Stored,
    name: string,
    parts: readonly Part[],
    step: (ports: Ports) => Promise<T>,
    afterMs?: number,
  ): Promise<Made<T>>
  /** Puts the chat into its bot's ready set; its answer tells whether a pump is at work. */
  readyChat(stored: Stored, headClass: string): Promise<Made<boolean>>
  /** Whose the pump's lease is; '' for nobody's. */
  pumpLease(stored: Stored): string
  /** Removes the pump's lease, as time does. */
  endLease(stored: Stored): Promise<Stored>
  /** How often a reply was counted as repeated. */
  countedRepeats(stored: Stored): number
  /** What is left in the lane and the outbox. */
  leftovers(stored: Stored): string[]
  /** How many steps Redis made. */
  stepsMade(): number
}

/** What stands in for the clock of the scripts. */
const CLOCK = "redis.call('TIME')"
const BEGAN_MS = 1_700_000_000_000

const READ = `local all = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  local value = false
  if kind == 'string' then value = redis.call('GET', key)
  elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  elseif kind == 'hash' then value = redis.call('HGETALL', key) end
  all[i] = { kind, value }
end
return all`

type Content = [kind: string, value: string | string[] | null]

/** Opens one; it ends with the test. */
export function openLaboratory(options: { alter?: (lua: string, name: string) => string } = {}): Laboratory {
  const { redis, prefix } = openTestRedis()
  const clockKey = `${prefix}:clock`
  stopClock(redis, clockKey, options.alter)
  const keys = createKeys({ prefix, shards: 1 })
  const rules = { quietMs: 0, maxTries: 5 }
  const limits = { botPerSecond: 1_000_000, chatPerSecond: 1000, chatBurst: 100, groupPerMinute: 1000 }
  const ports: Ports = {
    inbox: createInbox({ redis, keys, rules }),
    outbox: createOutbox({ redis, keys }),
    budget: createBudget({ redis, keys, botId: LANE.botId, limits }),
  }
  const bot = keys.bot(LANE.botId)
  const ofShard = (name: string) => keys.ofShard(0, name)
  const keysOf: Record<Part, string[]> = {
    lane: [
      keys.ofChat(LANE, 'seen'),
      keys.ofLane(LANE, 'in'),
      keys.ofLane(LANE, 'turn'),
      ofShard('dirty'),
      ofShard('turns'),
      ofShard('backlog'),
    ],
    outbox: [
      ...['out', 'outm', 'outv'].map((name) => keys.ofChat(LANE, name)),
      ofShard('outdirty'),
      ofShard('tally'),
    ],
    bot: [
      ...['pump', 'where', 'flights', 'spacing'].map((name) => `${bot}:${name}`),
      ...[0, 1, 2, 3, 4].map((kind) => `${bot}:ready:${kind}`),
    ],
  }
  // What has left is far below every budget: that it has would only make worlds differ that behave alike.
  const spent = [`${bot}:window`, `${bot}:bucket:${LANE.homeId}`]
  const contents: Content[][] = []
  const numbers = new Map<string, number>()
  const numberOf = (content: string) => {
    const known = numbers.get(content)
    if (known !== undefined) return known
    numbers.set(content, contents.length)
    return contents.push(JSON.parse(content)) - 1
  }
  const parsed = (number: number) => contents[number] ?? []
  const read = async (part: Part) => {
    const found = (await redis.eval(READ, keysOf[part].length, ...keysOf[part])) as Content[]
    return numberOf(JSON.stringify(found.map((content, i) => inOrder(content, keysOf[part][i] ?? ''))))
  }
  const load = (part: Part, number: number) => {
    redis.del([...keysOf[part], ...(part === 'bot' ? spent : [])])
    parsed(number).forEach((content, i) => {
      write(redis, keysOf[part][i] ?? '', content)
    })
  }
  const nothing = numberOf(JSON.stringify([]))
  const known = new Map<string, Made<unknown>>()
  let made = 0
  return {
    empty: { lane: nothing, outbox: nothing, bot: nothing, atMs: 0 },
    async make(stored, name, parts, step, afterMs = 0) {
      const id = `${name}@${parts.map((part) => stored[part]).join()}@${stored.atMs}`
      const before = known.get(id)
      if (before) {
        const after = Object.fromEntries(parts.map((part) => [part, before.stored[part]]))
        return { answer: before.answer as never, stored: { ...stored, ...after } }
      }
      made++
      redis.set(clockKey, BEGAN_MS + stored.atMs + afterMs)
      for (const part of parts) load(part, stored[part])
      const answer = await step(ports)
      const after = { ...stored }
      for (const part of parts) after[part] = await read(part)
      known.set(id, { answer, stored: after })
      return { answer, stored: after }
    },
    readyChat(stored, headClass) {
      return this.make(stored, `ready ${headClass}`, ['bot'], ({ budget }) =>
        budget.ready(LANE.homeId, headClass),
      )
    },
    pumpLease: ({ bot: number }) => String(parsed(number)[0]?.[1] ?? ''),
    async endLease(stored) {
      return (await this.make(stored, 'end lease', ['bot'], () => redis.del(`${bot}:pump`))).stored
    },
    countedRepeats(stored) {
      const [, tally] = parsed(stored.outbox)[4] ?? []
      return Array.isArray(tally) ? Number(tally[1] ?? 0) : 0
    },
    leftovers(stored) {
      const left = (part: Part, names: RegExp) =>
        parsed(stored[part]).flatMap(([kind], i) => {
          const key = keysOf[part][i] ?? ''
          return kind !== 'none' && names.test(key) ? [key.slice(prefix.length)] : []
        })
      // What a dead pump had granted stays on its list until the next one begins: it means nothing while nothing waits.
      return [...left('lane', /:in:|:dirty|:turns$|:backlog$/), ...left('outbox', /:out:|:outdirty/)]
    },
    stepsMade: () => made,
  }
}

/** Scripts that this client defines read the time from a key; `alter` plants a bug. */
function stopClock(redis: Redis, clockKey: string, alter?: (lua: string, name: string) => string): void {
  const define = redis.defineCommand.bind(redis)
  const time = `(function() local t = redis.call('GET', '${clockKey}') return { string.sub(t, 1, -4), string.sub(t, -3) .. '000' } end)()`
  redis.defineCommand = (name, definition) => {
    const altered = alter ? alter(definition.lua, name) : definition.lua
    define(name, { ...definition, lua: altered.replaceAll(CLOCK, time) })
  }
}

/** Hashes and sets have no order of their own. Until when calls are spaced is always past; whose they were matters. */
function inOrder([kind, value]: Content, key: string): Content {
  if (key.endsWith(':spacing') && typeof value === 'string') return [kind, value.replace(/^[^|]*/, '0;0')]
  if (kind === 'set' && Array.isArray(value)) return [kind, value.toSorted()]
  if (kind !== 'hash' || !Array.isArray(value)) return [kind, value]
  const pairs = Array.from(
    { length: value.length / 2 },
    (_, i) => [value[2 * i] ?? '', value[2 * i + 1] ?? ''] as const,
  )
  return [kind, pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)).flat()]
}

function write(redis: Redis, key: string, [kind, value]: Content): void {
  if (value === null || value.length === 0) return
  if (kind === 'string') redis.set(key, value as string)
  if (kind === 'list') redis.rpush(key, ...value)
  if (kind === 'set') redis.sadd(key, ...value)
  if (kind === 'hash') redis.hset(key, ...(value as string[]))
  if (kind === 'zset') {
    const list = value as string[]
    redis.zadd(
      key,
      ...Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i + 1] ?? '', list[2 * i] ?? '']).flat(),
    )
  }
}
