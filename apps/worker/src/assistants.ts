/** The assistant of each bot, as the bot's settings have it. */
import type { SpendLimits } from '@chatlane/chats'
import { createAssistant, type StreamingMode, type TextBook, type TurnContext } from '@chatlane/dialogue'
import type { ModelCatalogue } from '@chatlane/openrouter'
import { Composer } from 'telegraf'
import { UnknownBotError } from './bots.ts'
import type { BotConfig } from './config.ts'
import { offerModels } from './offer-models.ts'

/** One bot's assistant. */
export interface BotAssistant {
  isOn: boolean
  /** Answers a turn; with `ASSISTANT=off` it answers none. */
  middleware: Composer<TurnContext>
  /** How replies are shown where a chat has chosen nothing. */
  streaming: StreamingMode
  model: string
  /** Tried after the model, in this order. */
  fallbackModels: readonly string[]
  /** Sums up what has no room any more; `fallbackModels` are tried after it. Undefined: nothing is summed up. */
  summing: { model: string; fallbackModels: readonly string[] } | undefined
  /** Writes down what is spoken; undefined: nothing is written down. */
  transcriptionModel: string | undefined
  spendLimits: SpendLimits
}

/** Assistants by the bots' ids. Throws an UnknownBotError for a bot that is not this worker's. */
export type Assistants = (botId: string) => BotAssistant

/** The assistants of the bots in `bots`. */
export function createAssistants(options: {
  bots: ReadonlyMap<string, BotConfig>
  texts: TextBook
  catalogue: Pick<ModelCatalogue, 'all'>
  contextTtlSeconds: number
}): Assistants {
  const { texts, contextTtlSeconds } = options
  const all = new Map(
    Array.from(options.bots, ([botId, settings]): [string, BotAssistant] => {
      const { isAssistantOn, streaming, model, fallbackModels, transcriptionModel, spendLimits } = settings
      const summing = summingOf(settings)
      const models = offerModels(options.catalogue, { patterns: settings.offeredModels, standard: model })
      return [
        botId,
        {
          isOn: isAssistantOn,
          middleware: isAssistantOn
            ? createAssistant({
                ...settings,
                ...{ models, texts, contextTtlSeconds },
                isSummedUp: summing !== undefined,
              })
            : new Composer<TurnContext>(),
          ...{ streaming, model, fallbackModels, summing, transcriptionModel, spendLimits },
        },
      ]
    }),
  )
  return (botId) => {
    const found = all.get(botId)
    if (!found) throw new UnknownBotError(`no token for the bot ${botId}`)
    return found
  }
}

/** The bot's own models, unless the operator has named one for it: that one alone knows what it may cost. */
function summingOf({ summaryModel, model, fallbackModels }: BotConfig): BotAssistant['summing'] {
  if (summaryModel === 'off') return undefined
  return summaryModel === undefined ? { model, fallbackModels } : { model: summaryModel, fallbackModels: [] }
}
