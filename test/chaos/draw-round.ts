/** What is done to an installation during one round: drawn from a seed, so that it can be done again. */
import { createRandom, drawFrom, pickFrom } from '@chatlane/simulators'

/** What can be done. `freeze`: SIGSTOP for longer than any lock lasts. `stop`: SIGTERM. Each has processes that follow. */
export type Disturbance =
  | {
      kind: 'kill' | 'freeze' | 'cut' | 'stop' | 'clock'
      to: Service
      slot: number
      byMs: number
      skip: number
    }
  | { kind: 'redis killed' | 'redis cut off' | 'scripts flushed' | 'jobs removed' | 'jobs retried' }
  | { kind: 'telegram'; how: TelegramTrouble; users: number[] }
  | { kind: 'model'; how: ModelTrouble; messages: { user: number; n: number }[] }

/** Who can be met. */
export type Service = 'gateway' | 'worker' | 'sender'

/** What Telegram can do to a chat's calls. `applied`: they are applied, but the connection breaks before the answer. */
export const TELEGRAM_TROUBLES = ['flood', 'server-error', 'hang-up', 'applied', 'slow'] as const
export type TelegramTrouble = (typeof TELEGRAM_TROUBLES)[number]

/** What OpenRouter can do to a question. `down`: every time, so that the chat has to be told. */
export const MODEL_TROUBLES = ['busy', 'bad gateway', 'cut', 'ends early', 'hangs', 'slow', 'down'] as const
export type ModelTrouble = (typeof MODEL_TROUBLES)[number]

/** When it is done, after the round's first message. */
export type Planned = Disturbance & { atMs: number }

/** What may happen in a round, and to whom. A kind that is named twice is twice as likely. */
export interface Weather {
  kinds: readonly Disturbance['kind'][]
  services: readonly Service[]
}

/** One round: who talks, and what happens meanwhile. */
export interface Round {
  seed: number
  firstUser: number
  planned: Planned[]
}

/** Who talks in a round, and how much. */
export const ROUND = { chats: 50, messages: 5, pauseMs: [300, 700] as const }

const DRAWN = 6
/** They fall into the time in which people talk. */
const WITHIN_MS: [number, number] = [100, 2200]
/** Everything happens, to everyone. */
export const ALL_WEATHER: Weather = {
  services: ['gateway', 'worker', 'worker', 'sender', 'sender'],
  kinds: [
    ...(['kill', 'kill', 'kill', 'freeze', 'cut', 'stop', 'clock'] as const),
    ...(['redis killed', 'redis cut off', 'scripts flushed', 'jobs removed', 'jobs retried'] as const),
    ...(['telegram', 'telegram', 'model', 'model'] as const),
  ],
}
/** What stops everyone for a while, or one for long, happens once in a round. */
const ONCE: readonly Disturbance['kind'][] = ['freeze', 'redis killed', 'redis cut off']

/** The round of a seed, in this weather. */
export function drawRound(seed: number, firstUser: number, weather: Weather): Round {
  const random = createRandom(seed)
  const planned: Planned[] = []
  while (planned.length < DRAWN) {
    const kind = pickFrom(weather.kinds, random)
    if (ONCE.includes(kind) && planned.some((other) => other.kind === kind)) continue
    const disturbance = drawDisturbance(kind, { firstUser, weather, random })
    planned.push({ ...disturbance, atMs: drawFrom(WITHIN_MS, random) })
  }
  return { seed, firstUser, planned: planned.sort((a, b) => a.atMs - b.atMs) }
}

function drawDisturbance(
  kind: Disturbance['kind'],
  { firstUser, weather, random }: { firstUser: number; weather: Weather; random: () => number },
): Disturbance {
  const users = () =>
    Array.from({ length: ROUND.chats }, (_, i) => firstUser + i).filter(() => random() < 0.3)
  switch (kind) {
    case 'kill':
    case 'freeze':
    case 'cut':
    case 'stop':
    case 'clock': {
      const to = pickFrom(weather.services, random)
      const byMs = drawFrom([-300_000, 300_000], random)
      return { kind, to, slot: drawFrom([0, 99], random), byMs, skip: drawFrom([0, 30], random) }
    }
    case 'telegram':
      return { kind, how: pickFrom(TELEGRAM_TROUBLES, random), users: users() }
    case 'model': {
      const how = pickFrom(MODEL_TROUBLES, random)
      // The last message is always answered: by its answer it is seen that nothing is missing before it.
      const messages = users().map((user) => ({ user, n: drawFrom([1, ROUND.messages - 1], random) }))
      return { kind, how, messages }
    }
    default:
      return { kind }
  }
}
