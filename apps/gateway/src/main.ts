/** The gateway: takes Telegram's updates, makes each durable, answers at once. Wires its parts together. */
import { once } from 'node:events'
import {
  createHomes,
  createInbox,
  createKeys,
  createStops,
  createTaps,
  createWakes,
  watchBacklog,
} from '@chatlane/lanes'
import {
  closeRedis,
  connectRedis,
  createLog,
  requireNoEviction,
  runService,
  stopInStages,
  watchRedis,
} from '@chatlane/runtime'
import { createBotApi } from '@chatlane/telegram'
import { createAdmission } from './admission.ts'
import { openBotApiDoor } from './bot-api/bot-api-door.ts'
import { readConfig } from './config.ts'
import { loadLaneNames } from './lane-names.ts'
import { pollBot } from './polling.ts'
import { announcePresence } from './presence.ts'
import { createServer } from './server.ts'
import { registerWebhook } from './webhook.ts'

await runService(async () => {
  const config = readConfig()
  const log = createLog({ service: 'gateway', level: config.logLevel })
  const patient = connectRedis({ url: config.redisUrl, patience: 'patient', log })
  await requireNoEviction(patient, config.allowEviction)
  const prompt = connectRedis({ url: config.redisUrl, patience: 'prompt', log, gatherWrites: true })
  if (prompt.status !== 'ready') await once(prompt, 'ready')
  const health = watchRedis({ redis: prompt })
  await health.ask()
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const onError = (error: Error) => log.debug({ err: error }, 'the queues')
  const wakes = createWakes({ redis: prompt, keys, onError })
  const inbox = createInbox({ redis: prompt, keys, rules: { quietMs: 0, maxTries: 0 } })
  const homes = createHomes({ redis: prompt, keys })
  const stops = createStops({ redis: prompt, keys })
  const taps = createTaps({ redis: prompt, keys })
  const tokens = new Map(config.bots.map(({ id, token }) => [id, token]))
  const laneNames = await loadLaneNames({ handlers: config.handlers, tokens, apiRoot: config.apiRoot, log })
  const backlog = watchBacklog({ redis: prompt, keys, bounds: config.backlogBounds })
  await backlog.look()
  const admit = createAdmission({
    ...{ inbox, wakes, homes, stops, taps, laneNames, backlog },
    bounds: config.laneBounds,
    state: health.state,
  })

  const { bots, apiRoot, limits, apiHost, apiPort } = config
  const door =
    apiPort === undefined
      ? undefined
      : await openBotApiDoor({
          host: apiHost,
          port: apiPort,
          bots,
          apiRoot,
          limits,
          receivesUpdates: config.updates === 'polling' || config.publicUrl !== undefined,
          prompt,
          patient,
          keys,
          homes,
          wakes,
          health,
          log,
        })
  const apiCalls = () => door?.callsUnderWay() ?? 0
  const { isSource, trustedProxies } = config
  const server = createServer({ bots, admit, apiCalls, health, log, isSource, trustedProxies })
  const address = await server.listen({ host: config.host, port: config.port })
  const found = { address, ...(door && { api: door.address }), updates: config.updates }
  log.info({ ...found, bots: bots.map((bot) => bot.id) }, 'gateway listens')

  const api = createBotApi({ apiRoot: config.apiRoot })
  const botIds = config.bots.map((bot) => bot.id)
  const presence = await announcePresence({
    redis: patient,
    keys,
    botIds,
    dropPending: config.dropPending,
    log,
  })
  const stopping = new AbortController()
  const pollers =
    config.updates === 'polling'
      ? config.bots.map((bot) => pollBot({ redis: patient, keys, api, admit, presence, log }, bot))
      : []
  const { publicUrl } = config
  const registered =
    config.updates === 'webhook' && publicUrl
      ? config.bots.map((bot) =>
          registerWebhook({ redis: patient, keys, api, log, publicUrl, presence }, bot, stopping.signal),
        )
      : []
  for (const registering of registered) registering.catch((error) => log.error({ err: error }, 'no webhook'))
  return {
    log,
    running: {
      stop() {
        stopping.abort()
        return stopInStages(log, [
          {
            // Calls through the door have 15 s to be answered.
            what: 'calls and polling',
            stop: () => [door?.stop(), ...pollers.map((poller) => poller.stop())],
            withinMs: 18_000,
          },
          { what: 'the webhook', stop: () => [server.close()], withinMs: 2000 },
          { what: 'presence', stop: () => [presence.stop(), health.stop(), backlog.stop(), api.close()] },
          { what: 'queues', stop: () => [wakes.close()], withinMs: 500 },
          { what: 'Redis', stop: () => [closeRedis(prompt), closeRedis(patient)], withinMs: 1500 },
        ])
      },
    },
  }
})
