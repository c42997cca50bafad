/** One moment of everything: what is in Redis and in BullMQ's queues, where each process stands, what people have seen. */
import type { Grant } from '@chatlane/lanes'
import type { Laboratory, Stored } from './laboratory.ts'
import { emptyQueue, type WakeQueue } from './wake-queue.ts'

/** A process that can die, or freeze and go on. */
export interface Mortal {
  isFrozen: boolean
  /** It was frozen since its last grant: by its own clock that one is too old. */
  wasFrozen: boolean
}

/** Takes an update in. */
export interface Producer extends Mortal {
  at: 'appending' | 'waking' | 'done'
  update: string
}

/** Takes turns. */
export interface Worker extends Mortal {
  at:
    | 'idle'
    | 'visiting'
    | 'answering'
    | 'committing'
    | 'readying'
    | 'waking the pump'
    | 'yielding'
    | 'finishing'
    | 'dead'
  turnId: string
  update: string
  /** The class that is readied, and where it goes on then. */
  outClass: string
  after: 'committing' | 'visiting' | 'yielding' | 'finishing'
}

/** Makes the bot's calls. */
export interface Pump extends Mortal {
  at:
    | 'idle'
    | 'leasing'
    | 'granting'
    | 'resting'
    | 'attempting'
    | 'handing over'
    | 'leaving'
    | 'noting'
    | 'answering'
    | 'releasing'
    | 'waking itself'
    | 'finishing'
    | 'dead'
  token: string
  /** How many grants it has had. */
  round: number
  isLost: boolean
  isRefused: boolean
  grant: Grant | undefined
  /** What the attempt found, as JSON. */
  attempt: string
  /** What becomes of it, as JSON. */
  result: string
  /** How the grant was used, as JSON. */
  use: string
}

/** Wakes again what lost its wake-up. */
export interface Sweeper {
  at: 'resting' | 'waking the lane' | 'looking at heads' | 'readying' | 'waking the pump'
  headClass: string
  /** How often it may still sweep while others are at work. */
  left: number
}

/** What Telegram has, by update. */
export interface Shown {
  /** Messages with the whole reply. */
  replies: number
  /** Messages that show only its beginning. */
  begun: number
}

/** Everything. */
export interface World {
  stored: Stored
  inbox: WakeQueue
  outbox: WakeQueue
  producers: readonly Producer[]
  workers: readonly Worker[]
  pumps: readonly Pump[]
  sweeper: Sweeper
  /** Faults that may still happen. */
  faults: number
  /** How often time has passed while a process was frozen. */
  frozenLeaps: number
  /** Turns and leases that were begun: their ids are fresh. */
  turns: number
  leases: number
  /** Updates in the order in which their turns were committed. */
  committed: readonly string[]
  /** Updates in the order in which their replies were first shown. */
  answered: readonly string[]
  shown: Readonly<Record<string, Shown>>
}

/** One step that may come next. */
export interface Move {
  name: string
  /** One of our calls to Redis, which the client sends again where it hears no answer. */
  isSentAgain?: true
  make(laboratory: Laboratory): Promise<World> | World
}

/** A promise of the product that does not hold in a world. */
export class BrokenPromise extends Error {
  override name = 'BrokenPromise'
}

/** What is explored. */
export interface Scene {
  /** One producer for each; the same name twice is one update that comes twice. */
  updates: readonly string[]
  workers: number
  pumps: number
  /** Sweeps while others are at work; undefined: nobody sweeps. */
  sweeps: number | undefined
  faults: number
}

const ALIVE: Mortal = { isFrozen: false, wasFrozen: false }

/** A worker without a job. */
export const IDLE_WORKER: Worker = {
  ...ALIVE,
  ...{ at: 'idle', turnId: '', update: '', outClass: '', after: 'finishing' },
}

/** A pump without a bot. */
export const IDLE_PUMP: Pump = {
  ...ALIVE,
  ...{ at: 'idle', token: '', round: 0, isLost: false, isRefused: false },
  ...{ grant: undefined, attempt: '', result: '', use: '' },
}

/** How it begins. */
export function firstWorld(laboratory: Laboratory, scene: Scene): World {
  return {
    stored: laboratory.empty,
    inbox: emptyQueue(scene.workers),
    outbox: emptyQueue(scene.pumps),
    producers: scene.updates.map((update) => ({ ...ALIVE, at: 'appending', update })),
    workers: Array.from({ length: scene.workers }, () => IDLE_WORKER),
    pumps: Array.from({ length: scene.pumps }, () => IDLE_PUMP),
    sweeper: { at: 'resting', headClass: '', left: scene.sweeps ?? -1 },
    faults: scene.faults,
    frozenLeaps: 0,
    turns: 0,
    leases: 0,
    committed: [],
    answered: [],
    shown: {},
  }
}

const numbers = new Map<string, number>()
const numbered = new WeakMap<object, number>()

/** A number for a part of a world: millions of worlds are made of thousands of parts. */
function numberOf(part: object): number {
  const known = numbered.get(part)
  if (known !== undefined) return known
  const text = JSON.stringify(part)
  const number = numbers.get(text) ?? numbers.size
  numbers.set(text, number)
  numbered.set(part, number)
  return number
}

/** The name of a world: the same for two that differ only in which worker, or which pump, is which. */
export function worldText(world: World): string {
  const { stored, inbox, outbox, committed, answered, shown, producers, sweeper } = world
  const jobOf = (queue: WakeQueue, server: number) => {
    const job = queue.active[server]
    return job ? (job.isOwn ? 'o' : 'j') : ''
  }
  return [
    `${stored.lane},${stored.outbox},${stored.bot},${stored.atMs}`,
    `${world.faults},${world.frozenLeaps},${world.turns},${world.leases}`,
    [sweeper, committed, answered, shown, inbox.waiting, outbox.waiting].map(numberOf).join(),
    `${inbox.hasNext},${outbox.hasNext}`,
    producers.map(numberOf).join(),
    world.workers
      .map((worker, i) => numberOf(worker) + jobOf(inbox, i))
      .toSorted()
      .join(),
    world.pumps
      .map((pump, i) => numberOf(pump) + jobOf(outbox, i))
      .toSorted()
      .join(),
  ].join(';')
}
