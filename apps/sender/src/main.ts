/** The sender: pumps deliveries to Telegram within its budgets. Wires its parts together. */
import {
  conductBroadcasts,
  createAudience,
  createBroadcastJobs,
  createBroadcasts,
  createBudgets,
  createDeadLetters,
  createHomes,
  createKeys,
  createOutbox,
  createRecipients,
  createUploads,
  createWakes,
  hostPumps,
  openMailbox,
  sweepOutboxes,
} from '@chatlane/lanes'
import {
  closeRedis,
  connectRedis,
  createLog,
  createTally,
  requireNoEviction,
  runService,
  startProbeServer,
  stopInStages,
  watchRedis,
} from '@chatlane/runtime'
import { answerOf, createBotApi } from '@chatlane/telegram'
import { readConfig } from './config.ts'
import { createDeliver } from './deliver.ts'

await runService(async () => {
  const config = readConfig()
  const log = createLog({ service: 'sender', level: config.logLevel })
  const redis = connectRedis({ url: config.redisUrl, patience: 'patient', log })
  await requireNoEviction(redis, config.allowEviction)
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const wakes = createWakes({ redis, keys, onError: (error) => log.debug({ err: error }, 'the queues') })
  const outbox = createOutbox({ redis, keys })
  const homes = createHomes({ redis, keys })
  const deadLetters = createDeadLetters({ redis, keys, log })
  const tally = createTally({ redis, key: keys.ofShard(0, 'tally') })
  const api = createBotApi({ apiRoot: config.apiRoot })
  const budgets = createBudgets({ redis, keys, limits: config.limits })
  const audience = createAudience({ redis, keys })
  const mailbox = await openMailbox({ redis, keys })
  const uploads = createUploads({ redis, keys, mailbox })
  const jobs = createBroadcastJobs({ redis, keys, onError: (error) => log.debug({ err: error }, 'the jobs') })
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const pumps = await hostPumps({
    redis,
    keys,
    wakes,
    outbox,
    recipients: createRecipients({ redis, keys }),
    budgets,
    log,
    send: createDeliver({ api, homes, audience, uploads, tokens: config.tokens, tally, log }),
    async park({ botId, homeId, delivery }, reason) {
      log.error(
        { bot: botId, chat: homeId, delivery: delivery.id, reason },
        'a delivery became a dead letter',
      )
      const { id, place } = delivery
      await deadLetters.park({ kind: 'delivery', botId, homeId, place, id, reason }, JSON.stringify(delivery))
      // Whoever made the call learns that it was tried, and that nobody knows.
      return { answer: JSON.stringify(answerOf({ kind: 'unknown', detail: reason })) }
    },
  })
  const conductor = conductBroadcasts({ redis, keys, wakes, broadcasts, jobs, budgets, log })
  const sweeper = sweepOutboxes({ redis, keys, wakes, outbox, budgets, log })
  const health = watchRedis({ redis })
  const { server, address } = await startProbeServer({
    host: config.host,
    port: config.metricsPort,
    isReady: async () => (await health.ask()) !== 'away',
    holds: {
      chatlane_sender_calls: {
        help: 'Calls of this process that have no answer yet',
        value: pumps.callsUnderWay,
      },
    },
  })
  log.info({ address, bots: [...budgets.keys()] }, 'sender works')
  return {
    log,
    running: {
      stop: () =>
        stopInStages(log, [
          // Uploads are the workers': whoever pumps next asks for them again.
          { what: 'uploads', stop: () => [uploads.stop()] },
          { what: 'broadcasts', stop: () => [conductor.stop()] },
          { what: 'pumps', stop: () => [pumps.stop()], withinMs: 16_000 },
          { what: 'sweeper and mailbox', stop: () => [sweeper.stop(), mailbox.stop()] },
          { what: 'sums', stop: () => [tally.stop(), health.stop()] },
          { what: 'connections', stop: () => [api.close(), server.close()] },
          { what: 'queues', stop: () => [wakes.close(), jobs.close(), deadLetters.close()], withinMs: 500 },
          { what: 'Redis', stop: () => [closeRedis(redis)], withinMs: 1500 },
        ]),
    },
  }
})
