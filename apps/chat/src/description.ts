/** A chat in lines for a terminal. */
import { counted, moment } from '@chatlane/command'
import { inTime } from './in-time.ts'
import type { ShownChat } from './look-at-chat.ts'

type ShownLane = ShownChat['lanes'][number]
type Text = { id: string; text: string | undefined }

/** What `show` prints of `chat`. */
export function description(chat: ShownChat): string[] {
  const { homeId, botId, address, pausedSinceMs, hasBlockedBot, sessions, lanes } = chat
  return [
    `chat ${homeId} of bot ${botId}${address === homeId ? '' : `, now ${address}`}`,
    line('paused', pausedSinceMs === null ? 'no' : `since ${moment(pausedSinceMs)}: no turn begins`),
    line('blocked the bot', hasBlockedBot ? 'yes' : 'no'),
    line('held back', heldBack(chat)),
    ...(lanes.length === 0 ? [line('updates', 'nothing is stored')] : lanes.flatMap(lineOfLane)),
    ...deliveryLines(chat),
    line('sessions', String(sessions)),
    ...letterLines(chat),
  ]
}

function heldBack({ frozenMs, botPausedMs }: ShownChat): string {
  const reasons = [
    ...(frozenMs > 0 ? [`for ${inTime(frozenMs)}, since Telegram answered 429`] : []),
    ...(botPausedMs > 0 ? [`with the whole bot for ${inTime(botPausedMs)}`] : []),
  ]
  return reasons.length === 0 ? 'no' : reasons.join('; ')
}

function lineOfLane(lane: ShownLane): string[] {
  const { place, waiting, oldestWaitingMs, turn, retryInMs, memory } = lane
  const wait = oldestWaitingMs === null ? 'none' : `${waiting}, the oldest for ${inTime(oldestWaitingMs)}`
  const { state, settings, chatSettings = {}, generation, messages } = memory
  const chosen = Object.entries(settings).map(([name, value]) => `, ${name} ${inOneLine(value)}`)
  const ofChat = Object.entries(chatSettings).map(
    ([name, value]) => `, ${name} of the whole chat ${inOneLine(value)}`,
  )
  return [
    `lane ${place === '' ? '(the chat itself)' : place}`,
    line('waiting updates', wait),
    ...textLines(lane.texts),
    line(
      'turn',
      turn ? turnWords(turn) : retryInMs === null ? 'none' : `tried again in ${inTime(retryInMs)}`,
    ),
    ...textLines(turn?.texts),
    line(
      'remembered',
      `${counted(messages, 'message')}, generation ${generation}, ${state}${[...chosen, ...ofChat].join('')}`,
    ),
    ...(memory.texts ?? []).map(({ role, content }) => `    ${role}: ${content}`),
  ]
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function turnWords({ sinceMs, updates, tries, fails }: NonNullable<ShownLane['turn']>): string {
  const failed = fails > 0 ? ` (${fails} failed)` : ''
  return `for ${inTime(sinceMs)}, of ${counted(updates, 'update')}, try ${tries}${failed}`
}

function deliveryLines({ deliveries, attempt }: ShownChat): string[] {
  const waiting = deliveries.flatMap(({ class: kind, count, oldestMs, texts }) => [
    line('undelivered', `${counted(count, kind, several(kind))}, the oldest for ${inTime(oldestMs)}`),
    ...textLines(texts),
  ])
  const attempted = attempt
    ? `${attempt.deliveryId}, ${attempt.isHandedOver ? 'handed over' : 'not handed over yet'}, taken up anew in ${inTime(attempt.settledInMs)} at the earliest`
    : 'none'
  return [
    'outbox',
    ...(waiting.length === 0 ? [line('undelivered', 'none')] : waiting),
    line('call under way', attempted),
  ]
}

function several(kind: string): string {
  return kind === 'reply' ? 'replies' : `${kind}s`
}

function letterLines({ deadLetters }: ShownChat): string[] {
  const letters = deadLetters.flatMap(({ kind, id, place, reason, failedReason, atMs, isKept, text }) => [
    `  ${kind} ${id}${place === '' ? '' : ` in ${place}`}, ${moment(atMs)}: ${failedReason || reason}${isKept ? '' : ' (its contents are gone)'}`,
    ...textLines(text === undefined ? [] : [{ id, text }]),
  ])
  return letters.length === 0 ? [line('dead letters', 'none')] : ['dead letters', ...letters]
}

function textLines(texts: readonly Text[] | undefined): string[] {
  return (texts ?? []).map(({ id, text }) => `    ${id}: ${text ?? '(no text)'}`)
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(16)} ${value}`
}
