/** Connects the dialogue's model port to OpenRouter: prompts out, answers and faults in, tokens and cost counted. */
import { createHash } from 'node:crypto'
import { type ModelAnswer, TREATMENTS } from '@chatlane/dialogue'
import { type LaneName, laneText } from '@chatlane/lanes'
import type { AnswerRequest, MadePicture, ModelCatalogue, OpenRouter } from '@chatlane/openrouter'
import type { Log, Tally } from '@chatlane/runtime'
import { learnFrom, type PromptLearning } from './learn-tokens.ts'
import { type SharedWindow, shareWindow } from './model-window.ts'
import type { Spending } from './spending.ts'

/** What asking needs. */
export interface ModelParts {
  openRouter: OpenRouter
  catalogue: ModelCatalogue
  learning: PromptLearning
  spending: Spending
  tally: Tally
  log: Log
}

/** The process is stopping, or the turn is another's by now: it is handed back. */
export class StoppingError extends Error {
  readonly code = 'STOPPING'

  constructor() {
    super('the worker is stopping, or the turn was taken over')
    this.name = 'StoppingError'
  }
}

/** A question to the model. */
export interface Asked extends Pick<AnswerRequest, 'messages' | 'modalities' | 'pdfEngine'> {
  lane: LaneName
  userId: string
  /** What the request is made for, too: further tries of one question have it in common. */
  questionId: string
  /** Of the prompt, estimated. */
  promptTokens: number
  /** Of that its pictures, before anything is known of the model. */
  pictureTokens: number
  model: string
  fallbackModels: readonly string[]
  /** What the turn has said already, in an earlier try or by another worker: it is gone on with where the model can. */
  said: string
  /** Nobody waits for its first word. */
  isBackground?: true
  signal: AbortSignal
  /** The update that asked the turn to stop, once one did. */
  stoppedBy(): number | undefined
  /** Told when nothing can be done before `wait` settles. */
  onWait(wait: Promise<unknown>): void
  /** Told for each piece of the answer. */
  onText(textSoFar: string): void
  /** Told of the pictures of a whole answer. */
  onPictures(pictures: readonly MadePicture[]): void
}

/** Asks the model for the lane. Throws a StoppingError when `signal` aborts for another reason than a stop. */
export async function askModel(parts: ModelParts, asked: Asked): Promise<ModelAnswer> {
  const { lane, model, fallbackModels, messages, modalities, pdfEngine, signal, onText } = asked
  const labels = { bot: lane.botId, model }
  const { replyTokens } = await windowOf(parts, asked)
  const { userId, questionId, promptTokens } = asked
  const purchase = {
    ...{ botId: lane.botId, userId, chatId: lane.homeId, questionId, promptTokens, replyTokens },
    models: [model, ...fallbackModels],
  }
  const outcome = await parts.spending.answer(purchase, (grant) =>
    parts.openRouter.answer(
      {
        model,
        fallbackModels,
        messages,
        ...(modalities && { modalities }),
        ...(pdfEngine && { pdfEngine }),
        said: asked.said,
        maxTokens: grant.replyTokens,
        user: hashed(`${lane.botId}:${userId}`),
        sessionId: hashed(laneText(lane)),
      },
      { signal, onWait: asked.onWait, onDelta: onText, onGeneration: grant.onGeneration },
    ),
  )
  if (outcome.kind === 'declined') return outcome
  if (outcome.kind === 'aborted') {
    const by = asked.stoppedBy()
    if (by === undefined) throw new StoppingError()
    return { kind: 'stopped', text: outcome.partial, by }
  }
  if (outcome.kind === 'answered') {
    learnFrom(parts.learning, asked, outcome)
    if (!asked.isBackground) {
      parts.tally.observeSeconds(
        'chatlane_time_to_first_token_seconds',
        { bot: lane.botId },
        outcome.firstTokenMs / 1000,
      )
    }
    const { text, pictures } = outcome
    if (pictures) asked.onPictures(pictures)
    return {
      kind: 'answered',
      text,
      ...(pictures && { pictures: pictures.length }),
      ...(outcome.finishReason === 'length' && { isCut: true }),
    }
  }
  const { code, retryable, retryAfterMs, status, detail, isHeld } = outcome.fault
  if (!isHeld) {
    parts.tally.count('chatlane_openrouter_faults_total', { ...labels, code })
    const level = TREATMENTS[code].isForOperator ? 'error' : 'warn'
    parts.log[level]({ lane: laneText(lane), code, status, detail }, 'OpenRouter did not answer')
  }
  return {
    kind: 'failed',
    code,
    retryable,
    partial: outcome.partial,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** The window of the models that may answer. */
export async function windowOf(
  { catalogue }: Pick<ModelParts, 'catalogue'>,
  { model, fallbackModels }: Pick<Asked, 'model' | 'fallbackModels'>,
): Promise<SharedWindow> {
  return shareWindow(await Promise.all([model, ...fallbackModels].map((id) => catalogue.find(id))))
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
