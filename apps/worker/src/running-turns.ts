/** The turns that this worker is answering, and the stops that reach them. */
import { type LaneName, laneText, type Stop, type Stops } from '@chatlane/lanes'
import type { Log, Running } from '@chatlane/runtime'

/** A turn that can be stopped. */
export interface StoppableTurn {
  lane: LaneName
  /** The name of what it shows. */
  stream: string
  /** Ids of the updates that it answers, in order. */
  updateIds: readonly number[]
  /** The draft that shows it. */
  draftId: number
  /** The bot's name, without the `@`. */
  username: string
  /** Whether the user may stop it. */
  mayStop(userId: number): Promise<boolean>
}

/** A turn that is looked after. */
export interface WatchedTurn {
  /** Aborts when the turn is stopped; the reason is the id of the update that asked for it. */
  signal: AbortSignal
  /** Looks for stops that were noted before it began, or whose hint was lost. */
  look(): Promise<void>
  /** To be called when the turn has ended. */
  end(): void
}

/** The turns of this process. */
export interface RunningTurns extends Running {
  watch(turn: StoppableTurn): WatchedTurn
}

/** A hint may be lost with a connection: the stops themselves are looked at so often. */
const LOOK_EVERY_MS = 3000

/** Listens for stops. A stop reaches a turn only if it was asked for after the turn's last update. */
export async function followStops({ stops, log }: { stops: Stops; log: Log }): Promise<RunningTurns> {
  const watched = new Map<string, Set<() => Promise<void>>>()
  const lookAt = (lane: string) => {
    for (const look of watched.get(lane) ?? [])
      look().catch((error) => log.warn({ err: error, lane }, 'the stops of a lane could not be read'))
  }
  const listener = await stops.listen(lookAt)
  const timer = setInterval(() => [...watched.keys()].forEach(lookAt), LOOK_EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await listener.stop()
    },
    watch(turn) {
      const stopped = new AbortController()
      const judged = new Set<number>()
      const look = async () => {
        for (const stop of await stops.of(turn.lane)) {
          if (stopped.signal.aborted) return
          if (judged.has(stop.updateId) || !isMeant(stop, turn)) continue
          judged.add(stop.updateId)
          if (await turn.mayStop(stop.userId)) stopped.abort(stop.updateId)
        }
      }
      const lane = laneText(turn.lane)
      const ofLane = watched.get(lane) ?? new Set()
      watched.set(lane, ofLane.add(look))
      return {
        signal: stopped.signal,
        look,
        end() {
          ofLane.delete(look)
          if (ofLane.size === 0) watched.delete(lane)
        },
      }
    },
  }
}

function isMeant(stop: Stop, turn: StoppableTurn): boolean {
  const last = turn.updateIds.at(-1) ?? 0
  // An edited question is answered anew under the name of its first answer, which may have been stopped.
  if (stop.stream !== undefined) return stop.stream === turn.stream && stop.updateId > last
  if (stop.draftId !== undefined) return stop.draftId === turn.draftId && stop.updateId > last
  // A dead letter that an operator sends again is older than any stop that its chat asked for meanwhile.
  if (turn.stream.endsWith('r')) return false
  const isForUs = (stop.addressee ?? turn.username).toLowerCase() === turn.username.toLowerCase()
  return isForUs && stop.updateId > last
}
