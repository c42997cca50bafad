/** Runs the whole bot in one terminal: Redis, the services, and the playground where keys are missing. */
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type RedisServer, startRedisServer } from '@chatlane/embedded-redis'
import { ConfigurationError, ONE_SIGNAL_MS } from '@chatlane/runtime'
import { readConfig, type StartConfig } from './config.ts'
import { createReload, type Reload } from './reload.ts'
import { type Service, startService } from './service.ts'
import { humanLine, summary } from './terminal.ts'
import { watchHandlers } from './watch-handlers.ts'

const DEFAULT_PORTS = { GATEWAY_PORT: 3000, MONITOR_PORT: 3001, PLAYGROUND_PORT: 3002 }
const STOP_WITHIN_MS = 27_000
const DATA_DIR = '.data/redis'

const say = (line: string) => process.stdout.write(`${line}\n`)
const services: Service[] = []
let redis: RedisServer | undefined
let reload: Reload | undefined
let stopping: Promise<void> | undefined

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    const reloaded = reload?.stop()
    // The gateway first, so that nothing new comes in; Redis last, so that everything can be handed back.
    for (const name of ['gateway', 'worker', 'sender', 'monitor', 'playground']) {
      await Promise.all(
        services.filter((service) => service.name === name).map((each) => each.stop(STOP_WITHIN_MS)),
      )
    }
    await reloaded
    await redis?.stop()
  })()
  return stopping
}

function endWith(code: number): void {
  stopAll().then(
    () => process.exit(code),
    (error) => {
      say(`stopping failed: ${error.message}`)
      process.exit(1)
    },
  )
}

function launch(name: string, environment: Record<string, string | undefined>): Service {
  const file = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url))
  return startService({
    name,
    file,
    environment,
    show: (from, line) => {
      const text = humanLine(from, line)
      if (text !== undefined) say(text)
    },
  })
}

function start(name: string, environment: Record<string, string | undefined>): Service {
  return supervise(launch(name, environment), environment)
}

/** Keeps a service running for as long as the rest does. */
function supervise(service: Service, environment: Record<string, string | undefined>): Service {
  const { name } = service
  services.push(service)
  service.ended.then(async ({ code, signal }) => {
    if (stopping !== undefined || !services.includes(service)) return
    services.splice(services.indexOf(service), 1)
    if (signal)
      return say(`${name} was ended by ${signal}; the rest goes on. Start it again with: pnpm ${name}`)
    const hasListened = await service.listening.then(
      () => true,
      () => false,
    )
    // A playground that is started again has other addresses than the services know.
    if (!hasListened || name === 'playground') return endWith(1)
    say(`${name} ended with ${code}; starting it again`)
    setTimeout(() => stopping || start(name, environment), 1000)
  })
  return service
}

/** The new code takes over when it runs. No message is lost: two workers side by side are what the lanes are made for. */
function reloadOnSave(files: readonly string[], environment: Record<string, string | undefined>): void {
  if (files.length === 0) return
  reload = createReload({
    launch: () => launch('worker', environment),
    async takeOver(next) {
      const before = services.filter(({ name }) => name === 'worker')
      for (const service of before) services.splice(services.indexOf(service), 1)
      supervise(next, environment)
      say('worker     runs the saved code')
      await Promise.all(before.map((service) => service.stop(STOP_WITHIN_MS)))
    },
    say,
  })
  watchHandlers(files, reload.changed)
}

/** A default port that is taken gives way to a free one; a chosen one does not. */
async function portFor(config: StartConfig, name: keyof typeof DEFAULT_PORTS): Promise<string> {
  const chosen = config.ports[name]
  if (chosen !== undefined) return String(chosen)
  return String((await listenOnce(DEFAULT_PORTS[name])) ?? (await listenOnce(0)) ?? 0)
}

/** The port that could be listened on, 0 being any; undefined where it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

async function run(config: StartConfig): Promise<void> {
  if (!config.redisUrl) redis = await startRedisServer({ dataDir: DATA_DIR, tell: say })
  const environment: Record<string, string | undefined> = {
    ...config.environment,
    REDIS_URL: config.redisUrl ?? redis?.url,
    GATEWAY_PORT: await portFor(config, 'GATEWAY_PORT'),
    MONITOR_PORT: await portFor(config, 'MONITOR_PORT'),
  }
  const addresses: [string, string][] = []
  if (config.withPlayground) {
    const playground = start('playground', {
      ...environment,
      PLAYGROUND_PORT: await portFor(config, 'PLAYGROUND_PORT'),
      PLAYGROUND_MODEL: config.withSimulatedModel ? 'simulated' : 'real',
    })
    addresses.push(['playground', await playground.listening])
    Object.assign(environment, await playground.firstMessage)
  }
  const others = ['gateway', 'worker', 'sender', 'monitor'].map((name) => start(name, environment))
  for (const service of others) {
    const address = await service.listening
    if (service.name === 'gateway' || service.name === 'monitor') addresses.push([service.name, address])
  }
  reloadOnSave(config.handlerFiles, environment)
  const notes = [`Redis: ${redis ? `${redis.origin}, data under ${DATA_DIR}` : 'the one at REDIS_URL'}`]
  if (config.withPlayground) {
    notes.unshift(
      config.withSimulatedModel
        ? 'Open the playground and write to the bot: Telegram and the model are simulated.'
        : 'Open the playground and write to the bot: Telegram is simulated, the model is real.',
      'With TELEGRAM_BOT_TOKEN and OPENROUTER_API_KEY set, the same command answers on Telegram.',
    )
  }
  say(summary(addresses, notes))
}

/** A launcher whose terminal is gone must not leave its services behind. */
function stopWithParent(): void {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && endWith(0), 500).unref()
}

let interruptedAt: number | undefined

/** The first signal stops in order, a later one at once; the services notice by themselves that the launcher is gone. */
function onSignal(): void {
  if (interruptedAt === undefined) {
    interruptedAt = performance.now()
    endWith(0)
  } else if (performance.now() - interruptedAt > ONE_SIGNAL_MS) {
    redis?.abandon()
    process.exit(1)
  }
}

process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
stopWithParent()
try {
  await run(readConfig())
} catch (error) {
  const lines = error instanceof ConfigurationError ? error.problems : [(error as Error).message]
  for (const line of lines) process.stderr.write(`${line}\n`)
  endWith(1)
}
