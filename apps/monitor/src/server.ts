/** The monitor's HTTP: the probes open to all, Bull Board and the broadcasts behind the door. */
import type { Audience, BroadcastJobs, Broadcasts, DeadLetters, Keys, Wakes } from '@chatlane/lanes'
import { addProbes, type Log, type RedisClient, type RedisHealth } from '@chatlane/runtime'
import type { Queue } from 'bullmq'
import { type FastifyInstance, fastify } from 'fastify'
import { addBoard } from './board.ts'
import { addBroadcasts } from './broadcast-routes.ts'
import type { MonitorConfig } from './config.ts'
import { addDoor } from './door.ts'
import { collectMetrics } from './metrics.ts'
import { addPageSecurity } from './page-security.ts'
import { addRedisNotice, RedisAwayError } from './redis-notice.ts'
import { showQueues } from './shown-queues.ts'

/** What the server needs. */
export interface ServerParts {
  config: MonitorConfig
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  jobs: BroadcastJobs
  broadcasts: Broadcasts
  audience: Audience
  deadLetters: DeadLetters
  /** Queues of other programs that are shown beside ours. */
  others: readonly Queue[]
  health: RedisHealth
  log: Log
}

/** A request that Redis left without an answer is given up with 503: the connection itself waits for ever. */
const ANSWER_WITHIN_MS = 10_000

/** The server, not yet listening. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { config, health } = parts
  const server = fastify({
    logger: false,
    handlerTimeout: ANSWER_WITHIN_MS,
    forceCloseConnections: 'idle',
  })
  addProbes(server, {
    isReady: async () => (await health.ask()) !== 'away',
    metrics: async () => {
      if (health.state() === 'away') throw new RedisAwayError()
      return collectMetrics(parts)
    },
  })
  await server.register(async (inside) => {
    addPageSecurity(inside)
    addDoor(inside, { user: config.user, password: config.password, log: parts.log })
    addRedisNotice(inside, health)
    // Each for itself: what the board refuses where it may only be looked at is no matter of the broadcasts.
    await inside.register((board) => addBoard(board, { queues: showQueues(parts), write: config.write }))
    await inside.register(async (scope) => addBroadcasts(scope, parts))
  })
  return server
}
