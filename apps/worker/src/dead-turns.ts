/** What becomes of turns that were given up: kept as dead letters, put back by a retry in Bull Board. */
import type {
  DeadLetter,
  DeadLetters,
  Inbox,
  LaneName,
  Outbox,
  OutgoingDelivery,
  Turn,
  Wakes,
} from '@chatlane/lanes'
import { seriesOf } from '@chatlane/runtime'

/** Keeps each update of the turn as a dead letter. Safe to repeat. */
export async function parkTurn(
  { deadLetters, inbox }: { deadLetters: DeadLetters; inbox: Pick<Inbox, 'lastError'> },
  turn: Turn,
): Promise<void> {
  const error = await inbox.lastError(turn.lane)
  const reason = `given up after ${turn.tries - 1} tries${error === undefined ? '' : `; the last failed with ${error}`}`
  for (const item of turn.items) {
    await deadLetters.park({ kind: 'update', ...turn.lane, id: item.id, reason }, item.payload)
  }
}

/** Replays a dead letter: an update enters its lane again, a delivery its outbox. */
export function createReplay(parts: {
  inbox: Inbox
  wakes: Wakes
  outbox: Outbox
  readyOutbox(lane: LaneName, headClass: string): Promise<void>
}): (letter: DeadLetter, contents: string) => Promise<void> {
  return async (letter, contents) => {
    const lane: LaneName = { botId: letter.botId, homeId: letter.homeId, place: letter.place }
    if (letter.kind === 'update') {
      // Its own id was seen before; this one drops the repeat of a replay that stalled.
      const item = { id: `${letter.id}r`, mergeKey: '', album: '', payload: contents }
      const countAs = seriesOf('chatlane_replays_total', { bot: letter.botId, kind: letter.kind })
      await parts.inbox.append(lane, item, { open: true, countAs })
      await parts.wakes.wakeLane(lane)
      return
    }
    const delivery = JSON.parse(contents) as OutgoingDelivery
    // Refused at once it becomes a letter again, while this one is still being replayed: it needs a name of its own.
    const again = { ...delivery, id: `${delivery.id}r` }
    await parts.readyOutbox(lane, await parts.outbox.post(lane, again))
  }
}
