/** Work that a bot does by the clock. */
import type { Telegram } from 'telegraf'

/** One run of a schedule. */
export interface ScheduledRun {
  /** Calls go through the outbox, like a handler's. */
  telegram: Telegram
  /** Aborts when the worker stops. */
  signal: AbortSignal
}

/** A schedule as an author has registered it. */
export interface Schedule {
  name: string
  /** Five fields (minute hour day month weekday), or six with seconds first; UTC. */
  cron: string
  run(run: ScheduledRun): unknown
}

/** Every copy of this module in a process registers at one place: an author's folder may have its own. */
const REGISTRY = Symbol.for('chatlane.schedules')

function registry(): Schedule[] {
  const places = globalThis as { [REGISTRY]?: Schedule[] }
  places[REGISTRY] ??= []
  return places[REGISTRY]
}

/**
 * Runs `run` whenever `cron` says so: once, however many workers there are. A run whose worker died is run again.
 * The name is the schedule's identity: registering it anew changes its times. Throws a TypeError for an empty name.
 */
export function schedule(name: string, cron: string, run: Schedule['run']): void {
  if (name === '') throw new TypeError('a schedule needs a name')
  registry().push({ name, cron, run })
}

/** For the platform: what was registered since it was last asked. */
export function takeSchedules(): Schedule[] {
  return registry().splice(0)
}
