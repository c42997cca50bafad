/** Asks the model for one turn: which model, with which files, and what its readers see while it speaks. */
import {
  type AskModel,
  choicesOf,
  keepLongest,
  languageOf,
  type Memory,
  type ModelAnswer,
  type ModelWindow,
  type PromptMessage,
  promptTokensOf,
  type StreamingMode,
  stopData,
  streamingOf,
  type TextBook,
} from '@chatlane/dialogue'
import type { StreamView, Turn } from '@chatlane/lanes'
import type { StreamState } from '@chatlane/telegram'
import type { Message } from 'telegraf/types'
import type { BotAssistant } from './assistants.ts'
import { showDraft } from './draft.ts'
import { requestTermsOf, sensesOf } from './files/model-senses.ts'
import { fillPrompt, type PromptFilesParts } from './files/prompt-files.ts'
import type { FileParts } from './files/turn-files.ts'
import { askModel, type ModelParts, windowOf } from './model.ts'
import { createModelRoute, type ModelRoute } from './model-route.ts'
import { type Preview, type PreviewParts, showPreview } from './preview.ts'
import { promptToReplyTo, type Replies } from './replies.ts'
import type { Payer } from './spending.ts'
import { type SignParts, showTyping } from './typing.ts'

/** What asking for turns needs. */
export interface TurnModelParts {
  model: ModelParts
  previews: PreviewParts
  /** Typing and drafts. */
  signs: SignParts
  texts: TextBook
  files: FileParts & PromptFilesParts
  /** Whether a model goes on with an answer that broke off. */
  canContinue(model: string): boolean
}

/** The turn that it is asked for. */
export interface AskingTurn {
  turn: Turn
  assistant: Pick<BotAssistant, 'streaming' | 'model' | 'fallbackModels'>
  memory(): Memory
  /** Its newest message. */
  last: Message | undefined
  isPrivate: boolean
  /** Whether it answers an edited question anew. */
  isOfEdit: boolean
  payer: Payer
  replies: Replies
  /** The name of the stream that shows its answer. */
  stream: string
  /** What it shows already, where it was begun before. */
  view: StreamView
  /** Of the turn's end, and of whoever asks it to stop. */
  signal: AbortSignal
  /** Of the turn's end alone. */
  givenUp: AbortSignal
  /** Looks whether somebody has asked the turn to stop. */
  look(): Promise<void>
  /** The update that asked it to stop, once one did. */
  stoppedBy(): number | undefined
  /** To be called where the turn turns out to be another worker's. */
  onStale(): void
}

/** The model of one turn. */
export interface TurnModel {
  ask: AskModel
  window(): Promise<ModelWindow>
  /** The chat's own where it has chosen one, else the bot's. */
  answering(): string
  /** Whether what it said stands in messages of the chat. */
  isInMessages(): boolean
  /** Whether it was asked. */
  hasAsked(): boolean
}

/** Opens the model of a turn. */
export function openTurnModel(parts: TurnModelParts, asking: AskingTurn): TurnModel {
  const { turn, view, replies, signal } = asking
  let route: ModelRoute | undefined
  /** Chosen with the first question: what fails is tried with the next model. */
  const routeNow = () => {
    const { model: first, fallbackModels: others } = modelsOf(asking)
    route ??= createModelRoute({ models: [first, ...others], canContinue: parts.canContinue })
    return route
  }
  let seen = seenBefore(view)
  let said = seen ?? ''
  let hasAsked = false
  // What stands there of an answer that has ended stays, where an edit of its question comes to nothing.
  let isInMessages = seen !== undefined || (!asking.isOfEdit && (view.record !== '' || view.isOff))

  const request = async (
    prompt: readonly PromptMessage[],
    shown: Shown | undefined,
  ): Promise<ModelAnswer> => {
    const { catalogue } = parts.files
    const models = routeNow().now()
    const senses = await sensesOf(catalogue, models.model)
    const filled = await fillPrompt(parts.files, {
      ...{ botId: turn.lane.botId, messages: prompt, senses, signal: asking.givenUp },
    })
    try {
      return await askModel(parts.model, {
        lane: turn.lane,
        ...asking.payer,
        promptTokens: promptTokensOf(prompt, await parts.model.learning.weights(models.model)),
        ...models,
        messages: filled.messages,
        pictureTokens: filled.pictureTokens,
        ...(await requestTermsOf(catalogue, { model: models.model, hasPdf: filled.hasPdf })),
        ...{ said, signal, stoppedBy: asking.stoppedBy },
        onWait: (wait) => restIfLong(turn, wait),
        onText: (textSoFar) => shown?.text.update(textSoFar),
        onPictures: (pictures) => {
          const { pictureTooLarge } = parts.texts.of(asking.memory())
          for (const picture of pictures) replies.addPicture(picture, pictureTooLarge)
        },
      })
    } finally {
      filled.release()
    }
  }
  return {
    async ask(prompt) {
      hasAsked = true
      await asking.look()
      const shown = show(parts, asking, seen)
      const stopTyping = showTyping(parts.signs, turn.lane)
      try {
        const answer = await request(prompt, shown)
        const kept = keepLongest(keepLongest(answer, said), shown?.text.seen() ?? '')
        if (answer.kind !== 'failed' || kept.kind !== 'failed') return kept
        const hasBegun = answer.partial !== '' && answer.partial !== said
        said = kept.partial
        const hasNext = routeNow().failed({ code: kept.code, hasBegun })
        return hasNext ? { ...kept, retryable: true, retryAfterMs: 0 } : kept
      } finally {
        stopTyping()
        await shown?.text.end()
        const seenNow = shown?.text.seen()
        isInMessages ||= shown?.mode === 'edit' && seenNow !== undefined
        seen = seenNow ?? seen
      }
    },
    async window() {
      const models = modelsOf(asking)
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
    answering: () => modelsOf(asking).model,
    isInMessages: () => isInMessages,
    hasAsked: () => hasAsked,
  }
}

/** The chat's own model where it has chosen one, which the dialogue has seen to that it is still offered; then the others. */
function modelsOf({ assistant, memory }: AskingTurn): { model: string; fallbackModels: readonly string[] } {
  const { model, fallbackModels } = assistant
  const answering = choicesOf(memory()).model ?? model
  if (answering === model) return { model, fallbackModels }
  const others = [...fallbackModels, model].filter((id) => id !== answering)
  return { model: answering, fallbackModels: [...new Set(others)] }
}

interface Shown {
  mode: StreamingMode
  text: Preview
}

/** Shows the answer as it grows, in the chat's way. `after`: what its readers have seen of it. */
function show(parts: TurnModelParts, asking: AskingTurn, after: string | undefined): Shown | undefined {
  const { turn, stream, last, isPrivate, assistant } = asking
  const memory = asking.memory()
  const mode = streamingOf({ chosen: choicesOf(memory).streaming, standard: assistant.streaming, isPrivate })
  if (mode === 'off') return undefined
  if (mode === 'draft') return { mode, text: showDraft(parts.signs, { lane: turn.lane, stream, after }) }
  const language = memory.settings.language ?? languageOf(last?.from?.language_code)
  const text = showPreview(parts.previews, {
    ...{ turn, stream, after, onStale: asking.onStale },
    keyboard: [[{ text: parts.texts.in(language).stopButton, callbackData: stopData(stream) }]],
    replyToMessageId: promptToReplyTo(last),
  })
  return { mode, text }
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
