/** Telegram as a server of one's own: its Bot API with limits, faults and people, judged by real clients. */
import type { AddressInfo } from 'node:net'
import { BotApi } from './bot-api.ts'
import { nowMs } from './clock.ts'
import { ControlRoutes } from './control-routes.ts'
import { Controls } from './controls.ts'
import { EventHub } from './event-hub.ts'
import { Faults } from './faults.ts'
import { settle, type TelegramSimulatorOptions } from './options.ts'
import { createRandom } from './random.ts'
import { closeServer, listen } from './server.ts'
import { World } from './world.ts'

/** A running simulator: its controls, its events, its address. */
export interface TelegramSimulator
  extends Pick<Controls, keyof Controls>,
    Pick<EventHub, 'on' | 'waitFor' | 'waitUntil'> {
  /** `http://<host>:<port>`: the API root of clients, and where `/sim/` is. */
  url: string
  port: number
  /** Ends deliveries, waits and connections at once. Safe to call twice. */
  close(): Promise<void>
}

/** Starts a simulator. Rejects where the port is taken or a bot is malformed. */
export async function createTelegramSimulator(
  options: TelegramSimulatorOptions = {},
): Promise<TelegramSimulator> {
  const settings = settle(options)
  const random = createRandom(settings.seed)
  const events = new EventHub()
  const world = new World(settings, events)
  const faults = new Faults(random)
  const closing = new AbortController()
  const botApi = new BotApi({ world, faults, random, closing: closing.signal })
  const controls = new Controls({
    world,
    faults,
    random,
    startedAtMs: nowMs(),
    callInAnswer: (bot, body, contentType) => botApi.callInAnswer(bot, body, contentType),
  })
  for (const bot of options.bots ?? []) controls.addBot(bot)
  const server = await listen({ world, botApi, controls: new ControlRoutes(world, controls) })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${settings.host}:${port}`,
    port,
    ...bindControls(controls),
    on: events.on.bind(events) as EventHub['on'],
    waitFor: events.waitFor.bind(events),
    waitUntil: events.waitUntil.bind(events) as EventHub['waitUntil'],
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      await Promise.all([...world.bots.values()].map((bot) => bot.close()))
      await closeServer(server)
      events.close()
    },
  }
}

function bindControls(controls: Controls): Pick<Controls, keyof Controls> {
  return {
    phone: controls.phone,
    addBot: controls.addBot.bind(controls),
    addFault: controls.addFault.bind(controls),
    removeFault: controls.removeFault.bind(controls),
    faults: controls.faults.bind(controls),
    setLimits: controls.setLimits.bind(controls),
    setDeliveryFaults: controls.setDeliveryFaults.bind(controls),
    redeliver: controls.redeliver.bind(controls),
    ledger: controls.ledger.bind(controls),
    chat: controls.chat.bind(controls),
    messages: controls.messages.bind(controls),
    message: controls.message.bind(controls),
    edits: controls.edits.bind(controls),
    file: controls.file.bind(controls),
    state: controls.state.bind(controls),
  }
}
