/** Connects one turn to the outside: its memory, its replies, the model, the reply in the making, and who stops it. */
import type { ChatMemory, Spend } from '@chatlane/chats'
import {
  type ButtonPress,
  choicesOf,
  keepLongest,
  languageOf,
  promptTokensOf,
  type StreamingMode,
  stopData,
  streamingOf,
  type TextBook,
  type TurnPort,
} from '@chatlane/dialogue'
import type { StreamView, Turn } from '@chatlane/lanes'
import { sleep } from '@chatlane/runtime'
import { isAddressedToBot, readMessage, type StreamState, speakerOf, unnamedPlace } from '@chatlane/telegram'
import type { Message, Update } from 'telegraf/types'
import type { Administrators } from './administrators.ts'
import type { Assistants } from './assistants.ts'
import { draftIdOf, showDraft } from './draft.ts'
import { requestTermsOf, sensesOf } from './files/model-senses.ts'
import { fillPrompt, type PromptFilesParts } from './files/prompt-files.ts'
import { type FileParts, openFiles } from './files/turn-files.ts'
import { type ForgetParts, forgetChat } from './forget-chat.ts'
import { askModel, type ModelParts, windowOf } from './model.ts'
import { createModelRoute, type ModelRoute } from './model-route.ts'
import { type Preview, type PreviewParts, showPreview } from './preview.ts'
import type { Replies } from './replies.ts'
import type { RunningTurns } from './running-turns.ts'
import type { LaneWish } from './summaries.ts'
import { type SignParts, showTyping } from './typing.ts'
import { usageOf } from './usage.ts'

/** What a turn's port needs. */
export interface TurnPortParts {
  model: ModelParts
  previews: PreviewParts
  /** Typing and drafts. */
  signs: SignParts
  administrators: Administrators
  running: RunningTurns
  assistants: Assistants
  texts: TextBook
  forgetting: ForgetParts
  spend(botId: string): Spend
  files: FileParts & PromptFilesParts
  /** Whether a model goes on with an answer that broke off. */
  canContinue(model: string): boolean
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
  const { streaming, model, fallbackModels, transcriptionModel, spendLimits } = parts.assistants(
    turn.lane.botId,
  )
  /** The chat's own where it has chosen one, which the dialogue has seen to that it is still offered; then the others. */
  const modelsNow = () => {
    const answering = choicesOf(port.memory).model ?? model
    const others = [...fallbackModels, model].filter((id) => id !== answering)
    return { model: answering, fallbackModels: answering === model ? fallbackModels : [...new Set(others)] }
  }
  let route: ModelRoute | undefined
  /** Chosen with the first question: what fails is tried with the next model. */
  const routeNow = () => {
    const { model: first, fallbackModels: others } = modelsNow()
    route ??= createModelRoute({ models: [first, ...others], canContinue: parts.canContinue })
    return route
  }
  const messages = updates.flatMap((update) => messageOf(update) ?? [])
  const last = messages.at(-1)
  const isPrivate = !turn.lane.homeId.startsWith('-')
  const mayStop = async (userId: number) =>
    isPrivate ||
    messages.some(({ from }) => from?.id === userId) ||
    parts.administrators.includes(turn.lane.botId, turn.lane.homeId, userId)
  const watched = parts.running.watch({
    // Stops are noted where Telegram has the answer, whatever an author's code names its lane.
    lane: { ...turn.lane, place: unnamedPlace(turn.lane.place) },
    stream,
    updateIds: updates.map((update) => update.update_id),
    draftId: draftIdOf(stream),
    username: identity.username,
    mayStop,
  })
  // A turn that is begun anew goes on with its question.
  const payer = {
    userId: String(last?.from?.id ?? turn.lane.homeId),
    chatId: turn.lane.homeId,
    questionId: turn.items[0]?.id ?? turn.turnId,
  }
  const replaced = new AbortController()
  const givenUp = AbortSignal.any([turn.signal, replaced.signal])
  const signal = AbortSignal.any([givenUp, watched.signal])
  let seen = seenBefore(view)
  let said = seen ?? ''
  let isErased = false
  let wish: LaneWish | undefined
  let hasAsked = false
  // What stands there of an answer that has ended stays, where an edit of its question comes to nothing.
  const isOfEdit = updates.some((update) => 'edited_message' in update)
  let isInMessages = seen !== undefined || (!isOfEdit && (view.record !== '' || view.isOff))
  const show = (): { mode: StreamingMode; text: Preview } | undefined => {
    const { language } = port.memory.settings
    const { streaming: chosen } = choicesOf(port.memory)
    const mode = streamingOf({ chosen, standard: streaming, isPrivate })
    if (mode === 'off') return undefined
    if (mode === 'draft')
      return { mode, text: showDraft(parts.signs, { lane: turn.lane, stream, after: seen }) }
    const stopButton = parts.texts.in(language ?? languageOf(last?.from?.language_code)).stopButton
    const text = showPreview(parts.previews, {
      turn,
      stream,
      keyboard: [[{ text: stopButton, callbackData: stopData(stream) }]],
      replyToMessageId: promptToReplyTo(last),
      after: seen,
      onStale: () => replaced.abort(),
    })
    return { mode, text }
  }
  const port: TurnPort = {
    memory: before,
    said: messages.map((message) => readMessage(message, identity.id)),
    ...(!isPrivate && last && { speaker: speakerOf(last) }),
    files: openFiles(parts.files, {
      botId: turn.lane.botId,
      payer,
      model: () => modelsNow().model,
      transcriptionModel,
      signal: givenUp,
      showTyping: () => showTyping(parts.signs, turn.lane),
    }),
    messageIds: messages.map(({ message_id }) => message_id),
    stream,
    addressed: messages.some((message) => isAddressedToBot(message, identity)),
    ...(press && { press }),
    reply: (markdown, options = {}) => replies.add(markdown, options),
    async ask(prompt) {
      hasAsked = true
      await watched.look()
      const preview = show()
      const stopTyping = showTyping(parts.signs, turn.lane)
      const models = routeNow().now()
      let release = () => {}
      try {
        const filled = await fillPrompt(parts.files, {
          botId: turn.lane.botId,
          messages: prompt,
          senses: await sensesOf(parts.files.catalogue, models.model),
          signal: givenUp,
        })
        release = filled.release
        const answer = await askModel(parts.model, {
          lane: turn.lane,
          ...payer,
          promptTokens: promptTokensOf(prompt, await parts.model.learning.weights(models.model)),
          ...models,
          messages: filled.messages,
          pictureTokens: filled.pictureTokens,
          ...(await requestTermsOf(parts.files.catalogue, { model: models.model, hasPdf: filled.hasPdf })),
          said,
          signal,
          onWait: (wait) => restIfLong(turn, wait),
          stoppedBy: () => (watched.signal.aborted ? Number(watched.signal.reason) : undefined),
          onText: (textSoFar) => preview?.text.update(textSoFar),
          onPictures: (pictures) => {
            const { pictureTooLarge } = parts.texts.of(port.memory)
            for (const picture of pictures) replies.addPicture(picture, pictureTooLarge)
          },
        })
        const kept = keepLongest(keepLongest(answer, said), preview?.text.seen() ?? '')
        if (answer.kind !== 'failed' || kept.kind !== 'failed') return kept
        const hasBegun = answer.partial !== '' && answer.partial !== said
        said = kept.partial
        return routeNow().failed({ code: kept.code, hasBegun })
          ? { ...kept, retryable: true, retryAfterMs: 0 }
          : kept
      } finally {
        release()
        stopTyping()
        await preview?.text.end()
        const seenNow = preview?.text.seen()
        isInMessages ||= preview?.mode === 'edit' && seenNow !== undefined
        seen = seenNow ?? seen
      }
    },
    async window() {
      const models = modelsNow()
      // A fallback that counts otherwise, and has a small window, is asked again with fewer messages.
      const [{ promptTokens, contextTokens }, weights] = await Promise.all([
        windowOf(parts.model, models),
        parts.model.learning.weights(models.model),
      ])
      return {
        weights,
        ...(promptTokens !== undefined && { promptTokens }),
        ...(contextTokens !== undefined && { contextTokens }),
      }
    },
    sumUp(wished) {
      const { language = languageOf(last?.from?.language_code) } = port.memory.settings
      wish = { ...wished, lane: turn.lane, payer, language }
    },
    pause(ms) {
      const paused = sleep(ms, signal)
      turn.restUntil(paused)
      return paused
    },
    declined: () => parts.model.spending.declined(turn.lane.botId, payer),
    usage: () => usageOf(parts.spend(turn.lane.botId), { ...payer, limits: spendLimits, isPrivate }),
    async forget(farewell) {
      await forgetChat(parts.forgetting, { turn, farewell, replyToMessageId: promptToReplyTo(last) })
      isErased = true
    },
    isAdministrator: async () => last?.from !== undefined && (await mayAdminister(parts, turn, last.from.id)),
  }
  return {
    port,
    stream: () => (isInMessages || (hasAsked && !replies.isEmpty()) ? stream : undefined),
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

/** Most waits are over at once: lending a slot for them would only let more turns in than there are slots. */
const REST_AFTER_MS = 250

function restIfLong(turn: Turn, wait: Promise<unknown>): void {
  const resting = setTimeout(() => turn.restUntil(wait), REST_AFTER_MS)
  const stop = () => clearTimeout(resting)
  wait.then(stop, stop)
}

function seenBefore({ state }: StreamView): string | undefined {
  return state && (JSON.parse(state.payload) as StreamState).markdown
}

/** In a group a reply shows whom it answers. */
export function promptToReplyTo(message: Message | undefined): number | undefined {
  return message && message.chat.type !== 'private' ? message.message_id : undefined
}

function mayAdminister(parts: TurnPortParts, turn: Turn, userId: number): Promise<boolean> {
  return parts.administrators.includes(turn.lane.botId, turn.lane.homeId, userId)
}
