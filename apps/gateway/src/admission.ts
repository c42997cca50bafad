/** Makes an update durable: notes what it asks to stop, finds its lane, appends it, wakes the lane. */
import {
  type Backlog,
  type Homes,
  type Inbox,
  type LaneBounds,
  type LaneName,
  QUERY_PLACE,
  type Stops,
  type Taps,
  type Wakes,
} from '@chatlane/lanes'
import { type RedisState, seriesOf } from '@chatlane/runtime'
import { type ParsedUpdate, readUpdate } from '@chatlane/telegram'
import type { LaneNames } from './lane-names.ts'
import { stopRequestOf } from './stop-request.ts'

/** What became of an update. `closed`: it is new and there is no room, or more than enough
 * waits; `stored` and `seen` are durable; `shed`: its lane is over its bound, and will say so. */
export type Admitted =
  | { kind: 'stored' | 'seen' | 'closed' | 'shed' }
  | { kind: 'not-an-update'; problem: string }

/** Admits updates. Rejects where Redis does not answer: the update is then not acknowledged. */
export type Admit = (botId: string, raw: { value: unknown; json: string }) => Promise<Admitted>

/** What admission needs. `state`: with a full Redis only what was seen is admitted, with an absent one nothing. */
export interface AdmissionParts {
  inbox: Inbox
  wakes: Wakes
  homes: Homes
  stops: Stops
  taps: Taps
  /** What an author's code names the lane of an update. Default: nothing. */
  laneNames?: LaneNames
  state(): RedisState
  /** Of each lane. */
  bounds: LaneBounds
  /** What waits altogether. */
  backlog: Pick<Backlog, 'isOver'>
}

/** The lane of updates that belong to nobody. */
const NOBODY = '0'

/** Admission into the lanes of `parts`. */
export function createAdmission(parts: AdmissionParts): Admit {
  return async (botId, raw) => {
    const reading = readUpdate(raw.value)
    if (reading.kind === 'not-an-update') return reading
    const { update } = reading
    if (parts.state() === 'away') return { kind: 'closed' }
    if (update.migration) {
      const { fromChatId, toChatId } = update.migration
      await parts.homes.noteMigration(botId, { from: String(fromChatId), to: String(toChatId) })
    }
    await noteStop(parts, botId, update)
    const lane = await laneOf(parts, botId, update)
    const item = {
      id: String(update.updateId),
      mergeKey: update.mergeKey,
      album: update.albumId ?? '',
      payload: raw.json,
    }
    const countAs = seriesOf('chatlane_updates_total', { bot: botId, type: update.type.slice(0, 40) })
    // Before it can be begun: who begins with a tap takes the note away.
    const tapId = await noteTap(parts, botId, update)
    const appended = await parts.inbox.append(lane, item, {
      open: parts.state() === 'ready' && !parts.backlog.isOver(botId),
      countAs,
      ...(maySkip(update) && { bounds: parts.bounds }),
    })
    // Appended, then woken. An item behind others needs no wake-up of its own; a repeat is woken too, which heals a
    // gateway that died between the two.
    if (appended === 'appended' || appended === 'seen') await parts.wakes.wakeLane(lane)
    if (tapId !== undefined && (appended === 'seen' || appended === 'closed'))
      await forgetTap(parts, botId, tapId)
    return { kind: appended === 'appended' || appended === 'behind' ? 'stored' : appended }
  }
}

/** What people write and tap may be left out where they do more of it than can be answered; what they have paid may not. */
function maySkip({ type, raw }: ParsedUpdate): boolean {
  if (type === 'callback_query' || type === 'inline_query') return true
  const body = raw[type]
  return (
    /^(edited_)?(message|channel_post)$/.test(type) && !Object.hasOwn(body as object, 'successful_payment')
  )
}

/** Before the update is appended: its turn must find the answer stopped. A repeat notes it again, which is harmless. */
async function noteStop(
  { homes, stops, state }: AdmissionParts,
  botId: string,
  update: ParsedUpdate,
): Promise<void> {
  const request = stopRequestOf(update)
  if (!request) return
  const homeId = await homes.homeOf(botId, String(request.chatId))
  const noting = stops.note({ botId, homeId, place: request.place }, request.stop)
  // A full Redis may refuse the note; the update itself, seen before, must be acknowledged all the same.
  await noting.catch((error) => {
    if (state() === 'ready') throw error
  })
}

/** Notes a tap and answers its id. One that is not noted only keeps its spinner for longer. */
async function noteTap(
  { taps, state }: AdmissionParts,
  botId: string,
  { type, raw }: ParsedUpdate,
): Promise<string | undefined> {
  const id = type === 'callback_query' ? (raw.callback_query as { id?: unknown }).id : undefined
  if (typeof id !== 'string' || id.length > 64 || state() !== 'ready') return undefined
  return taps.note(botId, id).then(
    () => id,
    () => undefined,
  )
}

/** A repeat, or what was not taken in, waits for nobody. */
async function forgetTap({ taps }: AdmissionParts, botId: string, id: string): Promise<void> {
  await taps.begin(botId, id).catch(() => undefined)
}

async function laneOf(parts: AdmissionParts, botId: string, update: ParsedUpdate): Promise<LaneName> {
  const { homes, laneNames } = parts
  if (update.queue === 'query') return { botId, homeId: String(update.fromId ?? NOBODY), place: QUERY_PLACE }
  const owner = update.laneOwner
  if (!owner) return { botId, homeId: NOBODY, place: '' }
  if ('userId' in owner) return { botId, homeId: String(owner.userId), place: '' }
  const place = laneNames?.(botId, update) ?? update.place
  return { botId, homeId: await homes.homeOf(botId, String(owner.chatId)), place }
}
