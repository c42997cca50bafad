/** Starts a bot as it runs on the platform, with Telegram simulated around it. */
import {
  createOpenRouterSimulator,
  createTelegramSimulator,
  type OpenRouterSimulator,
  type OpenRouterSimulatorOptions,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
  WaitError,
} from '@chatlane/simulators'
import { API_KEY, botEnvironment, TOKEN } from './bot-environment.ts'
import { chatText } from './chat-text.ts'
import { createPerson } from './create-person.ts'
import type { Wait, Waiting } from './eyes.ts'
import { createGroup, type Group, type GroupOptions } from './group.ts'
import { keepJournal } from './journal.ts'
import { NotSeenError } from './not-seen-error.ts'
import type { Patience, Person, PersonOptions } from './person.ts'
import { openSchedules, type Schedules } from './schedules.ts'
import { createServices, type Services } from './services.ts'
import { openBotRedis } from './shared-redis.ts'

/** What `openBot` is told. */
export interface OpenBotOptions {
  /** The author's module: a path, relative to the working directory, or a `file:` URL. */
  handlers: string | URL
  /** Variables for the author's code and the platform's settings; those of the test process are there as well. */
  environment?: Record<string, string>
  /** How many workers; 1 without. */
  workers?: number
  /** Whether what the handlers pass on reaches the assistant, whose model is simulated and echoes. Default false. */
  assistant?: boolean
  /** Of the simulators, beyond their defaults. */
  telegram?: Omit<TelegramSimulatorOptions, 'bots'>
  model?: OpenRouterSimulatorOptions
}

/** A running bot. */
export interface TestBot extends AsyncDisposable {
  /** Telegram itself: what people can do, what chats hold, limits and faults. */
  telegram: TelegramSimulator
  /** The model, where the assistant is on. */
  model: OpenRouterSimulator | undefined
  /** Somebody who has started the bot; the same one for the same name. */
  person(name: string, options?: PersonOptions): Person
  /** A group that the bot is in; the first of its members is its creator. */
  group(title: string, members: readonly Person[], options?: GroupOptions): Group
  /** kill -9 to the worker that was started first: what it was doing runs again in another, within 20 s. */
  killWorker(): Promise<void>
  /**
   * Makes the schedule `name` due now: a worker runs it as by the clock, and its next time stays what it was. Resolves
   * when the run has ended. Rejects with a ScheduleRunError where it failed five times, as the clock's is tried (which
   * takes 15 s), or did not end within `withinMs` (40 s); with an Error where nothing is scheduled under that name.
   */
  runSchedule(name: string, patience?: Patience): Promise<void>
  /** One more worker, working when it resolves. */
  startWorker(environment?: Record<string, string>): Promise<void>
  /** Everything that the processes wrote: logs, and what the author's code printed. */
  output(): string
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
/** A dead worker's turns are taken over within 20 s. */
const PATIENCE_AFTER_A_KILL_MS = 40_000
/** The five tries of a run take 15 s and what it takes itself; a dead worker's is taken over like its turns. */
const RUN_PATIENCE_MS = 40_000
const FIRST_PERSON = 1001

/**
 * Starts Redis (or uses REDIS_URL), the simulators, a gateway, workers and a sender. Rejects, with what they wrote,
 * where one of them does not start; nothing is left behind then.
 */
export async function openBot(options: OpenBotOptions): Promise<TestBot> {
  await using opened = new AsyncDisposableStack()
  const redis = await openBotRedis()
  opened.defer(redis.clear)
  const telegram = await createTelegramSimulator({
    keepMessages: 10_000,
    ...options.telegram,
    bots: [{ token: TOKEN, username: 'test_bot', firstName: 'Bot' }],
  })
  opened.defer(telegram.close)
  const model = options.assistant ? await openModel(options.model) : undefined
  if (model) opened.defer(() => model.close())
  const services = createServices(botEnvironment({ options, redis, telegram, model }))
  const schedules = openSchedules({ redis, botId: TOKEN.split(':')[0] ?? '', trouble: services.trouble })
  opened.defer(schedules.close)
  opened.defer(services.close)
  const workers = Array.from({ length: options.workers ?? 1 }, () => services.start('worker'))
  await Promise.all([services.start('gateway'), services.start('sender'), ...workers])
  return testBot({ telegram, model, services, schedules, resources: opened.move() })
}

function openModel(options: OpenRouterSimulatorOptions = {}): Promise<OpenRouterSimulator> {
  const speed = { firstTokenMs: [1, 5], totalMs: [5, 20] } satisfies OpenRouterSimulatorOptions
  return createOpenRouterSimulator({ answers: 'echo', seed: 1, ...speed, ...options, apiKeys: [API_KEY] })
}

function testBot(parts: {
  telegram: TelegramSimulator
  model: OpenRouterSimulator | undefined
  services: Services
  schedules: Schedules
  resources: AsyncDisposableStack
}): TestBot {
  const { telegram, model, services, schedules, resources } = parts
  const journal = keepJournal(telegram)
  const people = new Map<string, Person>()
  let patienceMs = PATIENCE_MS
  const wait: Wait = async <T>(look: () => T | undefined, waiting: Waiting) => {
    const withinMs = waiting.withinMs ?? patienceMs
    try {
      return (await telegram.waitUntil(look, withinMs)) as T
    } catch (error) {
      if (!(error instanceof WaitError) || error.code !== 'timeout') throw error
      const chat = chatText(telegram.messages(waiting.chat))
      throw new NotSeenError({ ...waiting, withinMs, chat, trouble: services.trouble() })
    }
  }
  const close = () => resources.disposeAsync()
  return {
    ...{ telegram, model, close },
    [Symbol.asyncDispose]: close,
    person(name, options = {}) {
      const known = people.get(name)
      if (known) return known
      const id = options.id ?? FIRST_PERSON + people.size
      const person = createPerson({ telegram, journal, wait }, { ...options, id, name })
      people.set(name, person)
      return person
    },
    group: (title, members, options = {}) =>
      createGroup(telegram, { ...options, title, members: members.map(({ id }) => id) }),
    async killWorker() {
      patienceMs = PATIENCE_AFTER_A_KILL_MS
      await services.killWorker()
    },
    runSchedule: (name, { withinMs = RUN_PATIENCE_MS } = {}) => schedules.run(name, withinMs),
    startWorker: (environment) => services.start('worker', environment),
    output: services.output,
  }
}
