/** Gathers what is known of a chat. What was written is left out unless it is asked for. */
import { type ChosenSettings, loadMemory, settingsKeysOf } from '@chatlane/chats'
import {
  type ChatLetters,
  type ChatName,
  type ChatReport,
  createAudience,
  createChatPauses,
  createHomes,
  type KeptLetter,
  type Keys,
  type LaneReport,
  reportChat,
  type WaitingDelivery,
} from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import { textOfDelivery, textOfLetter, textOfUpdate, unnamedPlace } from '@chatlane/telegram'

/** What looking needs. */
export interface LookParts {
  redis: RedisClient
  keys: Keys
  letters: ChatLetters
}

/** A chat as `show` tells it; as JSON it is the same. Ages are in milliseconds, on Redis's clock. */
export type ShownChat = Awaited<ReturnType<typeof lookAtChat>>

/** Everything about `chat`. `withTexts`: what was written, too. */
export async function lookAtChat(parts: LookParts, chat: ChatName, options: { withTexts: boolean }) {
  const { redis, keys, letters } = parts
  const { botId, homeId } = chat
  const [report, address, pausedSinceMs, isBlocked, dead] = await Promise.all([
    reportChat({ redis, keys, chat }),
    createHomes({ redis, keys }).addressOf(botId, homeId),
    createChatPauses({ redis, keys }).sinceMs(chat),
    createAudience({ redis, keys }).isBlocked(botId, homeId),
    letters.of(chat),
  ])
  const { nowMs, attempt, frozenMs, botPausedMs, sessions } = report
  const lanes = report.lanes.map((lane) => lookAtLane(parts, { chat, lane, nowMs, ...options }))
  return {
    ...{ botId, homeId, address },
    pausedSinceMs: pausedSinceMs ?? null,
    hasBlockedBot: isBlocked,
    ...{ frozenMs, botPausedMs },
    lanes: await Promise.all(lanes),
    deliveries: lookAtDeliveries(report, options.withTexts),
    attempt: attempt
      ? {
          deliveryId: attempt.deliveryId,
          isHandedOver: attempt.isHandedOver,
          settledInMs: Math.max(0, attempt.untilMs - nowMs),
        }
      : null,
    sessions,
    deadLetters: await Promise.all(dead.map((letter) => lookAtLetter(parts, letter, options.withTexts))),
  }
}

async function lookAtLane(
  { redis, keys }: LookParts,
  options: { chat: ChatName; lane: LaneReport; nowMs: number; withTexts: boolean },
) {
  const { chat, lane, nowMs, withTexts } = options
  const { place, waiting, updates, turn, retryAtMs } = lane
  const settingsKeys = settingsKeysOf(keys, { ...chat, place: unnamedPlace(place) })
  const memory = await loadMemory(redis, keys.ofLane({ ...chat, place }, 'chat'), settingsKeys)
  const { state, settings, chatSettings, context } = memory
  const [oldest] = updates
  const written = (items: LaneReport['updates']) =>
    items.map(({ id, payload }) => ({ id, text: textOfUpdate(payload) }))
  return {
    place,
    waiting,
    oldestWaitingMs: oldest ? nowMs - oldest.atMs : null,
    turn: turn
      ? {
          sinceMs: nowMs - turn.sinceMs,
          tries: turn.tries,
          fails: turn.fails,
          updates: turn.updates.length,
          ...(withTexts && { texts: written(turn.updates) }),
        }
      : null,
    retryInMs: retryAtMs === undefined ? null : Math.max(0, retryAtMs - nowMs),
    memory: {
      state,
      settings: { ...settings, ...lookAtChosen(settings, withTexts) },
      ...(chatSettings && { chatSettings: lookAtChosen(chatSettings, withTexts) }),
      generation: context.generation,
      messages: context.messages.length,
      ...(withTexts && { texts: context.messages }),
    },
    ...(withTexts && { texts: written(updates) }),
  }
}

/** A system prompt is something that was written. */
function lookAtChosen({ systemPrompt, ...settings }: ChosenSettings, withTexts: boolean): ChosenSettings {
  if (systemPrompt === undefined) return settings
  return { ...settings, systemPrompt: withTexts ? systemPrompt : '(not shown)' }
}

function lookAtDeliveries({ deliveries, nowMs }: ChatReport, withTexts: boolean) {
  const look = ([kind, ofClass]: [WaitingDelivery['class'], WaitingDelivery[]]) => ({
    class: kind,
    count: ofClass.length,
    oldestMs: nowMs - Math.min(...ofClass.map(({ atMs }) => atMs)),
    ...(withTexts && { texts: ofClass.map(({ id, payload }) => ({ id, text: textOfDelivery(payload) })) }),
  })
  return [...Map.groupBy(deliveries, (delivery) => delivery.class)].map(look)
}

async function lookAtLetter({ letters }: LookParts, letter: KeptLetter, withTexts: boolean) {
  const { kind, id, place, reason, failedReason, atMs } = letter
  const contents = await letters.contents(letter)
  return {
    ...{ kind, id, place, reason, failedReason, atMs },
    isKept: contents !== undefined,
    ...(withTexts && contents !== undefined && { text: textOfLetter(kind, contents) }),
  }
}
