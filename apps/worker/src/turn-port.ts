/** Connects one turn to the outside: its memory, its replies, the model, and who stops it. */
import type { ChatMemory, Spend } from '@chatlane/chats'
import { type ButtonPress, languageOf, type TurnPort } from '@chatlane/dialogue'
import type { StreamView, Turn } from '@chatlane/lanes'
import { sleep } from '@chatlane/runtime'
import { isAddressedToBot, readMessage, speakerOf, unnamedPlace } from '@chatlane/telegram'
import type { Message, Update } from 'telegraf/types'
import type { Administrators } from './administrators.ts'
import type { Assistants } from './assistants.ts'
import { draftIdOf } from './draft.ts'
import { openFiles } from './files/turn-files.ts'
import { type ForgetParts, forgetChat } from './forget-chat.ts'
import { promptToReplyTo, type Replies } from './replies.ts'
import type { RunningTurns } from './running-turns.ts'
import type { LaneWish } from './summaries.ts'
import { openTurnModel, type TurnModelParts } from './turn-model.ts'
import { showTyping } from './typing.ts'
import { usageOf } from './usage.ts'

/** What a turn's port needs. */
export interface TurnPortParts extends TurnModelParts {
  administrators: Administrators
  running: RunningTurns
  assistants: Assistants
  forgetting: ForgetParts
  spend(botId: string): Spend
}

/** What is known of the turn. */
export interface TurnFacts {
  turn: Turn
  updates: readonly Update[]
  before: ChatMemory
  identity: { id: number; username: string }
  replies: Replies
  press: ButtonPress | undefined
  /** What the turn shows already, where it was begun before. */
  view: StreamView
  /** The name of the stream that shows the turn's answer. */
  stream: string
}

/** A turn's port, and what is known when it ends. */
export interface OpenTurn {
  port: TurnPort
  /** The stream that the turn's reply belongs to: where the model was asked, or something is shown already. */
  stream(): string | undefined
  /** What of the conversation is to be summed up once the turn is committed. */
  summaryWish(): LaneWish | undefined
  /** Whether the turn has erased its chat, and itself with it. */
  isErased(): boolean
  /** To be called when the turn has ended, however it did. */
  end(): void
}

/** Opens the port of a turn. */
export function openTurn(parts: TurnPortParts, facts: TurnFacts): OpenTurn {
  const { turn, updates, before, identity, replies, press, view, stream } = facts
  const { lane } = turn
  const assistant = parts.assistants(lane.botId)
  const messages = updates.flatMap((update) => messageOf(update) ?? [])
  const last = messages.at(-1)
  const isPrivate = !lane.homeId.startsWith('-')
  const mayStop = async (userId: number) =>
    isPrivate ||
    messages.some(({ from }) => from?.id === userId) ||
    parts.administrators.includes(lane.botId, lane.homeId, userId)
  const watched = parts.running.watch({
    // Stops are noted where Telegram has the answer, whatever an author's code names its lane.
    lane: { ...lane, place: unnamedPlace(lane.place) },
    stream,
    updateIds: updates.map((update) => update.update_id),
    draftId: draftIdOf(stream),
    username: identity.username,
    mayStop,
  })
  // A turn that is begun anew goes on with its question.
  const payer = {
    userId: String(last?.from?.id ?? lane.homeId),
    chatId: lane.homeId,
    questionId: turn.items[0]?.id ?? turn.turnId,
  }
  const replaced = new AbortController()
  const givenUp = AbortSignal.any([turn.signal, replaced.signal])
  const signal = AbortSignal.any([givenUp, watched.signal])
  const model = openTurnModel(parts, {
    ...{ turn, assistant, last, isPrivate, payer, replies, stream, view, signal, givenUp },
    memory: () => port.memory,
    isOfEdit: updates.some((update) => 'edited_message' in update),
    look: () => watched.look(),
    stoppedBy: () => (watched.signal.aborted ? Number(watched.signal.reason) : undefined),
    onStale: () => replaced.abort(),
  })
  let isErased = false
  let wish: LaneWish | undefined
  const port: TurnPort = {
    memory: before,
    said: messages.map((message) => readMessage(message, identity.id)),
    ...(!isPrivate && last && { speaker: speakerOf(last) }),
    files: openFiles(parts.files, {
      botId: lane.botId,
      payer,
      model: model.answering,
      transcriptionModel: assistant.transcriptionModel,
      signal: givenUp,
      showTyping: () => showTyping(parts.signs, lane),
    }),
    messageIds: messages.map(({ message_id }) => message_id),
    stream,
    addressed: messages.some((message) => isAddressedToBot(message, identity)),
    ...(press && { press }),
    reply: (markdown, options = {}) => replies.add(markdown, options),
    ask: model.ask,
    window: model.window,
    sumUp(wished) {
      const { language = languageOf(last?.from?.language_code) } = port.memory.settings
      wish = { ...wished, lane, payer, language }
    },
    pause(ms) {
      const paused = sleep(ms, signal)
      turn.restUntil(paused)
      return paused
    },
    declined: () => parts.model.spending.declined(lane.botId, payer),
    usage: () => usageOf(parts.spend(lane.botId), { ...payer, limits: assistant.spendLimits, isPrivate }),
    async forget(farewell) {
      await forgetChat(parts.forgetting, { turn, farewell, replyToMessageId: promptToReplyTo(last) })
      isErased = true
    },
    isAdministrator: async () =>
      last?.from !== undefined &&
      (await parts.administrators.includes(lane.botId, lane.homeId, last.from.id)),
  }
  return {
    port,
    stream: () => (model.isInMessages() || (model.hasAsked() && !replies.isEmpty()) ? stream : undefined),
    summaryWish: () => wish,
    isErased: () => isErased,
    end: () => watched.end(),
  }
}

/**
 * The name of what a turn shows: its first update's id, which a turn begun anew has too. Whoever edits the newest
 * question has its answer shown in the messages of the one before, under its name.
 */
export function streamOf(turn: Turn, update: Update | undefined, { asked }: ChatMemory): string {
  const edited = update && 'edited_message' in update ? update.edited_message.message_id : undefined
  if (edited !== undefined && asked?.messages.some(({ id }) => id === edited)) return asked.stream
  return turn.items[0]?.id ?? turn.turnId
}

/** The message that an update brings, new or edited. */
export function messageOf(update: Update): Message | undefined {
  if ('message' in update) return update.message
  return 'edited_message' in update ? update.edited_message : undefined
}
