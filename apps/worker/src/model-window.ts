/** How a model's window is shared between the prompt and the answer. */
import type { Model } from '@chatlane/openrouter'

/** What fits into each, in tokens. */
export interface SharedWindow {
  /** The longest answer. Always asked for: without it OpenRouter reserves credits for the model's whole window. */
  replyTokens: number
  /** The longest prompt; undefined where the model is not known. */
  promptTokens: number | undefined
  /** Prompt and answer together; undefined where the model is not known. */
  contextTokens: number | undefined
}

/** The longest answer, where the model's window allows it. */
const REPLY_MAX_TOKENS = 4096
/** Prompts are measured by an estimate: so much of the window is left for its error. */
const SPARE_SHARE = 0.05

/** The window that all of `models` have: OpenRouter may answer with any of them. Unknown ones are left out. */
export function shareWindow(models: readonly (Model | undefined)[]): SharedWindow {
  const known = models.filter((model) => model !== undefined)
  if (known.length === 0)
    return { replyTokens: REPLY_MAX_TOKENS, promptTokens: undefined, contextTokens: undefined }
  const contextLength = Math.min(...known.map((model) => model.contextLength))
  const longest = known.map(({ maxCompletionTokens }) => maxCompletionTokens ?? REPLY_MAX_TOKENS)
  // A small window is halved: an answer needs room as much as its question does.
  const replyTokens = Math.max(1, Math.min(REPLY_MAX_TOKENS, ...longest, Math.floor(contextLength / 2)))
  const promptTokens = Math.floor((contextLength - replyTokens) * (1 - SPARE_SHARE))
  return { replyTokens, promptTokens, contextTokens: contextLength }
}
