/** People who write at a steady rate, whatever becomes of what they wrote, and how long each waited. */
import type { TelegramSimulator } from '@chatlane/simulators'
import { percentiles } from '../bench/table.ts'

/** Who writes, to which bot, and how often all of them together. */
export interface Load {
  users: readonly number[]
  bot: number
  perSecond: number
}

/** What came of it. */
export interface Lags {
  /** From a message to its answer, in ms; to now, where it is late already and still open. */
  p50: number
  p99: number
  answered: number
  /** Written, and not answered yet. */
  open: number
}

/** Everyone who ever writes. */
export interface People {
  /** Writes for so long, and resolves with what was answered of it; those that are open then are counted as such. */
  write(load: Load, ms: number): Promise<Lags>
  /** Writes so many messages at this rate. */
  flood(load: Load, messages: number): Promise<void>
  /** Resolves when nothing is open. */
  settle(): Promise<void>
}

/** An answer that takes longer is late. */
export const LATE_MS = 1000

const TICK_MS = 10

/** The people of `telegram`. Each chat's answers come in the order of what was written in it. */
export function createPeople(telegram: TelegramSimulator): People {
  const open = new Map<number, { atMs: number; note(ms: number): void }[]>()
  telegram.on('message', ({ by, chatId, atMs }) => {
    const first = by === 'bot' ? open.get(chatId)?.shift() : undefined
    first?.note(atMs - first.atMs)
  })
  const known = new Set<number>()
  const steadily = async (load: Load, until: (written: number) => boolean, note: (ms: number) => void) => {
    for (const user of load.users) {
      if (!known.has(user)) telegram.phone.createUser({ id: user, languageCode: 'en' })
      known.add(user)
    }
    const startedAt = performance.now()
    for (let written = 0; !until(written); ) {
      const due = ((performance.now() - startedAt) / 1000) * load.perSecond
      for (; written < due && !until(written); written++) {
        const user = load.users[written % load.users.length] ?? 0
        const waiting = open.get(user) ?? []
        open.set(user, waiting)
        waiting.push({ atMs: performance.timeOrigin + performance.now(), note })
        telegram.phone.sendText({ from: user, bot: load.bot, text: `message ${written}` })
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MS))
    }
  }
  return {
    async write(load, ms) {
      const lags: number[] = []
      const endsAt = performance.now() + ms
      await steadily(
        load,
        () => performance.now() >= endsAt,
        (lag) => void lags.push(lag),
      )
      const answered = lags.length
      const nowMs = performance.timeOrigin + performance.now()
      const waits = load.users.flatMap((user) => (open.get(user) ?? []).map(({ atMs }) => nowMs - atMs))
      const { p50, p99 } = percentiles([...lags, ...waits.filter((ms) => ms > LATE_MS)])
      return { p50, p99, answered, open: waits.length }
    },
    flood: (load, messages) =>
      steadily(
        load,
        (written) => written >= messages,
        () => undefined,
      ),
    settle: () =>
      telegram
        .waitUntil(() => [...open.values()].every(({ length }) => length === 0), 60_000)
        .then(() => undefined),
  }
}
