/** The installation's metrics: what all processes counted in Redis, and what is in the lanes and queues now. */
import {
  type BroadcastJobs,
  type DeadLetters,
  type Keys,
  QUEUE_NAMES,
  readBacklog,
  takeCensus,
  type Wakes,
} from '@chatlane/lanes'
import { readGuardLoad } from '@chatlane/openrouter'
import { askRedisRoom, type RedisClient, readTally, seriesOf } from '@chatlane/runtime'
import type { Queue } from 'bullmq'
import { readBotLoads } from './bot-loads.ts'
import { renderExposition } from './exposition.ts'
import { METRICS } from './metric-catalogue.ts'
import { readSpends } from './spends.ts'

/** Where the numbers come from. */
export interface MetricSources {
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  jobs: BroadcastJobs
  deadLetters: DeadLetters
}

/** The metrics as Prometheus text. Rejects where Redis refuses; waits where it is away. */
export async function collectMetrics(sources: MetricSources): Promise<string> {
  const { redis, keys, wakes, jobs, deadLetters } = sources
  const shards = Array.from({ length: keys.shards }, (_, n) => n)
  const [series, census, backlog, guards, room, inbox, queries, outbox, broadcasts, dead] = await Promise.all(
    [
      readTally(
        redis,
        shards.map((n) => keys.ofShard(n, 'tally')),
      ),
      takeCensus(redis, keys),
      readBacklog(redis, keys),
      readGuardLoad(redis, (name) => keys.ofShard(0, name)),
      askRedisRoom(redis),
      countJobs(shards.map((n) => wakes.inbox(n))),
      countJobs(shards.map((n) => wakes.queries(n))),
      countJobs([wakes.outbox]),
      countJobs([jobs.queue]),
      countJobs(shards.map((n) => deadLetters.queue(n))),
    ],
  )
  series.set('chatlane_oldest_update_seconds', census.oldestUpdateSeconds)
  series.set('chatlane_turns_in_progress', census.turnsInProgress)
  for (const [bot, waiting] of backlog) series.set(seriesOf('chatlane_backlog_updates', { bot }), waiting)
  series.set('chatlane_lanes_waiting', census.lanesWaiting)
  series.set('chatlane_chats_with_deliveries', census.chatsWithDeliveries)
  series.set('chatlane_dead_letters', dead.get('failed') ?? 0)
  series.set('chatlane_openrouter_slots_in_use', guards.slotsInUse)
  series.set('chatlane_openrouter_slots_waiting', guards.slotsWaiting)
  series.set('chatlane_redis_used_bytes', room.usedBytes)
  series.set('chatlane_redis_limit_bytes', room.limitBytes)
  const bots = botsIn(series.keys())
  const ofBots = await Promise.all([readSpends(sources, bots), readBotLoads(sources, bots)])
  for (const [name, value] of ofBots.flat()) series.set(name, value)
  for (const subject of guards.open) series.set(seriesOf('chatlane_openrouter_breaker_open', { subject }), 1)
  const queues = {
    [QUEUE_NAMES.inbox]: inbox,
    [QUEUE_NAMES.queries]: queries,
    [QUEUE_NAMES.outbox]: outbox,
    [QUEUE_NAMES.broadcasts]: broadcasts,
    [QUEUE_NAMES.deadLetters]: dead,
  }
  for (const [queue, counts] of Object.entries(queues)) {
    for (const [state, count] of counts) series.set(seriesOf('chatlane_queue_jobs', { queue, state }), count)
  }
  return renderExposition(METRICS, series)
}

/** The bots of which anything was counted. */
function botsIn(series: Iterable<string>): Set<string> {
  const bots = new Set(Array.from(series, (name) => /[{,]bot="(\d+)"/.exec(name)?.[1] ?? ''))
  bots.delete('')
  return bots
}

/** Jobs by state, the shards of a queue added up. */
async function countJobs(queues: readonly Queue[]): Promise<Map<string, number>> {
  const total = new Map<string, number>()
  for (const counts of await Promise.all(queues.map((queue) => queue.getJobCounts()))) {
    for (const [state, count] of Object.entries(counts)) total.set(state, (total.get(state) ?? 0) + count)
  }
  return total
}
