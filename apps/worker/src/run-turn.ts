/** Runs one turn: rebuilds Telegraf's context from the raw update, lets the assistant answer, gathers what to commit. */
import { type ChatMemory, loadMemory, memoryWrites, type Spend } from '@chatlane/chats'
import { languageOf, TurnContext, type TurnPort, textsIn } from '@chatlane/dialogue'
import type { Delivery, Keys, Turn, TurnEnd } from '@chatlane/lanes'
import type { Log, RedisClient, Tally } from '@chatlane/runtime'
import {
  cutPages,
  isAddressedToBot,
  placeAddress,
  readUpdate,
  renderMarkdown,
  type SendText,
} from '@chatlane/telegram'
import { type Composer, Telegram } from 'telegraf'
import type { Update } from 'telegraf/types'
import type { Bots } from './bots.ts'
import { askModel, type ModelParts } from './model.ts'
import { showTyping, type TypingParts } from './typing.ts'

/** What running turns needs. */
export interface TurnParts {
  redis: RedisClient
  keys: Keys
  bots: Bots
  assistant: Composer<TurnContext>
  model: ModelParts
  typing: TypingParts
  spend(botId: string): Spend
  budgetUsdPerDay: number | undefined
  contextTtlSeconds: number
  tally: Tally
  log: Log
}

/** Answers a turn with the assistant. Throws where the turn is to be tried again. */
export async function runTurn(parts: TurnParts, turn: Turn): Promise<TurnEnd> {
  const startedAt = performance.now()
  const { lane } = turn
  const key = parts.keys.ofLane(lane, 'chat')
  const updates = turn.items.map((item) => JSON.parse(item.payload) as Update)
  const update = updates.at(-1)
  if (!update) throw new Error('a turn without an update')
  const [before, identity] = await Promise.all([
    loadMemory(parts.redis, key),
    parts.bots.identity(lane.botId),
  ])
  const replies = createReplies(turn, update)
  const port = createPort(parts, { turn, updates, before, identity, replies })
  const ctx = new TurnContext(update, new Telegram(parts.bots.token(lane.botId)), identity)
  ctx.turn = port
  await parts.assistant.middleware()(ctx, async () => undefined)
  parts.tally.observeSeconds(
    'chatlane_turn_seconds',
    { bot: lane.botId },
    (performance.now() - startedAt) / 1000,
  )
  return {
    deliveries: replies.deliveries,
    writes: memoryWrites({ key, before, after: port.memory, ttlSeconds: parts.contextTtlSeconds }),
  }
}

/** The one clear message for a turn that was tried too often. Does not throw for the turn's sake. */
export function giveUpTurn(turn: Turn): TurnEnd {
  const last = turn.items.at(-1)
  const reading = readUpdate(safelyParsed(last?.payload))
  if (reading.kind !== 'update' || reading.update.type !== 'message') return { deliveries: [], writes: [] }
  const replies = createReplies(turn, undefined)
  replies.add(textsIn(languageOf(reading.update.languageCode)).gaveUp, { command: true })
  return { deliveries: replies.deliveries, writes: [] }
}

function safelyParsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}

interface Replies {
  deliveries: Delivery[]
  add(markdown: string, options: { command: boolean }): void
}

function createReplies(turn: Turn, update: Update | undefined): Replies {
  const deliveries: Delivery[] = []
  const message = update && 'message' in update ? update.message : undefined
  const replyToMessageId = message && message.chat.type !== 'private' ? message.message_id : undefined
  return {
    deliveries,
    add(markdown, { command }) {
      for (const page of cutPages(renderMarkdown(markdown))) {
        const isFirst = deliveries.length === 0
        const send: SendText = {
          method: 'sendMessage',
          chatId: Number(turn.lane.homeId),
          ...placeAddress(turn.lane.place),
          ...page,
          ...(isFirst && replyToMessageId !== undefined && { replyToMessageId }),
        }
        deliveries.push({
          id: `${turn.turnId}.${deliveries.length}`,
          class: command ? 0 : 1,
          place: turn.lane.place,
          payload: JSON.stringify(send),
        })
      }
    },
  }
}

function createPort(
  parts: TurnParts,
  of: {
    turn: Turn
    updates: readonly Update[]
    before: ChatMemory
    identity: { id: number; username: string }
    replies: Replies
  },
): TurnPort {
  const { turn, updates, before, identity, replies } = of
  const messages = updates.flatMap((update) => ('message' in update ? [update.message] : []))
  const userId = String(messages.at(-1)?.from?.id ?? turn.lane.homeId)
  return {
    memory: before,
    texts: messages.flatMap((message) => {
      const text = 'text' in message ? message.text : 'caption' in message ? message.caption : undefined
      return text === undefined ? [] : [text]
    }),
    addressed: messages.some((message) => isAddressedToBot(message, identity)),
    reply: (markdown, options = { command: false }) => replies.add(markdown, options),
    async ask(prompt) {
      const stopTyping = showTyping(parts.typing, turn.lane)
      try {
        return await askModel(parts.model, { lane: turn.lane, userId, signal: turn.signal }, prompt)
      } finally {
        stopTyping()
      }
    },
    isBudgetSpent: async () =>
      parts.budgetUsdPerDay !== undefined &&
      (await parts.spend(turn.lane.botId).todayUsd()) >= parts.budgetUsdPerDay,
  }
}
