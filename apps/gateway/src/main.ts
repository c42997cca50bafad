/** The gateway: takes Telegram's updates, makes each durable, answers at once. Wires its parts together. */
import { once } from 'node:events'
import { createHomes, createInbox, createKeys, createStops, createTaps, createWakes } from '@chatlane/lanes'
import {
  closeRedis,
  connectRedis,
  createLog,
  requireNoEviction,
  runService,
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
  const admit = createAdmission({ inbox, wakes, homes, stops, taps, laneNames, state: health.state })

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
  const server = createServer({ bots, admit, apiCalls, health, log })
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
      async stop() {
        stopping.abort()
        await Promise.all([door?.stop(), ...pollers.map((poller) => poller.stop())])
        await server.close()
        await presence.stop()
        health.stop()
        await api.close()
        await wakes.close()
        await Promise.all([closeRedis(prompt), closeRedis(patient)])
      },
    },
  }
})
