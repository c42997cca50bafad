/** Runs one turn: rebuilds Telegraf's context from the raw update, lets the assistant answer, gathers what to commit. */
import { loadMemory, memoryWrites, NO_MEMORY, settingsKeysOf } from '@chatlane/chats'
import { languageOf, type TextBook, TurnContext } from '@chatlane/dialogue'
import {
  type Audience,
  isQueryLane,
  type Keys,
  type Taps,
  type Turn,
  type TurnEnd,
  type Write,
} from '@chatlane/lanes'
import type { RedisClient, Tally } from '@chatlane/runtime'
import { readUpdate, typedUpdate, unnamedPlace } from '@chatlane/telegram'
import { Telegram } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { Bots } from './bots.ts'
import { type HandlersRan, type RunHandlersParts, runHandlers } from './handlers/run-handlers.ts'
import { type PressParts, pressOf } from './press.ts'
import { noteReach } from './reach.ts'
import { createReplies, promptToReplyTo } from './replies.ts'
import type { Summaries } from './summaries.ts'
import { messageOf, openTurn, streamOf, type TurnPortParts } from './turn-port.ts'

/** What running turns needs. */
export interface TurnParts extends TurnPortParts {
  redis: RedisClient
  keys: Keys
  bots: Bots
  presses: PressParts
  audience: Audience
  contextTtlSeconds: number
  tally: Tally
  handlers: RunHandlersParts
  taps: Taps
  summaries: Pick<Summaries, 'begin'>
}

/** Answers a turn: the author's handlers first, then the assistant. Throws where the turn is to be tried again. */
export async function runTurn(parts: TurnParts, turn: Turn): Promise<TurnEnd> {
  const startedAt = performance.now()
  const { lane } = turn
  const key = parts.keys.ofLane(lane, 'chat')
  // Whatever an author's code names the lane, what is chosen is chosen for Telegram's place.
  const settingsKeys = isQueryLane(lane)
    ? undefined
    : settingsKeysOf(parts.keys, { ...lane, place: unnamedPlace(lane.place) })
  const updates = turn.items.flatMap(({ payload }) => readable(payload) ?? [])
  if (updates.length < turn.items.length) noteUnreadable(parts, turn)
  const update = updates.at(-1)
  if (!update) return { deliveries: [], writes: [] }
  const reading = loadMemory(parts.redis, key, settingsKeys)
  const viewing = async () => {
    // Only an edited question's answer is shown under another name than its turn's.
    const stream = streamOf(turn, update, 'edited_message' in update ? await reading : NO_MEMORY)
    return { stream, view: await parts.previews.outbox.view(lane, stream) }
  }
  const [before, identity, press, { stream: ownStream, view }, isSpinning] = await Promise.all([
    reading,
    parts.bots.identity(lane.botId),
    pressOf(parts.presses, lane.botId, update),
    viewing(),
    'callback_query' in update ? parts.taps.begin(lane.botId, update.callback_query.id) : true,
  ])
  await noteReach(parts.audience, { lane, update, before })
  const replies = createReplies(turn, promptToReplyTo(messageOf(update)))
  const open = openTurn(parts, {
    ...{ turn, updates, before, identity, replies, press, view },
    stream: ownStream,
  })
  const token = parts.bots.token(lane.botId)
  const assist = async () => {
    const ctx = new TurnContext(update, new Telegram(token), identity)
    ctx.turn = open.port
    await parts.assistants(lane.botId).middleware.middleware()(ctx, async () => undefined)
  }
  let ran: HandlersRan | undefined
  let tellsOfIt = false
  try {
    const handlers = parts.handlers.handlersOf(lane.botId)
    const { port } = open
    const item = turn.items.at(-1)
    if (!handlers || !item) await assist()
    else {
      const { id: itemId, payload } = item
      const run = { handlers, turn, itemId, payload, update, token, identity, port, isSpinning, next: assist }
      ran = await runHandlers(parts.handlers, run)
      if (ran.hasFailed && isToBeTold(update, port))
        replies.add(textsFor(parts.texts, update).gaveUp, { command: true })
    }
    if (tellsOfShedding(parts, turn, open.port)) {
      replies.add(textsFor(parts.texts, update).tooManyWait, { command: true, aside: true })
      tellsOfIt = true
    }
  } finally {
    open.end()
  }
  parts.tally.observeSeconds(
    'chatlane_turn_seconds',
    { bot: lane.botId },
    (performance.now() - startedAt) / 1000,
  )
  if (open.isErased()) return { isErased: true, deliveries: [], writes: [] }
  const stream = open.stream()
  const wish = open.summaryWish()
  return {
    ...(wish && { onCommitted: () => parts.summaries.begin(wish) }),
    ...(stream !== undefined && { stream }),
    ...(tellsOfIt && { tellsOfShedding: true }),
    deliveries: [...replies.deliveries(stream), ...(ran?.deliveries ?? [])],
    writes: [
      ...memoryWrites({
        ...{ key, settingsKeys, before },
        after: open.port.memory,
        ttlSeconds: parts.contextTtlSeconds,
      }),
      ...((await ran?.writes()) ?? []),
    ],
  }
}

/** The update, if it has what an answer needs: no number of tries would make up for it. */
function readable(payload: string): Update | undefined {
  return typedUpdate(JSON.parse(payload)) as Update | undefined
}

function noteUnreadable({ tally, model: { log } }: TurnParts, { lane: { botId }, items }: Turn): void {
  const ids = items.flatMap(({ id, payload }) => (readable(payload) ? [] : [id]))
  tally.count('chatlane_unreadable_updates_total', { bot: botId }, ids.length)
  log.warn({ bot: botId, updates: ids }, 'an update lacks what an answer needs')
}

/** Whoever speaks to the assistant is told that the lane takes no more for now. */
function tellsOfShedding(
  { assistants }: TurnParts,
  turn: Turn,
  { addressed }: { addressed: boolean },
): boolean {
  return turn.isShedding && addressed && !isQueryLane(turn.lane) && assistants(turn.lane.botId).isOn
}

/** Who wrote to the bot is told that it failed; whoever only passed by in a group is not. */
function isToBeTold(update: Update, { addressed }: { addressed: boolean }): boolean {
  if ('message' in update) return addressed
  return 'callback_query' in update && update.callback_query.message?.chat.type === 'private'
}

function textsFor(texts: TextBook, update: Update) {
  const reading = readUpdate(update)
  return texts.in(languageOf(reading.kind === 'update' ? reading.update.languageCode : undefined))
}

/** The one clear message for a turn that was tried too often. Does not throw for the turn's sake. */
export async function giveUpTurn(
  { redis, keys, texts }: Pick<TurnParts, 'redis' | 'keys' | 'texts'>,
  turn: Turn,
): Promise<TurnEnd> {
  // What its runs noted is of no use to what comes after it.
  const writes: Write[] = [{ command: 'del', key: keys.ofLane(turn.lane, 'journal'), args: [] }]
  const last = turn.items.at(-1)
  const reading = readUpdate(safelyParsed(last?.payload))
  if (reading.kind !== 'update' || !/^(edited_)?message$/.test(reading.update.type))
    return { deliveries: [], writes }
  const memory = await loadMemory(redis, keys.ofLane(turn.lane, 'chat'))
  const stream = streamOf(turn, reading.update.raw as unknown as Update, memory)
  // An edit of anything else than the newest question would not have been answered.
  if (reading.update.type === 'edited_message' && stream !== memory.asked?.stream)
    return { deliveries: [], writes }
  const replies = createReplies(turn, undefined)
  replies.add(texts.in(languageOf(reading.update.languageCode)).gaveUp, { command: true })
  // It takes the place of what the tries before it showed.
  return { stream, deliveries: replies.deliveries(stream), writes }
}

function safelyParsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
