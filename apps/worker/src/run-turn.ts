/** Runs one turn: rebuilds Telegraf's context from the raw update, lets the assistant answer, gathers what to commit. */
import { loadMemory, memoryWrites } from '@chatlane/chats'
import { languageOf, TurnContext, textsIn } from '@chatlane/dialogue'
import type { Audience, Keys, Turn, TurnEnd } from '@chatlane/lanes'
import type { RedisClient, Tally } from '@chatlane/runtime'
import { readUpdate } from '@chatlane/telegram'
import { type Composer, Telegram } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { Bots } from './bots.ts'
import { type PressParts, pressOf } from './press.ts'
import { noteReach } from './reach.ts'
import { createReplies } from './replies.ts'
import { openTurn, promptToReplyTo, streamOf, type TurnPortParts } from './turn-port.ts'

/** What running turns needs. */
export interface TurnParts extends TurnPortParts {
  redis: RedisClient
  keys: Keys
  bots: Bots
  assistant: Composer<TurnContext>
  presses: PressParts
  audience: Audience
  contextTtlSeconds: number
  tally: Tally
}

/** Answers a turn with the assistant. Throws where the turn is to be tried again. */
export async function runTurn(parts: TurnParts, turn: Turn): Promise<TurnEnd> {
  const startedAt = performance.now()
  const { lane } = turn
  const key = parts.keys.ofLane(lane, 'chat')
  const updates = turn.items.map((item) => JSON.parse(item.payload) as Update)
  const update = updates.at(-1)
  if (!update) throw new Error('a turn without an update')
  const [before, identity, press, view] = await Promise.all([
    loadMemory(parts.redis, key),
    parts.bots.identity(lane.botId),
    pressOf(parts.presses, lane.botId, update),
    parts.previews.outbox.view(lane, streamOf(turn)),
  ])
  await noteReach(parts.audience, { lane, update, before })
  const replies = createReplies(turn, promptToReplyTo('message' in update ? update.message : undefined))
  const open = openTurn(parts, { turn, updates, before, identity, replies, press, view })
  try {
    const ctx = new TurnContext(update, new Telegram(parts.bots.token(lane.botId)), identity)
    ctx.turn = open.port
    await parts.assistant.middleware()(ctx, async () => undefined)
  } finally {
    open.end()
  }
  parts.tally.observeSeconds(
    'chatlane_turn_seconds',
    { bot: lane.botId },
    (performance.now() - startedAt) / 1000,
  )
  const stream = open.stream()
  return {
    ...(stream !== undefined && { stream }),
    deliveries: replies.deliveries(stream),
    writes: memoryWrites({ key, before, after: open.port.memory, ttlSeconds: parts.contextTtlSeconds }),
  }
}

/** The one clear message for a turn that was tried too often. Does not throw for the turn's sake. */
export function giveUpTurn(turn: Turn): TurnEnd {
  const last = turn.items.at(-1)
  const reading = readUpdate(safelyParsed(last?.payload))
  if (reading.kind !== 'update' || reading.update.type !== 'message') return { deliveries: [], writes: [] }
  const replies = createReplies(turn, undefined)
  replies.add(textsIn(languageOf(reading.update.languageCode)).gaveUp, { command: true })
  // It takes the place of what the tries before it showed.
  const stream = streamOf(turn)
  return { stream, deliveries: replies.deliveries(stream), writes: [] }
}

function safelyParsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
